import Glibc
public import SystemPackage

/// What a file system keeps of a file besides its name and its bytes.
public struct FileAttributes: Hashable, Sendable {
    /// The POSIX mode: the type of file and its permissions.
    public var mode: UInt32
    /// The owner's number.
    public var userID: UInt32
    /// The group's number.
    public var groupID: UInt32
    /// The size in bytes.
    public var size: Int
    /// How many names the file has.
    public var linkCount: Int
    /// Which file it is.
    public var identity: FileIdentity
    /// When its content last changed: seconds and nanoseconds since 1970.
    public var modified: (seconds: Int, nanoseconds: Int) {
        (modifiedSeconds, modifiedNanoseconds)
    }
    /// When it was last read: seconds and nanoseconds since 1970.
    public var accessed: (seconds: Int, nanoseconds: Int) {
        (accessedSeconds, accessedNanoseconds)
    }

    private var modifiedSeconds: Int
    private var modifiedNanoseconds: Int
    private var accessedSeconds: Int
    private var accessedNanoseconds: Int

    /// Whether it is a directory.
    public var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    /// Whether it is a file of bytes.
    public var isRegular: Bool { mode & S_IFMT == S_IFREG }
    /// Whether it is a symbolic link.
    public var isSymlink: Bool { mode & S_IFMT == S_IFLNK }

    init(_ status: stat) {
        mode = status.st_mode
        userID = status.st_uid
        groupID = status.st_gid
        size = Int(status.st_size)
        linkCount = Int(clamping: status.st_nlink)
        identity = FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
        modifiedSeconds = status.st_mtim.tv_sec
        modifiedNanoseconds = status.st_mtim.tv_nsec
        accessedSeconds = status.st_atim.tv_sec
        accessedNanoseconds = status.st_atim.tv_nsec
    }
}

extension FileSystem {
    /// What the file system keeps of what a path names; a link in the path's last place is not followed.
    ///
    /// The corresponding C function is `lstat`.
    public static func attributes(_ path: FilePath) throws(SystemError) -> FileAttributes {
        var status = stat()
        let result = unsafe path.withPlatformString { unsafe lstat($0, &status) }
        guard result == 0 else { throw SystemError("lstat", path: path.string) }
        return FileAttributes(status)
    }

    /// The names in a directory as bytes, which need not be UTF-8, without `.` and `..`.
    ///
    /// The corresponding C function is `readdir`.
    ///
    /// - Throws: The system's error, also one that ends the list early.
    public static func byteNames(in directory: FilePath) throws(SystemError) -> [[UInt8]] {
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

    /// The bytes of a symbolic link's target; `nil` if the path is none.
    ///
    /// The corresponding C function is `readlink`.
    public static func linkTargetBytes(_ path: FilePath) -> [UInt8]? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe path.withPlatformString { unsafe readlink($0, &buffer, buffer.count) }
        return count > 0 ? buffer[..<count].map { UInt8(bitPattern: $0) } : nil
    }

    /// Whether this user may read a file.
    ///
    /// The corresponding C function is `access`.
    public static func isReadable(_ path: FilePath) -> Bool {
        unsafe path.withPlatformString { unsafe access($0, R_OK) == 0 }
    }
}

extension FileAttributes {
    /// The attributes of an open file.
    ///
    /// The corresponding C function is `fstat`.
    public init(of file: File) throws(SystemError) {
        var status = stat()
        guard unsafe fstat(file.descriptor, &status) == 0 else {
            throw SystemError("fstat", path: file.path.string)
        }
        self.init(status)
    }
}

extension FilePath {
    /// The bytes of the path's last name; `nil` if it has none, as `/` and `..` have none.
    public var lastNameBytes: [UInt8]? {
        guard let last = lastComponent, last.kind == .regular else { return nil }
        return unsafe last.withPlatformString { name in
            unsafe UnsafeBufferPointer(start: name, count: strlen(name)).map {
                UInt8(bitPattern: $0)
            }
        }
    }

    /// The path of an entry of this directory whose name is bytes, which need not be UTF-8.
    public func appending(bytes name: [UInt8]) -> FilePath {
        let own = unsafe withPlatformString { path in
            unsafe Array(UnsafeBufferPointer(start: path, count: strlen(path)))
        }
        return FilePath(bytes: own.map { UInt8(bitPattern: $0) } + [0x2F] + name)
    }
}
