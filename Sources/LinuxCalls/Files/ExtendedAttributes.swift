import CLinux
import Glibc
public import SystemPackage

extension FileSystem {
    /// The names of the extended attributes of a file, a directory or a link itself; none if the file system
    /// has no such.
    ///
    /// The corresponding C function is `llistxattr`.
    ///
    /// - Parameter path: The file.
    /// - Returns: The names, with their namespaces.
    /// - Throws: The system's error.
    public static func attributeNames(of path: FilePath) throws(SystemError) -> [String] {
        let bytes = try unsafe attribute(of: path) { path, bytes, size in
            unsafe spindle_attribute_names(path, bytes, size)
        }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The value of an extended attribute; empty if there is none.
    ///
    /// The corresponding C function is `lgetxattr`.
    ///
    /// - Parameters:
    ///   - name: Its name, with its namespace.
    ///   - path: The file; a link is not followed.
    /// - Returns: The value.
    /// - Throws: The system's error.
    public static func attribute(_ name: String, of path: FilePath) throws(SystemError) -> [UInt8] {
        try unsafe attribute(of: path) { path, bytes, size in
            unsafe spindle_attribute(path, name, bytes, size)
        }
    }

    private static func attribute(
        of path: FilePath,
        _ call: (UnsafePointer<CChar>, UnsafeMutableRawPointer?, Int) -> Int
    ) throws(SystemError) -> [UInt8] {
        // One that grows meanwhile is asked about once more.
        for _ in 0..<8 {
            let size = unsafe path.withPlatformString { unsafe call($0, nil, 0) }
            guard size > 0 else {
                if size == 0 || errno == ENOTSUP || errno == ENODATA { return [] }
                throw SystemError("getxattr", path: path.string)
            }
            var bytes = [UInt8](repeating: 0, count: size)
            let count = unsafe path.withPlatformString { path in
                unsafe bytes.withUnsafeMutableBytes {
                    unsafe call(path, $0.baseAddress, size)
                }
            }
            if count >= 0 { return Array(bytes.prefix(count)) }
            if errno == ENODATA { return [] }
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
