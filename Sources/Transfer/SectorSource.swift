/// Something that sectors are read from: an image, a drive, a virtual disc.
///
/// Reading is synchronous, because its callers are C callbacks and copy loops. A source is used by
/// one thread at a time.
public protocol SectorSource: AnyObject {
    /// Bytes in a sector: 2048 for data.
    var sectorSize: Int { get }

    /// The number of sectors; absent where that is only known at the end, as with a pipe.
    var sectorCount: Int? { get }

    /// Reads sectors.
    ///
    /// - Parameters:
    ///   - start: The first sector, counted from the source's beginning.
    ///   - buffer: Where they go; a multiple of ``sectorSize`` bytes.
    /// - Returns: The number of sectors read; 0 only at the end of the source.
    /// - Throws: ``UnreadableSectors`` where the source can't deliver them, and the source's own
    ///   errors where it can't go on at all.
    func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int
}
