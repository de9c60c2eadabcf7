import LinuxCalls
import SystemPackage
import TestSupport

/// A file in a folder of its own, removed with its last reference.
final class TemporaryFile {
    private let folder: Folder

    var path: FilePath { folder.path("file") }

    init(_ content: [UInt8] = []) throws {
        folder = try Folder()
        try folder.write("file", content)
    }

    func open(_ mode: File.Mode = .read) throws -> File { try File(path, mode) }

    func content() throws -> [UInt8] { try folder.read("file") }
}
