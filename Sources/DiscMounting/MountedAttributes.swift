import DiscFiles

/// Whose the files of a mounted disc are, and what may be done with them.
public struct MountedAttributes: Hashable, Sendable {
    /// The owner of all files; `nil` for the one that the disc names.
    public var owner: UInt32?
    /// The group of all files; `nil` for the one that the disc names.
    public var group: UInt32?
    /// The permissions that nobody has, in place of those that the disc gives; `nil` for those of the disc.
    public var mask: UInt32?
    /// The owner and the group of files of which the disc names none.
    public var user: (owner: UInt32, group: UInt32) {
        get { (userNumbers[0], userNumbers[1]) }
        set { userNumbers = [newValue.owner, newValue.group] }
    }
    private var userNumbers: [UInt32]

    /// Creates attributes: as the disc has them.
    ///
    /// - Parameter user: The owner and the group of files of which the disc names none.
    public init(user: (owner: UInt32, group: UInt32)) {
        userNumbers = [user.owner, user.group]
    }

    /// Permissions of a file whose disc knows none, as the extraction gives them.
    private static func usual(_ kind: FileKind) -> UInt32 {
        switch kind {
        case .directory: 0o755
        case .symlink: 0o777
        default: 0o644
        }
    }

    /// The type bits of a kind (`S_IFMT` of <sys/stat.h>).
    private static func type(_ kind: FileKind) -> UInt32 {
        switch kind {
        case .file: 0o100000
        case .directory: 0o040000
        case .symlink: 0o120000
        case .blockDevice: 0o060000
        case .characterDevice: 0o020000
        case .fifo: 0o010000
        case .socket: 0o140000
        }
    }

    /// A file's type and permissions.
    func mode(_ kind: FileKind, recorded: UInt32?) -> UInt32 {
        var rights = recorded.map { $0 & 0o7777 } ?? Self.usual(kind)
        if let mask, kind != .symlink {
            // What can be run stays so, and directories can be entered.
            let canRun = kind == .directory || rights & 0o111 != 0
            rights = (canRun ? 0o777 : 0o666) & ~mask
        }
        return Self.type(kind) | rights
    }
}
