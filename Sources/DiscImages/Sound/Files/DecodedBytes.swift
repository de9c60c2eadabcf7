import LinuxCalls
import SystemPackage

/// What was decoded of a file.
final class DecodedBytes: ByteSource {
    let name: String
    let byteCount: Int
    let paths: [FilePath]
    private let file: File

    init(_ file: File, byteCount: Int, name: String, paths: [FilePath]) {
        self.file = file
        self.byteCount = byteCount
        self.name = name
        self.paths = paths
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < byteCount else { return 0 }
        return try file.read(at: offset, into: &buffer)
    }

    func fileRange(at offset: Int) -> FileRange? {
        guard offset >= 0, offset < byteCount else { return nil }
        return FileRange(file, offset: offset, count: byteCount - offset)
    }
}
