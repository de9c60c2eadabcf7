/// Which file a path leads to, whatever it is called there.
public struct FileIdentity: Hashable, Sendable {
    /// The file system's number.
    public var device: UInt64
    /// The file's number in it.
    public var number: UInt64
}
