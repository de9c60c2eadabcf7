import LinuxCalls
import SpindleJobs

/// Writes much data on the standard output, a piece at a time.
struct DataWriter: ~Copyable {
    /// Bytes that are gathered before they are written.
    private static let pieceLength = 1 << 16

    private var bytes: [UInt8] = []
    /// Why the output takes nothing any more, where that is so.
    private var error: SystemError?

    /// Whether the output still takes what is written.
    var isOpen: Bool { error == nil }

    /// Adds a line for a person.
    mutating func line(_ line: String) { add(Array(ShownText.line(line).utf8)) }

    /// Adds a line for a person or a program, which takes the names of files as they are, even if they are not UTF-8: only a
    /// terminal gets them escaped.
    mutating func line(named line: String) {
        guard PathText.hasBytes(line), !Terminal.isTerminal(.output) else { return self.line(line) }
        add(PathText.bytes(of: ShownText.line(line, keepsBytes: true)))
    }

    /// Adds a line of JSON.
    mutating func json(_ line: String) { add(Array(ShownText.json(line).utf8)) }

    private mutating func add(_ line: [UInt8]) {
        bytes += line
        bytes.append(0x0A)
        if bytes.count >= Self.pieceLength { flush() }
    }

    /// Writes what is left.
    ///
    /// - Throws: ``Reports/Failure`` where the output did not take all of it.
    mutating func finish() throws(Failure) {
        flush()
        if let error { try Output.check(error) }
    }

    /// Writes what was gathered.
    mutating func flush() {
        if isOpen, !bytes.isEmpty { error = Terminal.write(bytes, to: .output) }
        bytes = []
    }
}
