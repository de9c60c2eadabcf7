public import DiscFiles

/// The bytes of a file that is written to a disc, opened when they are needed.
///
/// A tree may have a million files, so a value of this type holds no open file.
public protocol AuthoredContent: Sendable {
    /// How many bytes there are; the disc is laid out for so many.
    var size: Int { get }

    /// Opens the bytes.
    ///
    /// - Returns: The bytes, as many as ``size`` says.
    /// - Throws: The system's error, or ``AuthoringError`` if the file has changed since it was found.
    func open() throws -> any FileBytes
}

/// Bytes in memory as the content of a file.
public struct BytesContent: AuthoredContent {
    /// The bytes.
    public let bytes: [UInt8]

    /// Takes bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// How many there are.
    public var size: Int { bytes.count }

    /// Opens the bytes.
    public func open() -> any FileBytes { Opened(bytes) }

    private final class Opened: FileBytes {
        let bytes: [UInt8]

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var count: Int { bytes.count }

        func read(at offset: Int, into target: inout MutableSpan<UInt8>) -> Int {
            guard offset >= 0, offset < bytes.count else { return 0 }
            let wanted = min(target.count, bytes.count - offset)
            for index in 0..<wanted { target[index] = bytes[offset + index] }
            return wanted
        }
    }
}

/// Bytes that a function makes when they are asked for, as the content of a file.
public struct GeneratedContent: AuthoredContent {
    /// How many there are.
    public let size: Int
    private let fill: @Sendable (Int, inout MutableSpan<UInt8>) throws -> Void

    /// Takes a function.
    ///
    /// - Parameters:
    ///   - size: How many bytes there are.
    ///   - fill: Fills a buffer with the bytes from an offset on.
    public init(
        size: Int,
        fill: @escaping @Sendable (_ offset: Int, _ target: inout MutableSpan<UInt8>) throws -> Void
    ) {
        self.size = max(0, size)
        self.fill = fill
    }

    /// Opens the bytes.
    public func open() -> any FileBytes { Opened(self) }

    private final class Opened: FileBytes {
        let content: GeneratedContent

        init(_ content: GeneratedContent) { self.content = content }

        var count: Int { content.size }

        func read(at offset: Int, into target: inout MutableSpan<UInt8>) throws -> Int {
            guard offset >= 0, offset < content.size else { return 0 }
            let wanted = min(target.count, content.size - offset)
            guard wanted > 0 else { return 0 }
            var part = target._mutatingExtracting(..<wanted)
            try content.fill(offset, &part)
            return wanted
        }
    }
}
