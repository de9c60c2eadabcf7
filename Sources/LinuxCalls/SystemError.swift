import Glibc

/// A call to the system failed.
public struct SystemError: Error, Hashable, Sendable {
    /// The error number of the C library, such as `ENOSPC`.
    public var errno: CInt
    /// The C function that failed.
    public var call: String
    /// The file that it was about, where it was about one.
    public var path: String?

    /// Creates an error.
    public init(errno: CInt, call: String, path: String? = nil) {
        self.errno = errno
        self.call = call
        self.path = path
    }

    /// What was asked for can't be read from where it lies (`EIO`).
    public static func inputOutput(_ call: String, path: String? = nil) -> SystemError {
        SystemError(errno: EIO, call: call, path: path)
    }

    /// There is no such file (`ENOENT`).
    public static func noSuchFile(_ call: String, path: String? = nil) -> SystemError {
        SystemError(errno: ENOENT, call: call, path: path)
    }

    /// The file is no directory (`ENOTDIR`).
    public static func notADirectory(_ call: String, path: String? = nil) -> SystemError {
        SystemError(errno: ENOTDIR, call: call, path: path)
    }

    /// The file is a directory (`EISDIR`).
    public static func isADirectory(_ call: String) -> SystemError {
        SystemError(errno: EISDIR, call: call)
    }

    /// The file is no block device (`ENOTBLK`).
    public static func notABlockDevice(_ call: String, path: String? = nil) -> SystemError {
        SystemError(errno: ENOTBLK, call: call, path: path)
    }

    /// The directory is not empty (`ENOTEMPTY`).
    public static func notEmpty(_ call: String) -> SystemError {
        SystemError(errno: ENOTEMPTY, call: call)
    }

    /// The name has too many bytes (`ENAMETOOLONG`).
    public static func nameTooLong(_ call: String) -> SystemError {
        SystemError(errno: ENAMETOOLONG, call: call)
    }

    /// Nobody may do that here (`EPERM`).
    public static func notPermitted(_ call: String) -> SystemError {
        SystemError(errno: EPERM, call: call)
    }

    /// What was asked for makes no sense (`EINVAL`).
    public static func invalid(_ call: String) -> SystemError {
        SystemError(errno: EINVAL, call: call)
    }

    /// Nobody does that here (`ENOSYS`).
    public static func unsupported(_ call: String) -> SystemError {
        SystemError(errno: ENOSYS, call: call)
    }

    /// There is a file of that name already (`EEXIST`).
    public static func exists(_ path: String) -> SystemError {
        SystemError(errno: EEXIST, call: "rename", path: path)
    }

    /// The error that the C library has just left.
    init(_ call: String, path: String? = nil) {
        self.init(errno: Glibc.errno, call: call, path: path)
    }

    /// What the error number means, in the system's words.
    public var reason: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe strerror_r(errno, &buffer, buffer.count) == 0 else { return "error \(errno)" }
        let end = buffer.firstIndex(of: 0) ?? buffer.endIndex
        return String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether the file does not exist.
    public var isNoSuchFile: Bool { errno == ENOENT }
    /// Whether the file exists already.
    public var isFileExists: Bool { errno == EEXIST }
    /// Whether this user may not do it.
    public var isPermissionDenied: Bool { errno == EACCES || errno == EPERM }
    /// Whether another process holds the device.
    public var isBusy: Bool { errno == EBUSY }
    /// Whether the process that serves a file system is gone, or went while it was asked: the kernel ends
    /// requests that wait for it with `ECONNABORTED`, and refuses later ones with `ENOTCONN`.
    public var isNotConnected: Bool { errno == ENOTCONN || errno == ECONNABORTED }
    /// Whether a signal, or nothing to do, ended the call.
    public var isTransient: Bool { errno == EINTR || errno == EAGAIN }
    /// Whether there is no disc in the device.
    public var isNoMedium: Bool { errno == ENOMEDIUM }
    /// Whether the device is no longer there.
    public var isDeviceGone: Bool { errno == ENODEV || errno == ENXIO }
    /// Whether the file system is full.
    public var isNoSpace: Bool { errno == ENOSPC || errno == EDQUOT }
    /// Whether the file system or the device can only be read.
    public var isReadOnly: Bool { errno == EROFS }
    /// Whether the other end of a pipe or a socket is gone.
    public var isBrokenPipe: Bool { errno == EPIPE }
    /// Whether the descriptor is not open for what was tried.
    public var isBadDescriptor: Bool { errno == EBADF }
}

extension SystemError: CustomStringConvertible {
    /// The file, where there is one, and the reason.
    public var description: String {
        path.map { "\($0): \(reason)" } ?? "\(call): \(reason)"
    }
}
