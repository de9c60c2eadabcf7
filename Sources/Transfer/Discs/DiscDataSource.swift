import DiscModel

/// The data of a disc as a flat run of sectors of 2048 bytes, from address 0 to the end of the last
/// data track.
///
/// Audio, pauses and what lies between sessions can't be read.
public final class DiscDataSource: SectorSource {
    /// The disc.
    public let disc: any DiscSource
    /// Bytes in a sector.
    public let sectorSize = 2048
    /// The number of sectors; 0 without a data track.
    public let sectorCount: Int?
    private let readable: ReadableSectors

    /// Takes a disc's data.
    public init(_ disc: any DiscSource) {
        self.disc = disc
        readable = ReadableSectors(
            disc.layout.tracks.filter { $0.content == .data && $0.length > 0 }
                .map { max(0, $0.start.rawValue)..<max(0, $0.end.rawValue) }
        )
        sectorCount = readable.end
    }

    /// Reads sectors that lie together in one track.
    ///
    /// - Throws: ``UnreadableSectors`` for what is no data, and what the disc throws.
    public func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let count = try readable.count(
            from: start,
            atMost: buffer.count / sectorSize,
            absence: "there are no data there"
        )
        guard count > 0 else { return 0 }
        var part = buffer._mutatingExtracting(..<(count * sectorSize))
        return try disc.readUserData(at: start, into: &part)
    }
}
