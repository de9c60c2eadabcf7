public import DiscModel
public import Transfer

/// What is wrong with a disc's raw data sectors, by what they say of themselves.
public struct SectorDamage: Sendable {
    /// Sectors in a row that have the same wrong.
    public struct Run: Hashable, Sendable {
        /// The sectors.
        public var sectors: Range<Int>
        /// What is wrong with each of them.
        public var faults: SectorFaults
        /// The bytes that a repair changes in all of them; `nil` if they can't be repaired, or need not.
        public var changedBytes: Int?
        /// By how many sectors the addresses in their headers are greater than theirs; `nil` if they are
        /// right, or no addresses.
        public var headerOffset: Int?

        /// Whether the sectors can be repaired.
        public var isRepairable: Bool { changedBytes != nil }
        /// Whether data of theirs are lost, or may be.
        public var isLost: Bool { faults.affectData && !isRepairable }
    }

    /// The runs, in the order of the disc; there is nothing wrong with any other sector.
    public private(set) var runs: [Run] = []
    /// How many sectors were looked at: those of data tracks that are kept with their EDC, pregaps left
    /// out.
    public private(set) var checkedSectors = 0
    /// How many more could not be read.
    public private(set) var unreadableSectors = 0

    /// The sectors that can be repaired.
    public var repairable: [Run] { runs.filter(\.isRepairable) }
    /// The sectors whose EDC is wrong, or that are empty, and that can't be repaired.
    public var lost: [Run] { runs.filter(\.isLost) }
    /// The sectors whose data are right, and whose header or parity isn't, or whose sync isn't and
    /// can't be repaired.
    public var irregular: [Run] { runs.filter { !$0.isRepairable && !$0.isLost } }

    /// Looks at all sectors of a CD; other discs keep no raw ones.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - cancellation: A wish to stop.
    ///   - progress: Told the number of sectors that were looked at, of all that the tracks have.
    /// - Throws: What the disc throws besides `UnreadableSectors`.
    public init(
        of disc: any DiscSource,
        _ cancellation: Cancellation? = nil,
        progress: (Int) -> Void = { _ in }
    ) throws {
        guard disc.medium.facts.family == .cd else { return }
        let examiners = SectorExaminers<[Run]>([], Self.runs) { $0 += $1 }
        defer { examiners.stop() }
        var done = 0
        for (sectors, storage, track) in disc.stretches() {
            defer { done += sectors.count }
            guard track.mode.isData, Self.hasEDC(storage.form) else { continue }
            // Programs leave all sorts of things in pregaps.
            var left = max(sectors.lowerBound, track.start.rawValue)..<sectors.upperBound
            checkedSectors += left.count
            while !left.isEmpty, !(cancellation?.isRequested ?? false) {
                let piece = left.prefix(SectorPiece.most)
                unreadableSectors += try examiners.read(piece, .sectors, of: disc, storage, track)
                left = piece.upperBound..<left.upperBound
                progress(done + piece.upperBound - sectors.lowerBound)
            }
        }
        checkedSectors -= unreadableSectors
        runs = Self.joined(examiners.finish())
    }

    /// Whether sectors that are kept like that have an EDC of their own.
    private static func hasEDC(_ form: SectorForm) -> Bool { form == .raw || form == .mode2 }

    // MARK: Sectors

    /// What is wrong with some sectors.
    private static func runs(_ piece: SectorPiece) -> [Run] {
        piece.sectors.enumerated().compactMap { i, address in
            let place = (i * RawSector.size)..<((i + 1) * RawSector.size)
            guard place.upperBound <= piece.bytes.count else { return nil }
            return run(piece.bytes.span.extracting(place), at: address, piece.storage.mode)
        }
    }

    private static func run(_ sector: Span<UInt8>, at address: Int, _ mode: TrackMode) -> Run? {
        let condition = SectorCondition(of: sector, in: mode, at: LBA(address))
        guard !condition.faults.isEmpty else { return nil }
        var run = Run(sectors: address..<(address + 1), faults: condition.faults)
        var copy = InlineArray<2352, UInt8>(repeating: 0)
        var span = copy.mutableSpan
        for i in 0..<RawSector.size { span[i] = sector[i] }
        if case .done(let changed) = RawSector.repair(&span, in: mode, at: LBA(address)) {
            run.changedBytes = changed
        }
        // Without a right EDC, the header may be what is damaged.
        if !condition.faults.affectData,
            let time = MSF(bcd: sector[12], sector[13], sector[14]),
            time.lbaInProgramArea != LBA(address)
        {
            run.headerOffset = time.lbaInProgramArea - LBA(address)
        }
        return run
    }

    /// Runs as long as they can be, in the order of the disc.
    private static func joined(_ runs: [Run]) -> [Run] {
        let sorted = runs.sorted { $0.sectors.lowerBound < $1.sectors.lowerBound }
        return sorted.reduce(into: []) { joined, run in
            guard let last = joined.last, last.sectors.upperBound == run.sectors.lowerBound,
                last.faults == run.faults, last.isRepairable == run.isRepairable,
                last.headerOffset == run.headerOffset
            else { return joined.append(run) }
            joined[joined.count - 1].sectors =
                last.sectors.lowerBound..<run.sectors.upperBound
            joined[joined.count - 1].changedBytes = last.changedBytes.map {
                $0 + (run.changedBytes ?? 0)
            }
        }
    }
}
