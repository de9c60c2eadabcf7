import LinuxCalls
import SpindleJobs

/// Writes much data on the standard output, a piece at a time.
struct DataWriter: ~Copyable {
    /// Bytes that are gathered before they are written.
    private static let pieceLength = 1 << 16

    private var text = ""
    /// Why the output takes nothing any more, where that is so.
    private var error: SystemError?

    /// Whether the output still takes what is written.
    var isOpen: Bool { error == nil }

    /// Adds a line for a person.
    mutating func line(_ line: String) { add(ShownText.line(line)) }

    /// Adds a line of JSON.
    mutating func json(_ line: String) { add(ShownText.json(line)) }

    private mutating func add(_ line: String) {
        text += line
        text += "\n"
        if text.utf8.count >= Self.pieceLength { flush() }
    }

    /// Writes what is left.
    ///
    /// - Throws: ``Reports/Failure`` where the output did not take all of it.
    mutating func finish() throws(Failure) {
        flush()
        if let error { try Output.check(error) }
    }

    private mutating func flush() {
        if isOpen, !text.isEmpty { error = Terminal.write(text, to: .output) }
        text = ""
    }
}
