import DiscModel
public import Transfer

/// The bytes of a file on a disc.
///
/// Of a packed file they are the packed bytes (``FileEntry/compression``).
public final class FileContents {
    /// The file's size; of a packed one the number of bytes that its extents hold.
    public let count: Int
    /// The number of bytes that the extents hold, which is less where a file system is broken.
    private let held: Int
    private let source: any SectorSource
    /// The extents, each with the file's byte that it begins with.
    private let extents: [(start: Int, extent: FileExtent)]
    private var buffer = [UInt8](repeating: 0, count: 2048)
    private var bufferedSector: Int?

    /// Takes a file's bytes.
    ///
    /// - Throws: ``UnsuitableSectorSize``.
    public convenience init(_ source: any SectorSource, _ entry: FileEntry) throws {
        try self.init(
            source,
            entry.extents,
            size: entry.compression == nil ? entry.size : nil
        )
    }

    /// Takes the bytes of extents, such as those of a resource fork.
    ///
    /// - Parameters:
    ///   - source: The disc.
    ///   - extents: The extents.
    ///   - size: The bytes that there are to be; `nil` for those that the extents hold.
    /// - Throws: ``UnsuitableSectorSize``.
    public init(_ source: any SectorSource, _ extents: [FileExtent], size: Int? = nil) throws {
        guard source.sectorSize == StructureReader.sectorSize else {
            throw UnsuitableSectorSize(sectorSize: source.sectorSize)
        }
        self.source = source
        var kept: [(start: Int, extent: FileExtent)] = []
        var total = 0
        for extent in extents where extent.length > 0 {
            let (end, overflow) = total.addingReportingOverflow(extent.length)
            guard !overflow else { break }
            kept.append((total, extent))
            total = end
        }
        self.extents = kept
        held = total
        count = max(0, size ?? total)
    }

    /// Reads bytes.
    ///
    /// - Parameters:
    ///   - offset: The first one, counted from the file's beginning.
    ///   - target: Where they go.
    /// - Returns: The number of bytes read, at least 1; 0 only at the end.
    /// - Throws: `UnreadableSectors` where the disc can't deliver them or ends before them,
    ///   ``MissingExtents`` where the disc does not say where they are, and what the source throws.
    public func read(at offset: Int, into target: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < count, target.count > 0 else { return 0 }
        guard offset < held, let index = index(holding: offset) else {
            throw MissingExtents(held: held, size: count)
        }
        let (start, extent) = extents[index]
        let run = extent.run(at: offset - start)
        let wanted = min(run.count, target.count, count - offset)
        guard let place = run.offset else {
            for position in 0..<wanted { target[position] = 0 }
            return wanted
        }
        let sector = place / 2048
        let within = place % 2048
        if within == 0, wanted >= 2048 {
            // Whole sectors go straight where they belong.
            var part = target._mutatingExtracting(..<(wanted / 2048 * 2048))
            let delivered = try source.read(at: sector, into: &part)
            guard delivered > 0 else { throw Self.missing(sector) }
            return delivered * 2048
        }
        if bufferedSector != sector {
            bufferedSector = nil
            var bytes = [UInt8](repeating: 0, count: 2048)
            var span = bytes.mutableSpan
            guard try source.read(at: sector, into: &span) > 0 else { throw Self.missing(sector) }
            buffer = bytes
            bufferedSector = sector
        }
        let found = min(wanted, 2048 - within)
        for position in 0..<found { target[position] = buffer[within + position] }
        return found
    }

    private static func missing(_ sector: Int) -> UnreadableSectors {
        UnreadableSectors(start: sector, count: 1, reason: "the disc ends before it")
    }

    /// The last extent that begins at or before a byte.
    private func index(holding offset: Int) -> Int? {
        let next = extents.firstIndexInOrder { $0.start > offset }
        return next > 0 ? next - 1 : nil
    }
}
