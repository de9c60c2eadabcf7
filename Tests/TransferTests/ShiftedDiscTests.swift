import DiscModel
import TestSupport
import Testing
import Transfer

/// Discs whose sound is read from elsewhere.
struct ShiftedDiscTests {
    /// Two tracks of sound around one of data, each sample another; data are their sector's number.
    private final class Disc: DiscSource {
        let medium = MediumKind.cdR
        let layout: DiscLayout
        static let sectors = 60
        static let data = 20..<30

        init() {
            let kinds: [(TrackMode, Range<Int>)] = [
                (.audio, 0..<20), (.mode1, Self.data), (.audio, 30..<Self.sectors),
            ]
            var session = DiscLayout.Session(number: 1, tracks: [], leadOut: LBA(Self.sectors))
            for (index, kind) in kinds.enumerated() {
                session.tracks.append(
                    Track(
                        number: index + 1,
                        session: 1,
                        mode: kind.0,
                        start: LBA(kind.1.lowerBound),
                        length: kind.1.count
                    )
                )
            }
            layout = DiscLayout(sessions: [session])
        }

        /// The sample at a place of the disc.
        static func sample(_ place: Int) -> UInt32 {
            UInt32(truncatingIfNeeded: place &* 0x9E37_79B1) | 1
        }

        var unreadable: Set<Int> = []
        var reads: [Range<Int>] = []

        func storage(at address: Int) -> SectorStorage {
            guard let track = layout.track(holding: address) else {
                return SectorStorage(mode: .audio, form: .absent, count: 1)
            }
            return SectorStorage(mode: track.mode, form: .raw, count: track.end.rawValue - address)
        }

        func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
            let count = min(buffer.count / 2352, storage(at: address).count)
            reads.append(address..<address + count)
            for sector in address..<address + count {
                guard !unreadable.contains(sector) else {
                    throw UnreadableSectors(start: sector, count: 1, reason: "a scratch")
                }
                for i in 0..<588 {
                    let value =
                        Self.data.contains(sector)
                        ? UInt32(sector) : Self.sample(sector * 588 + i)
                    for byte in 0..<4 {
                        buffer[(sector - address) * 2352 + i * 4 + byte] =
                            UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))
                    }
                }
            }
            return count
        }

        func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
            -> Int
        { 0 }
    }

    private func samples(_ disc: ShiftedDisc, _ sectors: Range<Int>, by piece: Int) throws
        -> [UInt32]
    {
        var bytes = [UInt8](repeating: 0xEE, count: sectors.count * 2352)
        var next = sectors.lowerBound
        while next < sectors.upperBound {
            let count = min(piece, sectors.upperBound - next)
            let start = (next - sectors.lowerBound) * 2352
            var span = bytes.mutableSpan
            var part = span._mutatingExtracting(start..<start + count * 2352)
            next += try disc.readStored(at: next, into: &part)
        }
        return (0..<bytes.count / 4).map { place in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[4 * place + $1]) << UInt32(8 * $1) }
        }
    }

    @Test(arguments: [0, 1, 30, 587, 588, 667, 1176, 1776, -1, -48, -588, -1164, 5880, -5880])
    func `samples come from where the offset says, in pieces of any size`(_ offset: Int) throws {
        for piece in [1, 7, 60] {
            let disc = ShiftedDisc(Disc(), by: offset)
            let found = try samples(disc, 0..<Disc.sectors, by: piece)
            var missing = 0
            for place in found.indices {
                let sector = place / 588
                guard !Disc.data.contains(sector) else {
                    #expect(found[place] == UInt32(sector))
                    continue
                }
                let from = place + offset
                let source = from >= 0 ? from / 588 : -1
                let isSound = from >= 0 && source < Disc.sectors && !Disc.data.contains(source)
                if !isSound { missing += 1 }
                let expected = isSound ? Disc.sample(from) : 0
                guard found[place] == expected else {
                    Issue.record("sample \(place) at \(offset) in \(piece)")
                    return
                }
            }
            #expect(disc.missingSamples == missing, "\(offset) in \(piece)")
        }
    }

    @Test(arguments: [0, 1, 30, 587, 588, 667, -1, -48, -588, -1164])
    func `each sector behind it has a place`(_ offset: Int) throws {
        let disc = ShiftedDisc(Disc(), by: offset)
        for sector in 36..<54 {
            let (sectors, byte) = disc.place(of: sector)
            let found = try samples(disc, sectors, by: 60)[(byte / 4)...].prefix(588)
            #expect(Array(found) == (0..<588).map { Disc.sample(sector * 588 + $0) }, "\(sector)")
        }
    }

    @Test func `what is known of the sectors behind it says what is known of its own`() {
        let known = RangeSet([32..<40, 41..<60])
        let disc = ShiftedDisc(Disc(), by: 30)
        #expect(disc.confirmed(32..<36, by: known) == RangeSet(32..<36))
        // Each needs the next one, too.
        #expect(disc.confirmed(36..<44, by: known) == RangeSet([36..<39, 41..<44]))
        // Data count as known, and so does what lies beyond the audio.
        #expect(disc.confirmed(20..<33, by: known) == RangeSet([20..<30, 32..<33]))
        #expect(disc.confirmed(58..<60, by: known) == RangeSet(58..<60))
        let whole = ShiftedDisc(Disc(), by: 588)
        #expect(whole.confirmed(36..<44, by: known) == RangeSet([36..<39, 40..<44]))
    }

    @Test func `what lies beyond the disc is asked for once, and is not missing if it comes`()
        throws
    {
        var asked: [Int] = []
        let disc = ShiftedDisc(Disc(), by: 667) { sector in
            asked.append(sector)
            return sector == 60 ? Array(repeating: 7, count: 2352) : nil
        }
        for _ in 0..<2 {
            let found = try samples(disc, 58..<60, by: 2)
            #expect(found[588 - 79 + 1 - 1..<588].allSatisfy { $0 != 0 })
            #expect(
                Array(found.suffix(667).prefix(588)) == Array(repeating: 0x0707_0707, count: 588)
            )
            #expect(found.suffix(79).allSatisfy { $0 == 0 })
        }
        #expect(asked == [60, 61])
        #expect(disc.missingSamples == 79)
    }

    @Test func `a sector that can't be read takes those with it that need it, and no others`()
        throws
    {
        let base = Disc()
        base.unreadable = [40]
        let disc = ShiftedDisc(base, by: 12)
        var bad: [Int] = []
        for sector in 30..<59 {
            do { _ = try samples(disc, sector..<sector + 1, by: 1) } catch is UnreadableSectors {
                bad.append(sector)
            }
        }
        #expect(bad == [39, 40])
        #expect(disc.destinations(of: [40..<41]) == [39..<41])
        #expect(ShiftedDisc(base, by: -12).destinations(of: [40..<41]) == [40..<42])
        #expect(ShiftedDisc(base, by: 588).destinations(of: [40..<41]) == [39..<40])
    }

    @Test func `reading on reads no sector twice`() throws {
        let base = Disc()
        _ = try samples(ShiftedDisc(base, by: 30), 30..<59, by: 4)
        let all = base.reads.flatMap { Array($0) }
        #expect(Set(all).count == all.count)
    }
}
