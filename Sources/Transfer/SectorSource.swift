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

extension SectorSource {
    /// Reads sectors, all that there are of a range.
    ///
    /// - Parameter sectors: The range.
    /// - Returns: The bytes of the whole range, zeros for what lies past the source's end, and how many of its
    ///   sectors there are.
    /// - Throws: What ``read(at:into:)`` throws.
    package func whole(_ sectors: Range<Int>) throws -> (bytes: [UInt8], count: Int) {
        var bytes = [UInt8](repeating: 0, count: sectors.count * sectorSize)
        var done = 0
        while done < sectors.count {
            var span = bytes.mutableSpan
            var rest = span._mutatingExtracting((done * sectorSize)...)
            let count = try read(at: sectors.lowerBound + done, into: &rest)
            guard count > 0 else { break }
            done += count
        }
        return (bytes, done)
    }
}
