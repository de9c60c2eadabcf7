public import LinuxCalls

/// An image file as a source of sectors of 2048 bytes; a last piece of a sector is filled up with
/// zeros.
public final class FileSource: SectorSource {
    /// Bytes in a sector.
    public let sectorSize = 2048
    /// The file's size in bytes when it was opened.
    public let byteCount: Int
    private let file: File

    /// Creates a source over an open file.
    public init(_ file: File) throws(SystemError) {
        self.file = file
        byteCount = try file.status().size
    }

    /// The number of sectors, a last piece counted as one.
    public var sectorCount: Int? { byteCount / sectorSize + (byteCount % sectorSize > 0 ? 1 : 0) }

    /// Reads sectors.
    ///
    /// - Throws: The system's error; ``UnreadableSectors`` where the file has become shorter since
    ///   it was opened.
    public func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let (offset, overflow) = start.multipliedReportingOverflow(by: sectorSize)
        guard start >= 0, !overflow, offset < byteCount else { return 0 }
        let wanted = min(buffer.count, byteCount - offset)
        let count = try file.read(at: offset, into: &buffer, limit: wanted)
        guard count == wanted else {
            throw UnreadableSectors(
                start: start + count / sectorSize,
                count: 1,
                reason: "the file has become shorter while it was read"
            )
        }
        let sectors = (wanted + sectorSize - 1) / sectorSize
        for index in wanted..<max(wanted, min(buffer.count, sectors * sectorSize)) {
            buffer[index] = 0
        }
        return sectors
    }
}
