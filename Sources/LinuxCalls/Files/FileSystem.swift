internal import CLinux
import Glibc
public import SystemPackage

/// What is done to files by their names.
public enum FileSystem {
    /// What kind of file a path names, following links, and its size in bytes.
    ///
    /// The corresponding C function is `stat`.
    public static func status(_ path: FilePath) throws(SystemError) -> (kind: File.Kind, size: Int)
    {
        var status = stat()
        let result = unsafe path.withPlatformString { unsafe stat($0, &status) }
        guard result == 0 else { throw SystemError("stat", path: path.string) }
        return (File.Kind(mode: status.st_mode), Int(status.st_size))
    }

    /// Which file a path names.
    ///
    /// The corresponding C functions are `stat` and `lstat`.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - followsLinks: Whether a link in the path's last place is followed, or is the file meant.
    /// - Returns: `nil` if it names none.
    public static func identity(_ path: FilePath, followsLinks: Bool = true) -> FileIdentity? {
        var status = stat()
        let result = unsafe path.withPlatformString {
            followsLinks ? unsafe stat($0, &status) : unsafe lstat($0, &status)
        }
        guard result == 0 else { return nil }
        return FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    /// The bytes that a file takes on its file system, which for one with holes are less than its
    /// size.
    ///
    /// The corresponding C function is `stat`.
    public static func allocatedSize(_ path: FilePath) -> Int? {
        var status = stat()
        let result = unsafe path.withPlatformString { unsafe stat($0, &status) }
        // In blocks of 512 bytes, whatever the file system's own are.
        return result == 0 ? Int(status.st_blocks) * 512 : nil
    }

    /// Whether a path names a directory, and not a link to one, that belongs to this user.
    ///
    /// The corresponding C function is `lstat`.
    public static func isOwnDirectory(_ path: FilePath) -> Bool {
        var status = stat()
        let result = unsafe path.withPlatformString { unsafe lstat($0, &status) }
        return result == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
    }

    /// Whether a path names anything.
    public static func exists(_ path: FilePath) -> Bool {
        unsafe path.withPlatformString { unsafe access($0, F_OK) == 0 }
    }

    /// Whether this user may make files in a directory.
    ///
    /// The corresponding C function is `access`.
    public static func isWritable(_ directory: FilePath) -> Bool {
        unsafe directory.withPlatformString { unsafe access($0, W_OK | X_OK) == 0 }
    }

    /// A path from the root directory on; links stay as they are.
    ///
    /// The corresponding C function is `getcwd`.
    public static func absolute(_ path: FilePath) -> FilePath {
        guard path.isRelative else { return path }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard unsafe getcwd(&buffer, buffer.count) != nil else { return path }
        let end = buffer.firstIndex(of: 0) ?? buffer.endIndex
        let here = FilePath(bytes: buffer[..<end].map { UInt8(bitPattern: $0) })
        // Two dots are the system's to resolve, for what is before them may be a link.
        return here.pushing(path)
    }

    /// Makes the root directory the one that this process works in, so that it holds no other file system.
    ///
    /// The corresponding C function is `chdir`.
    public static func leaveDirectory() {
        _ = unsafe chdir("/")
    }

    /// Gives a file another name, in place of a file that has it.
    ///
    /// The corresponding C function is `rename`.
    public static func rename(_ old: FilePath, to new: FilePath) throws(SystemError) {
        let result = unsafe old.withPlatformString { old in
            unsafe new.withPlatformString { new in unsafe Glibc.rename(old, new) }
        }
        guard result == 0 else { throw SystemError("rename", path: new.string) }
    }

    /// Gives a file another name, which nothing may have yet.
    ///
    /// The corresponding C function is `renameat2` with `RENAME_NOREPLACE`; on file systems without
    /// it, `link` and `unlink`, and on those without links, `rename` after a look.
    ///
    /// - Throws: The system's error, such as `EEXIST`.
    public static func renameNew(_ old: FilePath, to new: FilePath) throws(SystemError) {
        let result = unsafe old.withPlatformString { old in
            unsafe new.withPlatformString { new in unsafe spindle_rename_no_replace(old, new) }
        }
        if result == 0 { return }
        guard unableToRename.contains(errno) else { throw SystemError("rename", path: new.string) }
        let linked = unsafe old.withPlatformString { old in
            unsafe new.withPlatformString { new in unsafe link(old, new) }
        }
        if linked == 0 { return try remove(old) }
        guard errno != EEXIST, entry(new) == nil else {
            throw SystemError(errno: EEXIST, call: "rename", path: new.string)
        }
        try rename(old, to: new)
    }

    /// What the system says if a file system can't do more than a plain `rename`.
    private static let unableToRename: Set<CInt> = [EINVAL, ENOSYS, EOPNOTSUPP]

    /// Exchanges the names of two files.
    ///
    /// The corresponding C function is `renameat2` with `RENAME_EXCHANGE`.
    ///
    /// - Returns: False if the file system can't do that.
    static func exchange(_ first: FilePath, _ second: FilePath) throws(SystemError) -> Bool {
        let result = unsafe first.withPlatformString { first in
            unsafe second.withPlatformString { second in
                unsafe spindle_rename_exchange(first, second)
            }
        }
        if result == 0 { return true }
        guard unableToRename.contains(errno) else {
            throw SystemError("rename", path: second.string)
        }
        return false
    }

    /// Makes a directory.
    ///
    /// The corresponding C function is `mkdir`.
    ///
    /// - Parameters:
    ///   - path: The directory.
    ///   - permissions: Its permissions, from which those of the process's mask are taken.
    /// - Throws: The system's error, such as `EEXIST`.
    public static func makeDirectory(_ path: FilePath, permissions: UInt32 = 0o777)
        throws(SystemError)
    {
        let result = unsafe path.withPlatformString { unsafe mkdir($0, permissions) }
        guard result == 0 else { throw SystemError("mkdir", path: path.string) }
    }

    /// What stands in a directory under a name; links are not followed.
    struct Entry {
        /// What kind it is; `nil` for a link.
        var kind: File.Kind?
        /// Which one it is.
        var identity: FileIdentity
        /// Its permissions.
        var permissions: mode_t
    }

    /// What stands in a directory under a name; `nil` if nothing does.
    ///
    /// The corresponding C function is `lstat`.
    static func entry(_ path: FilePath) -> Entry? {
        var status = stat()
        let result = unsafe path.withPlatformString { unsafe lstat($0, &status) }
        guard result == 0 else { return nil }
        return Entry(
            kind: status.st_mode & S_IFMT == S_IFLNK ? nil : File.Kind(mode: status.st_mode),
            identity: FileIdentity(
                device: UInt64(status.st_dev),
                number: UInt64(status.st_ino)
            ),
            permissions: status.st_mode & 0o777
        )
    }

    /// The directory that a path lies in.
    public static func directory(of path: FilePath) -> FilePath {
        let directory = path.removingLastComponent()
        return directory.string.isEmpty ? "." : directory
    }

    /// Removes a file.
    ///
    /// The corresponding C function is `unlink`.
    public static func remove(_ path: FilePath) throws(SystemError) {
        guard unsafe path.withPlatformString({ unsafe unlink($0) }) == 0 else {
            throw SystemError("unlink", path: path.string)
        }
    }

    /// Makes a directory that only this user may enter, with a name of its own, in a directory.
    ///
    /// The corresponding C function is `mkdtemp`.
    public static func makeTemporaryDirectory(in parent: FilePath, prefix: String)
        throws(SystemError) -> FilePath
    {
        var template = Self.template(in: parent, prefix: prefix)
        guard unsafe mkdtemp(&template) != nil else {
            throw SystemError("mkdtemp", path: parent.string)
        }
        let end = template.firstIndex(of: 0) ?? template.endIndex
        return FilePath(bytes: template[..<end].map { UInt8(bitPattern: $0) })
    }

    /// A path as C has it, for functions that put a name of its own in the place of its end.
    static func template(in parent: FilePath, prefix: String) -> [CChar] {
        parent.appending(prefix + "XXXXXX").bytes.map { CChar(bitPattern: $0) } + [0]
    }

    /// Removes an empty directory.
    ///
    /// The corresponding C function is `rmdir`.
    public static func removeDirectory(_ path: FilePath) throws(SystemError) {
        guard unsafe path.withPlatformString({ unsafe rmdir($0) }) == 0 else {
            throw SystemError("rmdir", path: path.string)
        }
    }

    /// The bytes that this user can still write to the file system that holds a path.
    ///
    /// The corresponding C function is `statvfs`.
    public static func freeSpace(at path: FilePath) throws(SystemError) -> Int {
        var status = statvfs()
        let result = unsafe path.withPlatformString { unsafe statvfs($0, &status) }
        guard result == 0 else { throw SystemError("statvfs", path: path.string) }
        let (bytes, overflow) = Int(status.f_bavail).multipliedReportingOverflow(
            by: Int(status.f_frsize)
        )
        return overflow ? .max : bytes
    }

    /// The names in a directory as ``PathText``, without `.` and `..`.
    ///
    /// The corresponding C function is `readdir`.
    public static func names(in directory: FilePath) throws(SystemError) -> [String] {
        guard let stream = unsafe directory.withPlatformString({ unsafe opendir($0) }) else {
            throw SystemError("opendir", path: directory.string)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe PathText.text(of: Array(bytes.prefix { $0 != 0 }))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Where a symbolic link leads; `nil` if the path is none.
    ///
    /// The corresponding C function is `readlink`.
    public static func linkTarget(_ path: FilePath) -> FilePath? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe path.withPlatformString {
            unsafe readlink($0, &buffer, buffer.count)
        }
        guard count > 0 else { return nil }
        return FilePath(bytes: buffer[..<count].map { UInt8(bitPattern: $0) })
    }

    /// The path with all links followed; `nil` if it names no file.
    ///
    /// The corresponding C function is `realpath`.
    public static func resolve(_ path: FilePath) -> FilePath? {
        guard let resolved = unsafe path.withPlatformString({ unsafe realpath($0, nil) }) else {
            return nil
        }
        defer { unsafe free(resolved) }
        return unsafe FilePath(platformString: resolved)
    }
}
