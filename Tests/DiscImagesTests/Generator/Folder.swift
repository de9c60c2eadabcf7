import LinuxCalls
import SystemPackage

/// A folder that goes with the test.
final class Folder {
    let path: FilePath

    init() throws {
        path = try FileSystem.makeTemporaryDirectory(in: "/tmp", prefix: "spindle-image-")
    }

    deinit {
        for name in (try? FileSystem.names(in: path)) ?? [] {
            try? FileSystem.remove(path.appending(name))
        }
        try? FileSystem.removeDirectory(path)
    }

    /// Writes a file.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> FilePath {
        let file = try File(path.appending(name), .replace)
        try file.write(bytes.span, at: 0)
        return path.appending(name)
    }

    /// Writes a file of text.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> FilePath {
        try write(name, Array(text.utf8))
    }

    /// A file's bytes.
    func read(_ name: String) throws -> [UInt8] {
        let file = try File(path.appending(name), .read)
        var bytes = [UInt8](repeating: 0, count: try file.status().size)
        var span = bytes.mutableSpan
        _ = try file.read(at: 0, into: &span)
        return bytes
    }
}
