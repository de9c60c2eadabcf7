public import LinuxCalls
public import SystemPackage

/// The bytes of a file.
public final class FileBytes: ByteSource {
    /// The file's name.
    public let name: String
    /// The file's size when it was opened.
    public let byteCount: Int
    private let file: File
    private let path: FilePath

    /// The file's path.
    public var paths: [FilePath] { [path] }

    /// Takes an open file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - path: The path that it has, or is to have; `nil` for the one that it was opened by.
    /// - Throws: The system's error.
    public init(_ file: File, path: FilePath? = nil) throws(SystemError) {
        self.file = file
        self.path = path ?? file.path
        name = self.path.lastComponent?.string ?? self.path.string
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
