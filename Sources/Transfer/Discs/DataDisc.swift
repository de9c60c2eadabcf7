public import DiscModel

/// A run of sectors of 2048 bytes as a disc: one track of data from address 0 on.
public final class DataDisc: DiscSource {
    /// Where the sectors come from.
    public let source: any SectorSource
    /// The size of the data in bytes; they may end within the last sector.
    public let byteCount: Int
    /// A disc that keeps nothing of a sector but its user data.
    public let medium = MediumKind.dvdROM
    /// One session with one track.
    public let layout: DiscLayout
    private let sectors: Int

    /// Takes a source.
    ///
    /// - Parameters:
    ///   - source: Sectors of 2048 bytes; their number is known.
    ///   - byteCount: The size of the data; all of the sectors if left out.
    public init(_ source: any SectorSource, byteCount: Int? = nil) {
        precondition(source.sectorSize == SectorForm.user.size, "these are no sectors of data")
        self.source = source
        let most = Int.max / SectorForm.user.size
        sectors = max(0, min(source.sectorCount ?? 0, most))
        let all = sectors * SectorForm.user.size
        self.byteCount = max(0, min(byteCount ?? all, all))
        layout = DiscLayout(sectors: sectors)
    }

    /// Takes the data of a disc from address 0 on.
    public convenience init(_ disc: any DiscSource) { self.init(DiscDataSource(disc)) }

    /// The user data of every sector that there is.
    public func storage(at address: Int) -> SectorStorage {
        (0..<sectors).contains(address)
            ? SectorStorage(mode: .mode1, form: .user, count: sectors - address)
            : SectorStorage(
                mode: .mode1,
                form: .absent,
                count: address < 0 ? -address : Int.max - address
            )
    }

    /// Reads sectors from the source.
    ///
    /// - Throws: What the source throws; ``UnreadableSectors`` if it ends earlier than it says.
    public func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let count = try source.read(at: address, into: &buffer)
        guard count > 0 || buffer.count < SectorForm.user.size else {
            throw UnreadableSectors(
                start: address,
                count: 1,
                reason: "the source ends earlier than it says"
            )
        }
        return count
    }

    /// There is no subchannel.
    public func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    {
        throw UnreadableSectors(start: address, count: 1, reason: "no subchannel is kept")
    }
}
