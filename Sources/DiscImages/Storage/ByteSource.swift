public import LinuxCalls
public import SystemPackage

/// Bytes at places: a file, a part of one, or what a codec or a cipher makes of one.
public protocol ByteSource: AnyObject {
    /// What messages call it: the file's name.
    var name: String { get }

    /// How many bytes there are.
    var byteCount: Int { get }

    /// The files that the bytes come out of, as far as they are known.
    var paths: [FilePath] { get }

    /// Reads at a place, as much as the buffer holds or there is.
    ///
    /// - Parameters:
    ///   - offset: Not negative; behind the end there is nothing.
    ///   - buffer: Where they go.
    /// - Returns: The number of bytes.
    /// - Throws: Errors of the file; ``UnreadableBytes`` where what follows may be read again;
    ///   `UnreadableSectors` never.
    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int

    /// The file in which the bytes at a place stand as they are, and how many do so in one run; nothing
    /// where they are made of something else.
    func fileRange(at offset: Int) -> FileRange?
}

extension ByteSource {
    /// None.
    public var paths: [FilePath] { [] }

    /// Nothing.
    public func fileRange(at offset: Int) -> FileRange? { nil }

    /// Reads a range; fewer bytes come only where there are no more.
    ///
    /// - Parameters:
    ///   - range: The bytes, clamped to those that there are.
    ///   - limit: At most so many bytes, however long the range claims to be.
    /// - Returns: The bytes.
    /// - Throws: Errors of the file.
    public func bytes(_ range: Range<Int>, limit: Int = 1 << 24) throws -> [UInt8] {
        let range = range.clamped(to: 0..<max(0, byteCount))
        var bytes = [UInt8](repeating: 0, count: min(range.count, limit))
        guard !bytes.isEmpty else { return [] }
        var span = bytes.mutableSpan
        let count = try read(at: range.lowerBound, into: &span)
        return count < bytes.count ? Array(bytes.prefix(count)) : bytes
    }
}
