import LinuxCalls
import SystemPackage

/// A file in a folder of its own, gone with its last reference.
final class TemporaryFile {
    let path: FilePath
    private let directory: FilePath

    init(_ content: [UInt8] = []) throws {
        directory = try FileSystem.makeTemporaryDirectory(in: "/tmp", prefix: "spindle-transfer-")
        path = directory.appending("file")
        try File(path, .createNew).write(content.span, at: 0)
    }

    deinit {
        try? FileSystem.remove(path)
        try? FileSystem.removeDirectory(directory)
    }

    func open(_ mode: File.Mode = .read) throws -> File { try File(path, mode) }

    func content() throws -> [UInt8] {
        let file = try open()
        var bytes = [UInt8](repeating: 0, count: try file.status().size)
        var span = bytes.mutableSpan
        _ = try file.read(at: 0, into: &span)
        return bytes
    }
}
