/// What an image's trees say of a node besides its name and content.
public struct ISOAttributes: Hashable, Sendable {
    /// The lowest twelve bits of its mode.
    public var permissions: UInt32
    /// The owner's number.
    public var userID: UInt32
    /// The group's number.
    public var groupID: UInt32
    /// When its content changed last, in seconds since 1970.
    public var modified: Int
    /// When it was read last, in seconds since 1970.
    public var accessed: Int
    /// When what is known of it changed last, in seconds since 1970.
    public var changed: Int

    /// Creates attributes whose times are all the same.
    public init(permissions: UInt32, userID: UInt32 = 0, groupID: UInt32 = 0, time: Int) {
        self.permissions = permissions
        self.userID = userID
        self.groupID = groupID
        modified = time
        accessed = time
        changed = time
    }
}
