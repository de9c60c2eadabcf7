public import DiscModel
public import Transfer

/// The recorded data of a virtual disc or of an image file, as a source of sectors.
///
/// It covers the disc from LBA 0 to the end of the last closed session, without the run-out of a
/// last track that was written on its own. What lies between tracks, and audio, can't be read.
public final class VirtualDiscSource: SectorSource {
    /// The disc.
    public let disc: VirtualDisc
    /// Bytes in a sector.
    public var sectorSize: Int { 2048 }
    /// The number of sectors.
    public let sectorCount: Int?

    private let readable: ReadableSectors

    /// Makes a disc a source.
    public init(_ disc: VirtualDisc) {
        self.disc = disc
        if let format = disc.record.format, disc.record.isOverwritable {
            readable = ReadableSectors([0..<format.sectors])
        } else {
            readable = ReadableSectors(
                disc.record.tracks.filter(\.isData).flatMap(\.readableParts)
            )
        }
        sectorCount = readable.end
    }

    /// The kind of disc.
    public var medium: MediumKind { disc.record.medium }
    /// How far it is recorded.
    public var state: DiscState { disc.record.state }
    /// Its closed sessions and their tracks.
    public var layout: DiscLayout { disc.record.layout }

    /// Reads sectors that lie together in one track.
    ///
    /// - Throws: `UnreadableSectors` for what is no recorded data; `SystemError`.
    public func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let count = try readable.count(
            from: start,
            atMost: buffer.count / sectorSize,
            absence: "no data are recorded there"
        )
        guard count > 0 else { return 0 }
        var span = buffer._mutatingExtracting(..<(count * sectorSize))
        try disc.readUserData(at: start, into: &span)
        return count
    }
}
