internal import CLinux
import Glibc
public import SystemPackage

/// An open directory, closed with its last reference: what is made in it lies in it, whatever its path has
/// become meanwhile.
///
/// No link in it is ever followed.
public final class Directory: Sendable {
    /// Its path, for messages.
    public let path: FilePath
    private let descriptor: CInt

    /// Opens a directory; links on the way to it are followed.
    ///
    /// The corresponding C function is `open`, with `O_DIRECTORY`.
    public init(_ path: FilePath) throws(SystemError) {
        let opened = unsafe path.withPlatformString { path in
            retryingInterrupts {
                unsafe spindle_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
            }
        }
        guard opened >= 0 else { throw SystemError("open", path: path.string) }
        self.path = path
        descriptor = opened
    }

    private init(adopting descriptor: CInt, path: FilePath) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// What kind of file an entry is; a link is `other`.
    ///
    /// The corresponding C function is `fstatat`, with `AT_SYMLINK_NOFOLLOW`.
    ///
    /// - Returns: `nil` if there is no such entry.
    public func kind(of name: String) -> File.Kind? {
        var status = stat()
        let result = unsafe name.withCString {
            unsafe fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW)
        }
        return result == 0 ? File.Kind(mode: status.st_mode) : nil
    }

    /// Makes a directory, or takes one that is there, and opens it.
    ///
    /// The corresponding C functions are `mkdirat` and `openat`.
    ///
    /// - Returns: The directory, and whether it was made.
    /// - Throws: The system's error, such as `ENOTDIR` if something else has the name.
    public func makeDirectory(_ name: String) throws(SystemError) -> (Directory, isNew: Bool) {
        let made = unsafe name.withCString { unsafe mkdirat(descriptor, $0, 0o700) }
        guard made == 0 || errno == EEXIST else {
            throw SystemError("mkdir", path: path.appending(name).string)
        }
        let opened = unsafe name.withCString { name in
            retryingInterrupts {
                unsafe spindle_open_at(
                    descriptor,
                    name,
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
                    0
                )
            }
        }
        guard opened >= 0 else { throw SystemError("open", path: path.appending(name).string) }
        return (Directory(adopting: opened, path: path.appending(name)), made == 0)
    }

    /// Makes a file, which must not exist, to be read and written.
    ///
    /// The corresponding C function is `openat`, with `O_CREAT` and `O_EXCL`.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - permissions: Its permissions, of which the process's mask takes some away.
    /// - Returns: The file.
    /// - Throws: The system's error.
    public func makeFile(_ name: String, permissions: UInt32 = 0o600) throws(SystemError) -> File {
        let opened = unsafe name.withCString { name in
            retryingInterrupts {
                unsafe spindle_open_at(
                    descriptor,
                    name,
                    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    permissions
                )
            }
        }
        guard opened >= 0 else { throw SystemError("open", path: path.appending(name).string) }
        return File(adopting: opened, name: path.appending(name))
    }

    /// Makes a link.
    ///
    /// The corresponding C function is `symlinkat`.
    public func makeLink(_ name: String, to target: String) throws(SystemError) {
        let result = unsafe name.withCString { name in
            unsafe target.withCString { unsafe symlinkat($0, descriptor, name) }
        }
        guard result == 0 else { throw SystemError("symlink", path: path.appending(name).string) }
    }

    /// Gives an entry another name.
    ///
    /// The corresponding C functions are `renameat2` with `RENAME_NOREPLACE`, and `renameat`; on file
    /// systems that can't do the former, `linkat` and `unlinkat`.
    ///
    /// - Parameters:
    ///   - name: The entry.
    ///   - new: Its new name.
    ///   - replaces: Whether it takes the place of a file that has the name.
    /// - Throws: The system's error, such as `EEXIST`.
    public func rename(_ name: String, to new: String, replaces: Bool) throws(SystemError) {
        let result = unsafe name.withCString { name in
            unsafe new.withCString { new in
                replaces
                    ? unsafe renameat(descriptor, name, descriptor, new)
                    : unsafe spindle_rename_at_no_replace(descriptor, name, new)
            }
        }
        if result == 0 { return }
        guard !replaces, [EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) else {
            throw SystemError("rename", path: path.appending(new).string)
        }
        let linked = unsafe name.withCString { name in
            unsafe new.withCString { unsafe linkat(descriptor, name, descriptor, $0, 0) }
        }
        guard linked == 0 else { throw SystemError("link", path: path.appending(new).string) }
        try remove(name)
    }

    /// Takes a file or a link away.
    ///
    /// The corresponding C function is `unlinkat`.
    public func remove(_ name: String) throws(SystemError) {
        let result = unsafe name.withCString { unsafe unlinkat(descriptor, $0, 0) }
        guard result == 0 else { throw SystemError("unlink", path: path.appending(name).string) }
    }

    /// Sets the times of an entry, or of a link itself.
    ///
    /// The corresponding C function is `utimensat`, with `AT_SYMLINK_NOFOLLOW`.
    ///
    /// - Parameters:
    ///   - name: The entry; “.” for the directory itself.
    ///   - accessed: Seconds and nanoseconds since 1970; `nil` leaves the time as it is.
    ///   - modified: The same.
    /// - Throws: The system's error.
    public func setTimes(
        of name: String,
        accessed: (seconds: Int, nanoseconds: Int)?,
        modified: (seconds: Int, nanoseconds: Int)?
    ) throws(SystemError) {
        // UTIME_OMIT of fcntl.h.
        let omitted = (1 << 30) - 2
        let times = [accessed, modified].map {
            timespec(tv_sec: $0?.seconds ?? 0, tv_nsec: $0?.nanoseconds ?? omitted)
        }
        let result = unsafe name.withCString {
            unsafe utimensat(descriptor, $0, times, AT_SYMLINK_NOFOLLOW)
        }
        guard result == 0 else {
            throw SystemError("utimensat", path: path.appending(name).string)
        }
    }

    /// Waits until the names in it are on the storage, if its file system can do that.
    ///
    /// The corresponding C function is `fsync`.
    ///
    /// - Throws: The system's error.
    public func synchronize() throws(SystemError) {
        guard retryingInterrupts({ fsync(descriptor) }) != 0 else { return }
        guard [EINVAL, ENOSYS, EOPNOTSUPP, EBADF].contains(errno) else {
            throw SystemError("fsync", path: path.string)
        }
    }

    /// Waits until everything that was written to its file system is on the storage.
    ///
    /// The corresponding C function is `syncfs`.
    ///
    /// - Returns: Whether it is; since Linux 5.8 the system says so.
    public func synchronizeAll() -> Bool { spindle_sync_file_system(descriptor) == 0 }

    /// Gives the directory itself an extended attribute.
    ///
    /// The corresponding C function is `fsetxattr`.
    ///
    /// - Parameters:
    ///   - name: Its name, with its namespace.
    ///   - value: Its value.
    /// - Throws: The system's error, such as `ENOTSUP`.
    public func setAttribute(_ name: String, _ value: [UInt8]) throws(SystemError) {
        guard unsafe spindle_set_attribute(descriptor, name, value, value.count) == 0 else {
            throw SystemError("fsetxattr", path: path.string)
        }
    }

    /// Sets the directory's own permissions: the lowest nine bits and the sticky bit count.
    ///
    /// The corresponding C function is `fchmod`.
    public func setPermissions(_ permissions: UInt32) throws(SystemError) {
        guard fchmod(descriptor, permissions & 0o1777) == 0 else {
            throw SystemError("fchmod", path: path.string)
        }
    }
}

/// The permissions that this process's new files don't get.
public enum FileCreationMask {
    /// The mask, as it was when it was asked for first.
    ///
    /// The corresponding C function is `umask`, which can be asked only by setting it; that is done once,
    /// before files are made.
    public static let value: UInt32 = {
        let mask = umask(0o077)
        umask(mask)
        return mask
    }()
}
