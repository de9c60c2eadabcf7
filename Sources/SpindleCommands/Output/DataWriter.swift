import LinuxCalls

/// Writes much data on the standard output, a piece at a time.
struct DataWriter: ~Copyable {
    /// Bytes that are gathered before they are written.
    private static let pieceLength = 1 << 16

    private var text = ""
    /// Whether the output still takes what is written.
    private(set) var isOpen = true

    /// Adds text, and a line's end.
    mutating func line(_ line: String) {
        text += line
        text += "\n"
        if text.utf8.count >= Self.pieceLength { flush() }
    }

    /// Writes what is left.
    mutating func flush() {
        if isOpen, !text.isEmpty { isOpen = Terminal.write(text, to: .output) }
        text = ""
    }
}
