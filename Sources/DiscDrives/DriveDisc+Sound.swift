import DiscModel
import LinuxCalls
import MMC
import Transfer

extension DriveDisc {
    /// How often a doubtful sector is read, the first time included.
    private static let mostSoundReads = 8
    /// Sectors that are read elsewhere between two reads: no drive is known to keep more audio.
    private static let awaySectors = 2400
    /// Sectors around that a drive may have read ahead.
    private static let nearSectors = 64
    /// How often the drive is sent away for the sake of one disc: each time takes a second or two.
    private static let mostJourneys = 400

    /// A sector of audio in which C2 had doubts, and all reads of it.
    struct Doubt {
        let address: Int
        var votes = SoundVotes()
    }

    /// What came of such a sector.
    struct Settled {
        let address: Int
        let sector: [UInt8]
        let isSure: Bool
    }

    /// Reads sectors again in which C2 had doubts, until two reads agree about each of their bytes without
    /// a flag, or the reads are enough.
    ///
    /// Before each reading the drive reads as much elsewhere as it can keep, so that it reads the disc
    /// again and not its buffer.
    ///
    /// - Parameter doubts: The sectors, in rising order and near each other, with their first reads.
    /// - Returns: What the reads of each say together.
    /// - Throws: What the drive throws besides `UnreadableSectors`.
    func readAgain(_ doubts: [Doubt]) throws -> [Settled] {
        var open = doubts
        var settled: [Settled] = []
        guard let first = doubts.first?.address, let last = doubts.last?.address else { return [] }
        for _ in 1..<Self.mostSoundReads where !open.isEmpty && journeys < Self.mostJourneys {
            journeys += 1
            try goAway(from: first..<last + 1)
            var rest: [Doubt] = []
            for var doubt in open {
                try addRead(to: &doubt)
                if let verdict = doubt.votes.verdict(), verdict.isSure {
                    settled.append(
                        Settled(address: doubt.address, sector: verdict.sector, isSure: true)
                    )
                } else {
                    rest.append(doubt)
                }
            }
            open = rest
        }
        for doubt in open {
            guard let verdict = doubt.votes.verdict() else { continue }
            settled.append(
                Settled(address: doubt.address, sector: verdict.sector, isSure: false)
            )
        }
        return settled
    }

    private func addRead(to doubt: inout Doubt) throws {
        let source = source(.audio)
        var bytes = [UInt8](repeating: 0, count: source.sectorSize)
        do {
            var span = bytes.mutableSpan
            try source.readRun(at: doubt.address, sectors: 1, into: &span)
        } catch is UnreadableSectors {
            return
        }
        let flags = min(RawSector.size + Command.SectorParts.errorFlagBytes, bytes.count)
        doubt.votes.add(
            bytes.span.extracting(0..<RawSector.size),
            flags: bytes.span.extracting(RawSector.size..<flags)
        )
    }

    /// Has the drive read elsewhere, within the audio around.
    private func goAway(from sectors: Range<Int>) throws {
        let source = source(.audio)
        let near = sectors.lowerBound - Self.nearSectors..<sectors.upperBound + Self.nearSectors
        var left = Self.awaySectors
        // What lies behind first: that is where the head goes on.
        let sound = layout.tracks.filter { $0.mode == .audio && $0.length > 0 }
            .map { $0.start.rawValue..<($0.end.rawValue - (runOut[$0.number] ?? 0)) }
        let parts =
            sound.map { max($0.lowerBound, near.upperBound)..<max($0.upperBound, near.upperBound) }
            + sound.map {
                min($0.lowerBound, near.lowerBound)..<min($0.upperBound, near.lowerBound)
            }
        var bytes = [UInt8](repeating: 0, count: source.sectorsPerCommand * source.sectorSize)
        for part in parts {
            var next = part.lowerBound
            while next < part.upperBound, left > 0 {
                let count = min(source.sectorsPerCommand, part.upperBound - next, left)
                var span = bytes.mutableSpan
                var piece = span._mutatingExtracting(0..<count * source.sectorSize)
                do {
                    try source.readRun(at: next, sectors: count, into: &piece)
                } catch is UnreadableSectors {
                    // It went there all the same.
                }
                next += count
                left -= count
            }
        }
    }
}
