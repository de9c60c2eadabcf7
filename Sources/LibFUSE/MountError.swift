/// Why libfuse could not mount.
public struct MountError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What libfuse said, without its name; empty if it said nothing.
    public let description: String

    init(_ words: String) {
        var text = words
        while text.last?.isWhitespace == true || text.last == "." { text.removeLast() }
        description = text.hasPrefix("fuse: ") ? String(text.dropFirst(6)) : text
    }
}
