package import LinuxCalls
package import SystemPackage

/// A folder of a test's own, removed with all that it holds when its last reference goes.
///
/// Only its owner keeps it: code that still needs the folder after its last use of the `Folder`
/// itself holds it with `withExtendedLifetime`.
package final class Folder: Sendable {
    package let path: FilePath

    /// Makes the folder in `TMPDIR`, or in `/tmp`.
    package init() throws(SystemError) {
        let parent = FilePath(Environment.value("TMPDIR") ?? "/tmp")
        path = try FileSystem.makeTemporaryDirectory(in: parent, prefix: "spindle-test-")
    }

    deinit { Self.remove(path) }

    /// The path of a file in the folder.
    package func path(_ name: String) -> FilePath { path.appending(name) }

    /// Whether the folder has a file of that name.
    package func has(_ name: String) -> Bool { FileSystem.exists(path(name)) }

    /// The names in the folder, in order.
    package func names() throws -> [String] { try FileSystem.names(in: path).sorted() }

    /// Writes a file, in place of one that has the name; folders that its name has are made.
    @discardableResult
    package func write(_ name: String, _ bytes: [UInt8]) throws -> FilePath {
        if name.contains("/") {
            try Programs.run(["mkdir", "-p", path(name).removingLastComponent().string])
        }
        try File(path(name), .replace).write(bytes.span, at: 0)
        return path(name)
    }

    /// Writes a file of text.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> FilePath {
        try write(name, Array(text.utf8))
    }

    /// A file's bytes.
    package func read(_ name: String) throws -> [UInt8] { try Self.contents(path(name)) }

    /// The bytes of any file.
    package static func contents(_ path: FilePath) throws -> [UInt8] {
        try contents(try File(path, .read))
    }

    /// The bytes of an open file.
    static func contents(_ file: File) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: try file.status().size)
        var span = bytes.mutableSpan
        _ = try file.read(at: 0, into: &span)
        return bytes
    }

    /// Removes a file, or a folder with all that it holds, and follows no link.
    package static func remove(_ path: FilePath) {
        if FileSystem.isOwnDirectory(path) {
            for name in (try? FileSystem.names(in: path)) ?? [] { remove(path.appending(name)) }
            try? FileSystem.removeDirectory(path)
        } else {
            try? FileSystem.remove(path)
        }
    }
}
