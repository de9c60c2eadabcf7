/// How a file system is mounted.
public struct MountOptions: Hashable, Sendable {
    /// What the system's list of mounts names as its source, as `PathText`.
    public var source: String
    /// Whether other users may look at it.
    public var allowsOthers: Bool
    /// Whether it can be written to.
    public var isWritable: Bool

    /// Creates options.
    public init(source: String, allowsOthers: Bool = false, isWritable: Bool = false) {
        self.source = source
        self.allowsOthers = allowsOthers
        self.isWritable = isWritable
    }

    /// The type that the system's list of mounts shows.
    public static let type = "fuse.spindle"

    /// The options as libfuse takes them; a comma within a value has a backslash before it.
    var text: String {
        var name = ""
        for character in source.unicodeScalars {
            if character == "," || character == "\\" { name += "\\" }
            name.unicodeScalars.append(character)
        }
        return (isWritable ? "rw" : "ro")
            + ",nosuid,nodev,default_permissions,subtype=spindle,fsname=\(name)"
            + (allowsOthers ? ",allow_other" : "")
    }
}
