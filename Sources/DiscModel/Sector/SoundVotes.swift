/// Several reads of one sector of audio, and what they say together.
///
/// A byte is sure if two reads at least brought the same without a flag of C2. C2 misses errors: each
/// read that brought another one without a flag has to be outvoted by two more.
public struct SoundVotes: Sendable {
    private struct Read {
        var bytes: [UInt8]
        /// A bit for each byte that could not be corrected, the highest first (MMC-6 §6.19.2.5).
        var flags: [UInt8]

        func isFlagged(_ place: Int) -> Bool {
            let byte = place / 8
            return byte < flags.count && flags[byte] & (0x80 >> UInt8(place % 8)) != 0
        }
    }

    /// What a byte without a flag counts, where one with a flag counts 1.
    private static let sureWeight = 128
    private var reads: [Read] = []

    /// How often the sector was read.
    public var count: Int { reads.count }

    /// Begins without a read.
    public init() {}

    /// Adds a read.
    ///
    /// - Parameters:
    ///   - sector: The sector's 2352 bytes; of others nothing is taken.
    ///   - flags: C2's flags, a bit for each byte, or none at all; those behind them count as right.
    public mutating func add(_ sector: Span<UInt8>, flags: Span<UInt8>) {
        guard sector.count == RawSector.size else { return }
        reads.append(
            Read(
                bytes: (0..<sector.count).map { sector[$0] },
                flags: (0..<min(flags.count, RawSector.size / 8)).map { flags[$0] }
            )
        )
    }

    /// What the reads say together; `nil` if there are none.
    ///
    /// - Returns: The sector, and whether each of its bytes is sure.
    public func verdict() -> (sector: [UInt8], isSure: Bool)? {
        guard var sector = reads.first?.bytes else { return nil }
        var isSure = true
        let isPlain = reads.allSatisfy { $0.bytes == sector && $0.flags.allSatisfy { $0 == 0 } }
        if isPlain { return (sector, reads.count > 1) }
        for place in sector.indices {
            var weights: [UInt8: Int] = [:]
            var sure: [UInt8: Int] = [:]
            for read in reads {
                let isFlagged = read.isFlagged(place)
                weights[read.bytes[place], default: 0] += isFlagged ? 1 : Self.sureWeight
                if !isFlagged { sure[read.bytes[place], default: 0] += 1 }
            }
            let best = weights.max { ($0.value, $1.key) < ($1.value, $0.key) }
            sector[place] = best?.key ?? sector[place]
            let votes = sure[sector[place]] ?? 0
            let others = sure.values.reduce(0, +) - votes
            if votes < 2 + 2 * others { isSure = false }
        }
        return (sector, isSure)
    }
}
