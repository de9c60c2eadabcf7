public import LinuxCalls
public import SystemPackage

/// The bytes of a file.
public final class FileBytes: ByteSource {
    /// The file's name.
    public let name: String
    /// The file's size when it was opened.
    public let byteCount: Int
    private let file: File

    /// The file's path.
    public var paths: [FilePath] { [file.path] }

    /// Takes an open file.
    public init(_ file: File) throws(SystemError) {
        self.file = file
        name = file.path.lastComponent?.string ?? file.path.string
        byteCount = try file.status().size
    }

    /// Opens a file.
    public convenience init(_ path: FilePath) throws(SystemError) {
        try self.init(File(path, .read))
    }

    /// Reads at a place.
    public func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < byteCount else { return 0 }
        return try file.read(at: offset, into: &buffer)
    }

    /// All of the file from a place on.
    public func fileRange(at offset: Int) -> FileRange? {
        guard offset >= 0, offset < byteCount else { return nil }
        return FileRange(file, offset: offset, count: byteCount - offset)
    }
}
