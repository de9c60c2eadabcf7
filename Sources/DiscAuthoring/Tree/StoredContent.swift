public import DiscFiles
public import LinuxCalls
public import SystemPackage

/// A file of this system as the content of a file on a disc.
public struct StoredContent: AuthoredContent {
    /// The file.
    public let path: FilePath
    /// Its size when it was found.
    public let size: Int
    private let identity: FileIdentity
    private let seconds: Int
    private let nanoseconds: Int

    /// Names a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - attributes: What the system said of it when it was found.
    public init(_ path: FilePath, _ attributes: FileAttributes) {
        self.path = path
        size = max(0, attributes.size)
        identity = attributes.identity
        (seconds, nanoseconds) = attributes.modified
    }

    /// Opens the file.
    ///
    /// - Throws: The system's error; ``AuthoringError`` if the file was changed or replaced since it
    ///   was found.
    public func open() throws -> any FileBytes {
        // Without blocking: what was a file when it was found may have become a pipe.
        let file = try File(path, .read, nonBlocking: true, followsLinks: false)
        try check(file)
        return Opened(self, file)
    }

    private func check(_ file: File) throws {
        let now = try FileAttributes(of: file)
        guard now.isRegular, now.identity == identity, now.size == size,
            now.modified == (seconds, nanoseconds)
        else { throw changed }
    }

    private var changed: AuthoringError {
        AuthoringError(.changed, path: path.string, "It was changed while the disc was written.")
    }

    private final class Opened: FileBytes {
        let content: StoredContent
        let file: File

        init(_ content: StoredContent, _ file: File) {
            self.content = content
            self.file = file
        }

        var count: Int { content.size }

        func read(at offset: Int, into target: inout MutableSpan<UInt8>) throws -> Int {
            guard offset >= 0, offset < content.size, target.count > 0 else { return 0 }
            let wanted = min(target.count, content.size - offset)
            let got = try file.read(at: offset, into: &target, limit: wanted)
            guard got == wanted else { throw content.changed }
            // What was read last is of the same state as what was read first, or it is not used.
            if offset + got == content.size { try content.check(file) }
            return got
        }
    }
}
