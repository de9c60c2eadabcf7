import DiscModel
import TestSupport
import Testing

/// One sector of several damaged reads.
struct SectorVotesTests {
    private static let form1 = PlainSector.form1(600, SeededGenerator.some(2048, 9))
    private static let form2 = PlainSector.form2(600, SeededGenerator.some(2324, 10))

    /// Reads that are damaged in places, with C2 pointers or without.
    private func votes(
        _ sector: [UInt8],
        _ damages: [Range<Int>],
        c2: Bool = false
    ) -> SectorVotes {
        var random = SeededGenerator(seed: 77)
        var votes = SectorVotes(mode: .mode2Mixed, address: LBA(600))
        for damage in damages {
            var read = sector
            var suspects = SuspectBytes()
            for place in damage {
                read[place] ^= UInt8.random(in: 1...255, using: &random)
                suspects[place] = true
            }
            votes.add(read.span, suspects: c2 ? suspects : nil)
        }
        return votes
    }

    @Test func `a read that is right`() {
        let votes = votes(Self.form1, [100..<900, 0..<0, 100..<900])
        #expect(votes.verdict() == .init(sector: Self.form1, ground: .read))
    }

    @Test(arguments: [true, false])
    func `a majority of reads that are all damaged`(_ isForm1: Bool) {
        let sector = isForm1 ? Self.form1 : Self.form2
        let votes = votes(sector, [24..<700, 701..<1400, 1401..<2300])
        #expect(votes.verdict() == .init(sector: sector, ground: .majority))
        let most = votes.majority()
        #expect(most?.sector == sector)
        #expect(most?.doubtful.isEmpty == true)
    }

    @Test(arguments: [true, false])
    func `C2 counts for more than a second read`(_ isForm1: Bool) {
        let sector = isForm1 ? Self.form1 : Self.form2
        // The same bytes of two reads are wrong, and the third read has them right.
        var read = sector
        for place in 500..<1500 { read[place] ^= 1 }
        var suspects = SuspectBytes()
        for place in 400..<1600 { suspects[place] = true }
        var votes = votes(sector, [1600..<1900], c2: true)
        votes.add(read.span, suspects: suspects)
        votes.add(read.span, suspects: suspects)
        #expect(votes.verdict() == .init(sector: sector, ground: .majority))
    }

    @Test(arguments: [true, false])
    func `stretches of two reads, where nobody says which is right`(_ isForm1: Bool) {
        let sector = isForm1 ? Self.form1 : Self.form2
        let votes = votes(sector, [100..<400, 1500..<2000])
        #expect(votes.verdict() == .init(sector: sector, ground: .selection))
        #expect(votes.majority()?.doubtful.count == 800)
    }

    @Test func `stretches of two reads, of which parity corrects the rest`() {
        // Some bytes are wrong in both.
        var sector = Self.form1
        for place in stride(from: 110, to: 2000, by: 189) { sector[place] ^= 0x0F }
        let votes = votes(sector, [200..<900, 1200..<1900])
        #expect(votes.verdict() == .init(sector: Self.form1, ground: .parity))
    }

    @Test func `parity alone, with the places that C2 tells`() {
        let votes = votes(Self.form1, [500..<672], c2: true)
        #expect(votes.verdict() == .init(sector: Self.form1, ground: .parity))
        #expect(self.votes(Self.form1, [500..<672]).verdict() == nil)
    }

    @Test func `what is wrong in all reads of form 2 stays wrong`() {
        var sector = Self.form2
        sector[1000] ^= 1
        #expect(votes(sector, [24..<700, 701..<900, 1401..<2300]).verdict() == nil)
        #expect(SectorVotes(mode: .mode2Mixed, address: LBA(600)).verdict() == nil)
        #expect(SectorVotes(mode: .mode2Mixed, address: LBA(600)).majority() == nil)
    }

    @Test func `another sector is none, right or not`() {
        var votes = SectorVotes(mode: .mode1, address: LBA(600))
        votes.add(PlainSector.mode1(601, SeededGenerator.some(2048, 3)).span)
        #expect(votes.verdict() == nil)
        let right = PlainSector.mode1(600, SeededGenerator.some(2048, 4))
        votes.add(right.span)
        #expect(votes.verdict() == .init(sector: right, ground: .read))
    }

    /// The limit of time catches a search without an end; it says nothing about speed.
    @Test(.timeLimit(.minutes(5)))
    func `noise, as often as it comes, proves nothing and the search ends`() {
        var random = SeededGenerator(seed: 5)
        for mode in [TrackMode.mode1, .mode2Mixed, .mode2] {
            var votes = SectorVotes(mode: mode, address: LBA(600))
            for _ in 0..<(SectorVotes.mostReads + 5) {
                votes.add(random.bytes(RawSector.size).span)
            }
            votes.add(random.bytes(2351).span)
            #expect(votes.count == SectorVotes.mostReads)
            #expect(votes.verdict() == nil)
        }
    }
}

extension SeededGenerator {
    static func some(_ count: Int, _ seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return random.bytes(count)
    }
}
