/// Several reads of one raw data sector, none of which need be right, and what they say together.
///
/// The bytes are taken by majority, in which a byte that a drive's C2 pointers suspect counts little;
/// where that isn't enough, P and Q correct what is in doubt, and stretches in which the reads differ
/// are taken from one or from another. What comes of it counts only if its EDC proves it. The reads that
/// are kept and the candidates that are tried are bounded.
public struct SectorVotes: Sendable {
    /// How a sector came to be right.
    public enum Ground: Hashable, Sendable {
        /// One of the reads has the right EDC.
        case read
        /// No read has, but the majority of them.
        case majority
        /// Stretches of several reads have together.
        case selection
        /// P and Q corrected bytes that the reads, or what was chosen of them, had wrong.
        case parity
    }

    /// A sector whose EDC is right.
    public struct Verdict: Hashable, Sendable {
        /// The sector.
        public var sector: [UInt8]
        /// How it came to be right.
        public var ground: Ground

        /// Creates a verdict.
        public init(sector: [UInt8], ground: Ground) {
            self.sector = sector
            self.ground = ground
        }
    }

    /// As many reads are kept: of more, the last.
    public static let mostReads = 32

    struct Read {
        var bytes: [UInt8]
        /// The weight of each byte: of one that nothing is known of, that is not suspected, and that is.
        var weights: [Int]
        var suspects: SuspectBytes?
    }

    /// The mode of the sector's track.
    public let mode: TrackMode
    /// The sector's address.
    public let address: LBA
    private(set) var reads: [Read] = []

    /// Begins without a read.
    ///
    /// - Parameters:
    ///   - mode: The mode of the sector's track.
    ///   - address: The sector's address: a sector whose header gives another one is another sector,
    ///     right or not.
    public init(mode: TrackMode, address: LBA) {
        self.mode = mode
        self.address = address
    }

    /// The number of reads that are kept.
    public var count: Int { reads.count }

    /// Adds a read.
    ///
    /// - Parameters:
    ///   - sector: 2352 bytes; fewer say nothing.
    ///   - suspects: The drive's C2 pointers; `nil` if it gave none.
    public mutating func add(_ sector: Span<UInt8>, suspects: SuspectBytes? = nil) {
        guard sector.count >= RawSector.size else { return }
        if reads.count == Self.mostReads { reads.removeFirst() }
        reads.append(
            Read(
                bytes: (0..<RawSector.size).map { sector[$0] },
                weights: (0..<RawSector.size).map { place in
                    suspects.map { $0[place] ? 1 : 8 } ?? 4
                },
                suspects: suspects
            )
        )
    }

    // MARK: Majority

    /// What most reads say, byte by byte, proven or not; of audio, too.
    ///
    /// - Returns: The sector, and the bytes of it that don't have more than half of the weight, or that
    ///   only suspected bytes speak for; `nil` without a read.
    public func majority() -> (sector: [UInt8], doubtful: SuspectBytes)? {
        guard let first = reads.first else { return nil }
        var sector = first.bytes
        var doubtful = SuspectBytes()
        for place in 0..<RawSector.size {
            let winner = winner(at: place)
            sector[place] = winner.value
            doubtful[place] = winner.isDoubtful
        }
        return (sector, doubtful)
    }

    private func winner(at place: Int) -> (value: UInt8, isDoubtful: Bool) {
        var best = (value: UInt8(0), weight: 0, isUnsuspected: false)
        var total = 0
        for (number, read) in reads.enumerated() {
            total += read.weights[place]
            let value = read.bytes[place]
            // Each value is counted where it comes first.
            guard !reads[..<number].contains(where: { $0.bytes[place] == value }) else { continue }
            let voters = reads[number...].filter { $0.bytes[place] == value }
            let weight = voters.reduce(0) { $0 + $1.weights[place] }
            guard weight > best.weight else { continue }
            best = (value, weight, voters.contains { $0.weights[place] > 1 })
        }
        return (best.value, 2 * best.weight <= total || !best.isUnsuspected)
    }

    /// The bytes in which not all reads agree, or that any of them suspects.
    var disputed: SuspectBytes {
        var disputed = SuspectBytes()
        for place in 0..<RawSector.size {
            disputed[place] = reads.contains {
                $0.bytes[place] != reads[0].bytes[place] || $0.weights[place] == 1
            }
        }
        return disputed
    }

    // MARK: Verdict

    /// The sector, as far as the reads prove it.
    ///
    /// - Returns: `nil` if nothing that was tried has a right EDC, the right address and a sync; so of
    ///   sectors that have no EDC.
    public func verdict() -> Verdict? {
        if let right = reads.first(where: { isProven($0.bytes) }) {
            return Verdict(sector: right.bytes, ground: .read)
        }
        guard let (sector, doubtful) = majority() else { return nil }
        if isProven(sector) { return Verdict(sector: sector, ground: .majority) }
        for suspects in [doubtful, disputed] {
            if let verdict = repaired(sector, suspects) { return verdict }
        }
        for read in reads {
            if let verdict = repaired(read.bytes, read.suspects) { return verdict }
        }
        let selections = selections()
        if let right = selections.first(where: isProven) {
            return Verdict(sector: right, ground: .selection)
        }
        return selections.lazy.compactMap { repaired($0, nil) }.first
    }

    private func repaired(_ sector: [UInt8], _ suspects: SuspectBytes?) -> Verdict? {
        var sector = sector
        var span = sector.mutableSpan
        guard
            case .done = RawSector.repair(&span, in: mode, at: address, suspects: suspects),
            isProven(sector)
        else { return nil }
        return Verdict(sector: sector, ground: .parity)
    }

    private func isProven(_ sector: [UInt8]) -> Bool {
        SectorCondition.isProven(sector.span, in: mode, at: address, despite: .ecc)
    }
}
