import Glibc
public import SystemPackage

extension File {
    /// Sets the file's permissions: the lowest twelve bits count.
    ///
    /// The corresponding C function is `fchmod`.
    public func setMode(_ mode: UInt32) throws(SystemError) {
        guard retryingInterrupts({ fchmod(descriptor, mode & 0o7777) }) == 0 else {
            throw SystemError("fchmod", path: path.string)
        }
    }

    /// Gives the file to a user and a group, and takes the bits of set-user-ID and set-group-ID away.
    ///
    /// The corresponding C function is `fchown`.
    public func setOwner(_ owner: UInt32, group: UInt32) throws(SystemError) {
        guard retryingInterrupts({ fchown(descriptor, owner, group) }) == 0 else {
            throw SystemError("fchown", path: path.string)
        }
    }
}

extension FileSystem {
    /// Gives a file a further name, which nothing may have yet.
    ///
    /// The corresponding C function is `link`.
    public static func addName(_ name: FilePath, to path: FilePath) throws(SystemError) {
        let result = unsafe path.withPlatformString { path in
            unsafe name.withPlatformString { unsafe Glibc.link(path, $0) }
        }
        guard result == 0 else { throw SystemError("link", path: name.string) }
    }

    /// Makes a symbolic link that leads to bytes, which need not be UTF-8.
    ///
    /// The corresponding C function is `symlink`.
    public static func makeLink(_ path: FilePath, to target: [UInt8]) throws(SystemError) {
        let text = target.map { CChar(bitPattern: $0) } + [0]
        let result = unsafe path.withPlatformString { unsafe symlink(text, $0) }
        guard result == 0 else { throw SystemError("symlink", path: path.string) }
    }

    /// Takes a file away, or a directory with all that is in it; links are not followed.
    ///
    /// The corresponding C functions are `unlink` and `rmdir`.
    ///
    /// - Throws: The system's error; what was met before is gone then.
    public static func removeTree(_ path: FilePath) throws(SystemError) {
        guard entry(path)?.kind == .directory else { return try remove(path) }
        for name in try nameBytes(in: path) { try removeTree(path.appending(bytes: name)) }
        try removeDirectory(path)
    }
}
