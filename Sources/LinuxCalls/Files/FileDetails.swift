internal import CLinux
import Glibc
public import SystemPackage

/// What the system knows of a file, a directory, a link or a device.
public struct FileDetails: Hashable, Sendable {
    /// What it is.
    public enum Kind: Sendable {
        case file, directory, link, blockDevice, characterDevice, fifo, socket
    }

    /// A moment, in seconds since 1970 and what goes beyond the second.
    public struct Time: Hashable, Sendable {
        /// Seconds since 1970-01-01 00:00 UTC.
        public var seconds: Int
        /// Nanoseconds of the second.
        public var nanoseconds: Int

        /// Creates a moment.
        public init(seconds: Int, nanoseconds: Int = 0) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }
    }

    /// What it is.
    public var kind: Kind
    /// Which one it is.
    public var identity: FileIdentity
    /// The lowest twelve bits of its mode.
    public var permissions: UInt32
    /// The owner's number.
    public var userID: UInt32
    /// The group's number.
    public var groupID: UInt32
    /// How many names lead to it.
    public var linkCount: Int
    /// The bytes of a file.
    public var size: Int
    /// The number of a device, as the system has it.
    public var device: UInt64
    /// When its content changed last.
    public var modified: Time
    /// When it was read last.
    public var accessed: Time
    /// When its content or what is known of it changed last.
    public var changed: Time

    private init?(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .link
        case S_IFBLK: kind = .blockDevice
        case S_IFCHR: kind = .characterDevice
        case S_IFIFO: kind = .fifo
        case S_IFSOCK: kind = .socket
        default: return nil
        }
        identity = FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
        permissions = status.st_mode & 0o7777
        userID = status.st_uid
        groupID = status.st_gid
        linkCount = Int(clamping: status.st_nlink)
        size = Int(status.st_size)
        device = UInt64(status.st_rdev)
        modified = Time(status.st_mtim)
        accessed = Time(status.st_atim)
        changed = Time(status.st_ctim)
    }

    /// Looks at what a path names.
    ///
    /// The corresponding C functions are `stat` and `lstat`.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - followsLinks: Whether a link in the path's last place is followed.
    /// - Throws: The system's error, such as `ENOENT`.
    public init(_ path: FilePath, followsLinks: Bool) throws(SystemError) {
        var status = stat()
        let result = unsafe path.withPlatformString {
            followsLinks ? unsafe stat($0, &status) : unsafe lstat($0, &status)
        }
        guard result == 0 else { throw SystemError("lstat", path: path.string) }
        guard let details = FileDetails(status) else {
            throw SystemError(errno: EINVAL, call: "lstat", path: path.string)
        }
        self = details
    }

    /// Looks at an open file.
    ///
    /// The corresponding C function is `fstat`.
    ///
    /// - Throws: The system's error.
    public init(_ file: File) throws(SystemError) {
        var status = stat()
        guard unsafe fstat(file.descriptor, &status) == 0 else {
            throw SystemError("fstat", path: file.path.string)
        }
        guard let details = FileDetails(status) else {
            throw SystemError(errno: EINVAL, call: "fstat", path: file.path.string)
        }
        self = details
    }

    /// Whether it is the same file with the same content as far as size and times tell.
    public func hasSameContent(as other: FileDetails) -> Bool {
        identity == other.identity && size == other.size && modified == other.modified
    }
}

extension FileDetails.Time {
    fileprivate init(_ time: timespec) {
        self.init(seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec))
    }

    /// Now.
    ///
    /// The corresponding C function is `clock_gettime` with `CLOCK_REALTIME`.
    public static var now: FileDetails.Time {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return FileDetails.Time(now)
    }
}

extension FileSystem {
    /// The names in a directory as the bytes that they are, without `.` and `..`.
    ///
    /// The corresponding C function is `readdir`.
    ///
    /// - Throws: The system's error, also where it can't be read to its end.
    public static func nameBytes(in directory: FilePath) throws(SystemError) -> [[UInt8]] {
        guard let stream = unsafe directory.withPlatformString({ unsafe opendir($0) }) else {
            throw SystemError("opendir", path: directory.string)
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else { break }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe Array(bytes.prefix { $0 != 0 })
            }
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
        }
        guard errno == 0 else { throw SystemError("readdir", path: directory.string) }
        return names
    }

    /// Where a symbolic link leads, as the bytes that it holds.
    ///
    /// The corresponding C function is `readlink`.
    ///
    /// - Throws: The system's error, such as `EINVAL` if the path names no link.
    public static func linkTargetBytes(_ path: FilePath) throws(SystemError) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe path.withPlatformString {
            unsafe readlink($0, &buffer, buffer.count)
        }
        guard count >= 0 else { throw SystemError("readlink", path: path.string) }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }
}

/// A pattern for names, as shells have them: `*`, `?` and `[…]`.
public struct NamePattern: Hashable, Sendable {
    private let pattern: [CChar]

    /// Takes a pattern.
    public init(_ pattern: String) { self.pattern = Array(pattern.utf8CString) }

    /// Whether a name, or a path, is of the pattern; a `*` may stand for slashes, too.
    ///
    /// The corresponding C function is `fnmatch`.
    public func matches(_ name: [UInt8]) -> Bool {
        let name = name.map { CChar(bitPattern: $0) } + [0]
        return unsafe fnmatch(pattern, name, 0) == 0
    }
}
