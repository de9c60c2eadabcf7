/// A file of a disc, sectors of which could not be read.
public struct DamagedFile: Codable, Hashable, Sendable {
    /// Its path on the disc.
    public var path: String
    /// Its size.
    public var bytes: Int
    /// How many of its sectors could not be read.
    public var unreadableSectors: Int

    /// Creates a file's damage.
    public init(path: String, bytes: Int, unreadableSectors: Int) {
        self.path = path
        self.bytes = bytes
        self.unreadableSectors = unreadableSectors
    }
}
