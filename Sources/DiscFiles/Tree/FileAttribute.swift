/// A value that a file has under a name, besides its bytes: an extended attribute.
///
/// POSIX's access control lists are attributes here as Linux has them: `system.posix_acl_access` and
/// `system.posix_acl_default`, of entries with tags, permissions and numbers (``AccessControlList``).
public struct FileAttribute: Hashable, Sendable {
    /// Its name, with its namespace as Linux has them: `user.note`.
    public var name: String
    /// Its value.
    public var value: [UInt8]

    /// The bytes that the attributes of one file may have, names and values together.
    package static let mostBytes = 1 << 20
    /// The bytes that the attributes of all files of one directory may have.
    static let mostBytesListed = 1 << 26

    /// Creates one.
    public init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }

    /// Whether it is a list of who may do what.
    public var isAccessControl: Bool { AccessControlList.names.contains(name) }
}

/// A further run of bytes that a file has under a name.
public struct FileStream: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its bytes.
    public var size: Int
    /// Where they are.
    public var extents: [FileExtent]

    /// Creates one.
    public init(name: String, size: Int, extents: [FileExtent]) {
        self.name = name
        self.size = size
        self.extents = extents
    }
}
