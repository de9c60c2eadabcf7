internal import CLinux
import Glibc
import SystemPackage

/// Which file a path leads to, whatever it is called there.
public struct FileIdentity: Hashable, Sendable {
    /// The file system's number.
    public var device: UInt64
    /// The file's number in it.
    public var number: UInt64
}

extension File {
    /// Which file it is.
    ///
    /// The corresponding C function is `fstat`.
    public func identity() throws(SystemError) -> FileIdentity {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw SystemError("fstat", path: path.string)
        }
        return FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }
}
