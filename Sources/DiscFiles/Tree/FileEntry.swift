/// A file, a directory or something else that a disc's file system names.
public struct FileEntry: Hashable, Sendable {
    /// Its name: never empty, `.` or `..`, and without slashes and zeros.
    ///
    /// It may hold other control characters.
    public var name: String
    /// What it is.
    public var kind: FileKind
    /// The bytes of a file; of anything else 0.
    public var size: Int
    /// Where its bytes are, in order; of a directory where its records are, as far as the file
    /// system keeps them so.
    public var extents: [FileExtent]
    /// Tells a directory from every other one of the tree.
    public var identity: UInt64
    /// Tells a file from every other one, where the file system numbers files: entries with one number are
    /// names of one file.
    public var number: UInt64?
    /// How many names the file system says that a file has, where it says so.
    public var linkCount: Int?
    /// When its bytes were changed last.
    public var modified: FileTime?
    /// When it was read last.
    public var accessed: FileTime?
    /// When it was made.
    public var created: FileTime?
    /// The POSIX mode with the type, where the file system keeps permissions.
    public var mode: UInt32?
    /// The owner's number, where the file system keeps one.
    public var userID: UInt32?
    /// The group's number, where the file system keeps one.
    public var groupID: UInt32?
    /// Where a symlink leads.
    public var target: String?
    /// The numbers of a device.
    public var device: (major: UInt32, minor: UInt32)? {
        get { deviceNumbers.map { ($0[0], $0[1]) } }
        set { deviceNumbers = newValue.map { [$0.major, $0.minor] } }
    }
    /// The bytes of a Mac file's resource fork.
    public var resourceForkSize: Int?
    /// Where the resource fork's bytes are.
    public var resourceForkExtents: [FileExtent] = []
    /// Further runs of bytes that it has under names: UDF's named streams.
    public var streams: [FileStream] = []
    /// Values that it has under names: extended attributes, and access control lists.
    public var attributes: [FileAttribute] = []
    /// Whether the file system says that there is more of it, and not where.
    public var isCut = false
    /// Whether the file system wants it kept from users' eyes.
    public var isHidden = false
    /// How the bytes in ``extents`` are packed, where ``size`` counts them unpacked: `zisofs`.
    public var compression: String?
    private var deviceNumbers: [UInt32]?

    /// Creates an entry.
    public init(
        name: String,
        kind: FileKind,
        size: Int = 0,
        extents: [FileExtent] = [],
        identity: UInt64 = 0
    ) {
        self.name = name
        self.kind = kind
        self.size = size
        self.extents = extents
        self.identity = identity
    }

    /// The bytes of a file of which the disc says where they are; of a packed one those that it has unpacked.
    public var foundByteCount: Int {
        guard compression == nil else { return max(0, size) }
        return extents.reduce(0) { sum, extent in
            let (total, overflow) = sum.addingReportingOverflow(max(0, extent.length))
            return min(max(0, size), overflow ? .max : total)
        }
    }

    /// The permissions as `ls` shows them; question marks where the file system keeps none.
    public var modeText: String {
        let letters: [FileKind: String] = [
            .file: "-", .directory: "d", .symlink: "l", .blockDevice: "b", .characterDevice: "c",
            .fifo: "p", .socket: "s",
        ]
        let type = letters[kind] ?? "?"
        guard let mode else { return type + "?????????" }
        var text = type
        // Set user, set group and sticky take the place of the three execute letters.
        let special: [(bit: UInt32, on: String, alone: String)] = [
            (0o4000, "s", "S"), (0o2000, "s", "S"), (0o1000, "t", "T"),
        ]
        for (index, special) in special.enumerated() {
            let bits = mode >> UInt32(6 - index * 3) & 7
            text += bits & 4 != 0 ? "r" : "-"
            text += bits & 2 != 0 ? "w" : "-"
            let runs = bits & 1 != 0
            text += mode & special.bit != 0 ? (runs ? special.on : special.alone) : runs ? "x" : "-"
        }
        return text
    }
}
