/// Something about one path that two trees of files have differently.
public struct TreeDifference: Codable, Hashable, Sendable {
    /// What of a file or directory is compared.
    public enum Subject: String, Codable, CaseIterable, Sendable {
        /// Whether it is there.
        case presence
        /// Whether it is a file, a directory, a link or a device.
        case kind
        /// How many bytes it has.
        case size
        /// Its bytes.
        case content
        /// Where a link leads.
        case target
        /// The numbers of a device.
        case device
        /// The twelve bits of its mode.
        case permissions
        /// The numbers of its owner and its group.
        case owner
        /// When it was modified, in whole seconds.
        case time
        /// Its extended attributes and access control lists.
        case attributes
        /// Its named streams and its resource fork, which are not compared.
        case streams

        /// What may be left out of a comparison: all else is the files themselves.
        public static let ignorable: [Subject] = [.permissions, .owner, .time, .attributes]
    }

    /// The path, from the root on.
    public var path: String
    /// What differs.
    public var subject: Subject
    /// What the first tree has.
    public var first: String
    /// What the second tree has.
    public var second: String

    /// Creates a difference.
    public init(path: String, _ subject: Subject, _ first: String, _ second: String) {
        self.path = path
        self.subject = subject
        self.first = first
        self.second = second
    }
}
