import CLinux
import Glibc
public import SystemPackage

extension FileSystem {
    /// The names of the extended attributes of a file, a directory or a link; none if the file system has
    /// no such.
    ///
    /// The corresponding C functions are `listxattr` and `llistxattr`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - followsLinks: Whether a link in the path's last place is followed, or is the file meant.
    /// - Returns: The names, with their namespaces, as the bytes that they are.
    /// - Throws: The system's error.
    public static func attributeNames(of path: FilePath, followsLinks: Bool)
        throws(SystemError) -> [[UInt8]]
    {
        let bytes = try unsafe attribute(of: path) { path, bytes, size in
            unsafe spindle_attribute_names(path, followsLinks ? 1 : 0, bytes, size)
        }
        return (bytes ?? []).split(separator: 0).map { Array($0) }
    }

    /// The value of an extended attribute.
    ///
    /// The corresponding C functions are `getxattr` and `lgetxattr`.
    ///
    /// - Parameters:
    ///   - name: Its name, with its namespace.
    ///   - path: The file.
    ///   - followsLinks: Whether a link in the path's last place is followed, or is the file meant.
    /// - Returns: The value; `nil` if there is no such attribute, or the file system has none.
    /// - Throws: The system's error.
    public static func attribute(_ name: String, of path: FilePath, followsLinks: Bool)
        throws(SystemError) -> [UInt8]?
    {
        try unsafe attribute(of: path) { path, bytes, size in
            unsafe spindle_attribute(path, name, followsLinks ? 1 : 0, bytes, size)
        }
    }

    private static func attribute(
        of path: FilePath,
        _ call: (UnsafePointer<CChar>, UnsafeMutableRawPointer?, Int) -> Int
    ) throws(SystemError) -> [UInt8]? {
        // One that grows meanwhile is asked about once more.
        for _ in 0..<8 {
            let size = unsafe path.withPlatformString { unsafe call($0, nil, 0) }
            guard size > 0 else {
                if size == 0 { return [] }
                if errno == ENOTSUP || errno == ENODATA { return nil }
                throw SystemError("getxattr", path: path.string)
            }
            var bytes = [UInt8](repeating: 0, count: size)
            let count = unsafe path.withPlatformString { path in
                unsafe bytes.withUnsafeMutableBytes {
                    unsafe call(path, $0.baseAddress, size)
                }
            }
            if count >= 0 { return Array(bytes.prefix(count)) }
            if errno == ENODATA { return nil }
            guard errno == ERANGE else { throw SystemError("getxattr", path: path.string) }
        }
        throw .invalid("getxattr")
    }
}

extension File {
    /// Gives the file an extended attribute.
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
}
