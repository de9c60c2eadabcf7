/// Something wrong with a device node, and not with the drive behind it.
///
/// A specification is `open` and settings, such as `open errno=EACCES`, or `stale-size`.
public enum NodeFault: Hashable, Sendable {
    /// Openings fail for want of a right: with EACCES.
    case open(Access)
    /// The size of a disc stays what it was until the disc is changed or loaded again.
    case staleSize

    /// Which openings fail.
    public enum Access: String, Hashable, Sendable, CaseIterable {
        /// All of them.
        case any
        /// Those for writing.
        case write
    }

    /// Reads a specification.
    ///
    /// - Returns: `nil` if it is not about a node.
    /// - Throws: ``NodeFaultError`` with one sentence that quotes what is wrong.
    public init?(parsing text: String) throws(NodeFaultError) {
        let words = text.split(whereSeparator: \.isWhitespace)
        if words.first == "stale-size" {
            guard words.count == 1 else { throw NodeFaultError(text, "“\(words[1])” is not known") }
            self = .staleSize
            return
        }
        guard words.first == "open" else { return nil }
        var access = Access.any
        var hasError = false
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw NodeFaultError(text, "“\(word)” is not a setting") }
            switch parts[0] {
            case "errno":
                guard parts[1] == "EACCES" else {
                    throw NodeFaultError(text, "“\(parts[1])” is not EACCES")
                }
                hasError = true
            case "access":
                guard let parsed = Access(rawValue: String(parts[1])) else {
                    throw NodeFaultError(text, "“\(parts[1])” is neither “any” nor “write”")
                }
                access = parsed
            default:
                throw NodeFaultError(text, "“\(parts[0])” is not known")
            }
        }
        guard hasError else { throw NodeFaultError(text, "it names no error with “errno=”") }
        self = .open(access)
    }
}

extension DriveNode.Options {
    /// Makes the node have a fault.
    public mutating func add(_ fault: NodeFault) {
        switch fault {
        case .open(.any): isClosedToAll = true
        case .open(.write): isReadOnly = true
        case .staleSize: keepsSize = true
        }
    }
}
