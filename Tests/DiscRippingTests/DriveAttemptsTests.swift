import DiscDrives
import DiscModel
import DiscRipping
import MMC
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// What a salvage reads of a disc through a drive.
@Suite struct DriveAttemptsTests {
    /// A salvage over a disc, and everything that it has read.
    private struct Reading {
        let disc: FakeDisc
        let attempts: any DiscAttempts
        var salvage: Salvage
        var bytes: [UInt8]

        init(
            _ disc: FakeDisc,
            sectors: Int,
            gaps: [Range<Int>] = [],
            profile: Int = 0x10,
            largestTransfer: Int = 512 << 10,
            retries: Int = 1
        ) throws {
            self.disc = disc
            let drive = try Drive("/dev/sr0", over: disc, largestTransfer: largestTransfer)
            let report = DiscReport(profile: Profile(rawValue: profile), state: .complete)
            attempts = DriveDisc(drive, report, sectors: sectors, gaps: gaps).attempts()
            var map = SalvageMap(sectors: sectors)
            for gap in gaps { map.mark(gap, .finished) }
            salvage = Salvage(
                map,
                SalvageSettings(
                    sectorsPerBlock: profile == 0x10 ? 16 : 1,
                    largestRead: attempts.largestRead,
                    retries: retries
                )
            )
            bytes = [UInt8](repeating: 0, count: sectors * 2048)
        }

        var map: SalvageMap { salvage.map }

        mutating func run(isCancelled: () -> Bool = { false }) throws {
            while let attempt = salvage.next(at: 0), !isCancelled() {
                var buffer = [UInt8](repeating: 0xEE, count: attempt.sectors.count * 2048)
                var span = buffer.mutableSpan
                let outcome = try attempts.make(
                    .user,
                    at: attempt.sectors,
                    attempt.effort,
                    into: &span
                )
                if outcome == .read {
                    let start = attempt.sectors.lowerBound * 2048
                    bytes.replaceSubrange(start..<start + buffer.count, with: buffer)
                }
                salvage.learn(outcome, seconds: 0)
            }
        }

        /// Whether what was read is what the disc holds, with zeros where it holds nothing.
        func isRight(zeros: Set<Int>) -> Bool {
            (0..<bytes.count / 2048).allSatisfy { sector in
                let expected = zeros.contains(sector) ? 0 : FakeDisc.byte(sector)
                return bytes[sector * 2048..<(sector + 1) * 2048].allSatisfy { $0 == expected }
            }
        }
    }

    @Test(arguments: [Sense(.unitAttention, 0x28, 0), Sense(.notReady, 0x3A, 2)])
    func `a disc that is changed or taken out ends the reading`(_ sense: Sense) throws {
        let disc = FakeDisc()
        disc.complaint = (from: 2, times: 1, sense: sense)
        var reading = try Reading(disc, sectors: 1000)
        let failure = #expect(throws: Failure.self) { try reading.run() }
        #expect(failure?.status == .failed)
        #expect(disc.reads.count == 3)
        #expect(reading.map.ranges(.finished) == [0..<512])
        #expect(reading.map.count(.bad) == 0)
    }

    @Test func `a drive that spins its disc up again is waited for`() throws {
        let disc = FakeDisc()
        disc.complaint = (from: 2, times: 2, sense: Sense(.notReady, 0x04, 0x01))
        var reading = try Reading(disc, sectors: 1000)
        try reading.run()
        #expect(reading.isRight(zeros: []))
        #expect(reading.map.ranges(.finished) == [0..<1000])
    }

    @Test func `a sector behind all addresses is none, and not another one`() throws {
        let disc = FakeDisc()
        let drive = try Drive("/dev/sr0", over: disc)
        let report = DiscReport(profile: Profile(rawValue: 0x10), state: .complete)
        let source = DriveSource(drive, report, sectors: 1 << 33)
        var bytes = [UInt8](repeating: 0, count: 2048)
        var span = bytes.mutableSpan
        #expect(throws: UnreadableSectors.self) {
            try source.readRun(at: 1 << 32, sectors: 1, into: &span)
        }
        #expect(disc.reads.isEmpty)
    }

    @Test func `a good disc is read in as few commands as can be`() throws {
        let disc = FakeDisc()
        var reading = try Reading(disc, sectors: 1000)
        try reading.run()
        #expect(reading.isRight(zeros: []))
        #expect(reading.map.ranges(.finished) == [0..<1000])
        #expect(disc.reads.allSatisfy { $0.count <= 256 })
        #expect(disc.reads.count == 4)
    }

    @Test(arguments: 0..<10)
    func `bad sectors become zeros, and only they`(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let disc = FakeDisc()
        for _ in 0..<6 {
            let start = Int.random(in: 0..<900, using: &generator)
            disc.bad.formUnion(start..<start + Int.random(in: 1...9, using: &generator))
        }
        var reading = try Reading(disc, sectors: 900, gaps: [300..<350], retries: 2)
        try reading.run()
        let bad = disc.bad.filter { $0 < 900 && !(300..<350).contains($0) }
        #expect(reading.isRight(zeros: bad.union(300..<350)))
        #expect(Array(reading.map.ranges(.bad).joined()) == bad.sorted())
        #expect(reading.map.count(.finished) == 900 - bad.count)
        #expect(disc.reads.allSatisfy { !$0.overlaps(300..<350) })
    }

    @Test func `one bad sector costs a few commands, not one for each sector`() throws {
        let disc = FakeDisc()
        disc.bad = [777]
        var reading = try Reading(disc, sectors: 1024)
        try reading.run()
        #expect(reading.isRight(zeros: [777]))
        #expect(disc.reads.count <= 40)
        #expect(disc.reads.filter { $0.contains(777) }.count <= 5)
    }

    @Test(arguments: [[0..<1000], [0..<10, 990..<1000], [255..<257, 511..<513]])
    func `gaps at the ends and across commands`(_ gaps: [Range<Int>]) throws {
        let disc = FakeDisc()
        var reading = try Reading(disc, sectors: 1000, gaps: gaps)
        try reading.run()
        #expect(reading.isRight(zeros: Set(gaps.joined())))
        #expect(reading.map.ranges(.finished) == [0..<1000])
        #expect(disc.reads.allSatisfy { read in gaps.allSatisfy { !$0.overlaps(read) } })
    }

    @Test func `a way that carries no large commands is given small ones`() throws {
        let disc = FakeDisc()
        disc.carried = 32
        disc.bad = [5, 600]
        var reading = try Reading(disc, sectors: 1000)
        try reading.run()
        #expect(reading.isRight(zeros: [5, 600]))
        #expect(reading.map.count(.bad) == 2)
        // Found out once.
        #expect(disc.reads.filter { $0.count > 32 }.count == 1)
    }

    @Test(arguments: [512 << 10, 32 << 10])
    func `a bridge may carry 32 KiB`(_ largestTransfer: Int) throws {
        let disc = FakeDisc()
        disc.carried = 16
        var reading = try Reading(disc, sectors: 1000, largestTransfer: largestTransfer)
        try reading.run()
        #expect(reading.isRight(zeros: []))
        #expect(disc.reads.filter { $0.count > 16 }.count == (largestTransfer > 32 << 10 ? 2 : 0))
    }

    @Test func `sectors over which the system loses patience are bad, and the others are read`()
        throws
    {
        let disc = FakeDisc()
        disc.hanging = [600, 601, 900]
        var reading = try Reading(disc, sectors: 1000)
        try reading.run()
        #expect(reading.isRight(zeros: [600, 601, 900]))
        #expect(reading.map.count(.bad) == 3)
    }

    @Test func `a drive that reads nothing before the system loses patience is out of order`()
        throws
    {
        let disc = FakeDisc()
        disc.hanging = Set(0..<100)
        var reading = try Reading(disc, sectors: 100)
        #expect(throws: TransportError.self) { try reading.run() }
    }

    @Test(arguments: [
        Sense(.illegalRequest, 0x20, 0x00), Sense(.illegalRequest, 0x24, 0x00),
        Sense(.illegalRequest, 0x64, 0x00),
    ])
    func `a CD is read without READ CD where the drive refuses it`(_ refusal: Sense) throws {
        let disc = FakeDisc()
        disc.refusal = refusal
        disc.bad = [5]
        var reading = try Reading(disc, sectors: 1000, profile: 0x09)
        try reading.run()
        #expect(reading.isRight(zeros: [5]))
        #expect(reading.map.count(.bad) == 1)
    }

    @Test func `a way that carries nothing is no damage of the disc`() throws {
        let disc = FakeDisc()
        disc.carried = 0
        var reading = try Reading(disc, sectors: 100)
        #expect(throws: TransportError.self) { try reading.run() }
    }

    @Test func `a bridge that cuts large commands short is given small ones`() throws {
        let disc = FakeDisc()
        disc.delivered = 64
        var reading = try Reading(disc, sectors: 1000)
        try reading.run()
        #expect(reading.isRight(zeros: []))
        #expect(reading.map.ranges(.finished) == [0..<1000])
        #expect(disc.reads.filter { $0.count > 32 }.count == 1)
    }

    @Test func `what a bridge cuts short in small commands is read in smaller ones`() throws {
        let disc = FakeDisc()
        disc.delivered = 7
        var reading = try Reading(disc, sectors: 100)
        try reading.run()
        #expect(reading.isRight(zeros: []))
        #expect(reading.map.ranges(.finished) == [0..<100])
        disc.delivered = 0
        var nothing = try Reading(disc, sectors: 3)
        try nothing.run()
        #expect(nothing.isRight(zeros: [0, 1, 2]))
        #expect(nothing.map.ranges(.bad) == [0..<3])
    }

    @Test func `an attention is asked over, and damages nothing`() throws {
        let disc = FakeDisc()
        disc.attentions = 2
        var reading = try Reading(disc, sectors: 100)
        try reading.run()
        #expect(reading.isRight(zeros: []))
        #expect(reading.map.count(.bad) == 0)
    }

    @Test func `a wish to stop is heeded between two commands, in damage too`() throws {
        let disc = FakeDisc()
        disc.bad = Set(256..<1000)
        var reading = try Reading(disc, sectors: 1000)
        try reading.run { disc.reads.count >= 6 }
        #expect(disc.reads.count == 6)
        #expect(reading.map.ranges(.finished) == [0..<256])
    }

    @Test func `the sector that a drive names is the one that is left out`() throws {
        let disc = FakeDisc()
        disc.names = true
        disc.bad = Set(800..<816)
        var reading = try Reading(disc, sectors: 4096)
        try reading.run()
        #expect(reading.isRight(zeros: disc.bad))
        // Large pieces up to the block, and right behind it.
        #expect(disc.reads.prefix(5) == [0..<256, 256..<512, 512..<768, 768..<1024, 768..<800])
        #expect(disc.reads[5].lowerBound == 816)
    }

    @Test func `sectors that are protected are asked for once`() throws {
        let disc = FakeDisc()
        disc.names = true
        disc.bad = Set(800..<803)
        disc.badSense = Sense(.illegalRequest, 0x6F, 0x03)
        var reading = try Reading(disc, sectors: 1024)
        try reading.run()
        #expect(reading.isRight(zeros: disc.bad))
        #expect(reading.salvage.refused == RangeSet(800..<803))
        #expect(disc.reads.count { $0 == 801..<802 } <= 1)
    }

    @Test func `a drive is told to give up early, then to be patient, and is left as it was`()
        throws
    {
        let disc = FakeDisc()
        disc.bad = [100]
        disc.modePage = ModePages.Page(code: 1, data: [0, 16, 0, 0, 0, 0, 1, 0, 0, 0])
        var reading = try Reading(disc, sectors: 1024)
        try reading.run()
        reading.attempts.finish()
        #expect(disc.retryCounts == [1, 16])
        #expect(disc.speeds.count >= 2 && disc.speeds.last == 0xFFFF)
        // What is not damaged is not touched.
        let good = FakeDisc()
        good.modePage = disc.modePage
        var other = try Reading(good, sectors: 1024)
        try other.run()
        other.attempts.finish()
        #expect(good.retryCounts.isEmpty && good.speeds.isEmpty)
    }

    @Test func `a drive that was reset is told again`() throws {
        let disc = FakeDisc()
        disc.bad = [100]
        disc.modePage = ModePages.Page(code: 1, data: [0, 16, 0, 0, 0, 0, 1, 0, 0, 0])
        disc.complaint = (from: 6, times: 1, sense: Sense(.unitAttention, 0x29, 0x00))
        var reading = try Reading(disc, sectors: 4096)
        try reading.run()
        #expect(disc.retryCounts.starts(with: [1, 1]))
    }

    @Test func `a drive that goes away has read what it has read`() throws {
        let disc = FakeDisc()
        disc.lifetime = 3
        var reading = try Reading(disc, sectors: 2000)
        #expect(throws: TransportError.self) { try reading.run() }
        #expect(reading.map.ranges(.finished) == [0..<768])
        #expect(reading.map.ranges(.untried) == [768..<2000])
    }
}
