public import LinuxCalls

/// What `stat` tells of a file.
public struct FileAttributes: Sendable {
    /// A time since 1970, as the file system keeps it.
    public struct Moment: Hashable, Sendable, Comparable {
        /// Whole seconds.
        public var seconds: Int
        /// What goes beyond them, below a milliard.
        public var nanoseconds: Int

        /// Creates a time.
        public init(seconds: Int = 0, nanoseconds: Int = 0) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        /// Takes a time as the system's calls have it.
        public init(_ time: FileDetails.Time) {
            self.init(seconds: time.seconds, nanoseconds: time.nanoseconds)
        }

        /// Now.
        public static var now: Moment { Moment(.now) }

        /// The time as the system's calls have it.
        public var time: FileDetails.Time {
            FileDetails.Time(seconds: seconds, nanoseconds: nanoseconds)
        }

        /// Whether a time is before another one.
        public static func < (a: Moment, b: Moment) -> Bool {
            (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
        }
    }

    /// The file's number; 1 for the root directory.
    public var inode: UInt64
    /// Type and permissions, as POSIX has them.
    public var mode: UInt32
    /// How many names it has.
    public var links: UInt32
    /// The owner's number.
    public var owner: UInt32
    /// The group's number.
    public var group: UInt32
    /// Its size in bytes.
    public var size: Int
    /// The bytes that it takes on its storage; `nil` if that is its size.
    public var allocatedSize: Int?
    /// The device that it stands for: major and minor number.
    public var device: (major: UInt32, minor: UInt32)
    /// When its bytes changed last.
    public var modified: Moment
    /// When it was read last.
    public var accessed: Moment
    /// When anything of it changed last.
    public var changed: Moment

    /// Creates attributes.
    public init(inode: UInt64, mode: UInt32, size: Int = 0) {
        self.inode = inode
        self.mode = mode
        self.size = size
        links = 1
        owner = 0
        group = 0
        device = (0, 0)
        modified = Moment()
        accessed = Moment()
        changed = Moment()
    }
}
