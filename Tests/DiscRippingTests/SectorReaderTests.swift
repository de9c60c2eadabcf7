import DiscDrives
import DiscModel
import DiscRipping
import MMC
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

@Suite struct SectorReaderTests {
    /// A reader over a disc, and everything that it has read.
    private struct Reading {
        let disc: FakeDisc
        var reader: SectorReader
        var bytes: [UInt8] = []

        init(
            _ disc: FakeDisc,
            sectors: Int,
            gaps: [Range<Int>] = [],
            profile: Int = 0x10,
            largestTransfer: Int = 512 << 10
        ) throws {
            self.disc = disc
            let drive = try Drive("/dev/sr0", over: disc, largestTransfer: largestTransfer)
            let report = DiscReport(profile: Profile(rawValue: profile), state: .complete)
            let source = DriveSource(drive, report, sectors: sectors)
            reader = SectorReader(source: source, sectors: sectors, gaps: gaps)
        }

        /// Reads on, so many sectors at a time.
        mutating func readAll(_ chunk: Int, isCancelled: () -> Bool = { false }) throws {
            while true {
                var buffer = [UInt8](repeating: 0xEE, count: chunk * 2048)
                var span = buffer.mutableSpan
                let count = try reader.fill(
                    &span,
                    from: bytes.count / 2048,
                    isCancelled: isCancelled
                )
                if count == 0 { return }
                bytes += buffer.prefix(count * 2048)
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
        let failure = #expect(throws: Failure.self) { try reading.readAll(256) }
        #expect(failure?.status == .failed)
        #expect(disc.reads.count == 3)
        #expect(reading.reader.map.ranges(.finished) == [0..<512])
        #expect(reading.reader.map.count(.bad) == 0)
    }

    @Test func `a drive that spins its disc up again is waited for`() throws {
        let disc = FakeDisc()
        disc.complaint = (from: 2, times: 2, sense: Sense(.notReady, 0x04, 0x01))
        var reading = try Reading(disc, sectors: 1000)
        try reading.readAll(256)
        #expect(reading.isRight(zeros: []))
        #expect(reading.reader.map.ranges(.finished) == [0..<1000])
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

    @Test(arguments: [1, 7, 32, 512, 1000])
    func `a good disc is read in as few commands as can be`(_ chunk: Int) throws {
        let disc = FakeDisc()
        var reading = try Reading(disc, sectors: 1000)
        try reading.readAll(chunk)
        #expect(reading.bytes.count == 1000 * 2048)
        #expect(reading.isRight(zeros: []))
        #expect(reading.reader.map.ranges(.finished) == [0..<1000])
        #expect(disc.reads.allSatisfy { $0.count <= 256 })
        if chunk == 512 { #expect(disc.reads.count == 4) }
    }

    @Test(arguments: 0..<10)
    func `bad sectors become zeros, and only they`(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let disc = FakeDisc()
        for _ in 0..<6 {
            let start = Int.random(in: 0..<900, using: &generator)
            disc.bad.formUnion(start..<start + Int.random(in: 1...9, using: &generator))
        }
        var reading = try Reading(disc, sectors: 900, gaps: [300..<350])
        try reading.readAll(Int.random(in: 1...600, using: &generator))
        let bad = disc.bad.filter { $0 < 900 && !(300..<350).contains($0) }
        #expect(reading.bytes.count == 900 * 2048)
        #expect(reading.isRight(zeros: bad.union(300..<350)))
        #expect(Array(reading.reader.map.ranges(.bad).joined()) == bad.sorted())
        #expect(reading.reader.map.count(.finished) == 900 - bad.count)
        #expect(disc.reads.allSatisfy { !$0.overlaps(300..<350) })
    }

    @Test func `one bad sector costs a few commands, not one for each sector`() throws {
        let disc = FakeDisc()
        disc.bad = [777]
        var reading = try Reading(disc, sectors: 1024)
        try reading.readAll(512)
        #expect(reading.isRight(zeros: [777]))
        #expect(disc.reads.count <= 4 + 2 * 8)
        #expect(disc.reads.filter { $0.contains(777) }.count == 9)
    }

    @Test(arguments: [[0..<1000], [0..<10, 990..<1000], [255..<257, 511..<513]])
    func `gaps at the ends and across commands`(_ gaps: [Range<Int>]) throws {
        let disc = FakeDisc()
        var reading = try Reading(disc, sectors: 1000, gaps: gaps)
        try reading.readAll(512)
        #expect(reading.bytes.count == 1000 * 2048)
        #expect(reading.isRight(zeros: Set(gaps.joined())))
        #expect(reading.reader.map.ranges(.finished) == [0..<1000])
        #expect(disc.reads.allSatisfy { read in gaps.allSatisfy { !$0.overlaps(read) } })
    }

    @Test func `a way that carries no large commands is given small ones`() throws {
        let disc = FakeDisc()
        disc.carried = 32
        disc.bad = [5, 600]
        var reading = try Reading(disc, sectors: 1000)
        try reading.readAll(512)
        #expect(reading.isRight(zeros: [5, 600]))
        #expect(reading.reader.map.count(.bad) == 2)
        // Found out once.
        #expect(disc.reads.filter { $0.count > 32 }.count == 1)
    }

    @Test(arguments: [512 << 10, 32 << 10])
    func `a bridge may carry 32 KiB`(_ largestTransfer: Int) throws {
        let disc = FakeDisc()
        disc.carried = 16
        var reading = try Reading(disc, sectors: 1000, largestTransfer: largestTransfer)
        try reading.readAll(512)
        #expect(reading.isRight(zeros: []))
        #expect(disc.reads.filter { $0.count > 16 }.count == (largestTransfer > 32 << 10 ? 2 : 0))
    }

    @Test func `sectors over which the system loses patience are bad, and the others are read`()
        throws
    {
        let disc = FakeDisc()
        disc.hanging = [600, 601, 900]
        var reading = try Reading(disc, sectors: 1000)
        try reading.readAll(512)
        #expect(reading.isRight(zeros: [600, 601, 900]))
        #expect(reading.reader.map.count(.bad) == 3)
    }

    @Test func `a drive that reads nothing before the system loses patience is out of order`()
        throws
    {
        let disc = FakeDisc()
        disc.hanging = Set(0..<100)
        var reading = try Reading(disc, sectors: 100)
        #expect(throws: TransportError.self) { try reading.readAll(100) }
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
        try reading.readAll(512)
        #expect(reading.isRight(zeros: [5]))
        #expect(reading.reader.map.count(.bad) == 1)
    }

    @Test func `a way that carries nothing is no damage of the disc`() throws {
        let disc = FakeDisc()
        disc.carried = 0
        var reading = try Reading(disc, sectors: 100)
        #expect(throws: TransportError.self) { try reading.readAll(100) }
    }

    @Test func `a bridge that cuts large commands short is given small ones`() throws {
        let disc = FakeDisc()
        disc.delivered = 64
        var reading = try Reading(disc, sectors: 1000)
        try reading.readAll(512)
        #expect(reading.isRight(zeros: []))
        #expect(reading.reader.map.ranges(.finished) == [0..<1000])
        #expect(disc.reads.filter { $0.count > 32 }.count == 1)
    }

    @Test func `what a bridge cuts short in small commands is read in smaller ones`() throws {
        let disc = FakeDisc()
        disc.delivered = 7
        var reading = try Reading(disc, sectors: 100)
        try reading.readAll(64)
        #expect(reading.isRight(zeros: []))
        #expect(reading.reader.map.ranges(.finished) == [0..<100])
        disc.delivered = 0
        var nothing = try Reading(disc, sectors: 3)
        try nothing.readAll(3)
        #expect(nothing.isRight(zeros: [0, 1, 2]))
        #expect(nothing.reader.map.ranges(.bad) == [0..<3])
    }

    @Test func `an attention is asked over, and damages nothing`() throws {
        let disc = FakeDisc()
        disc.attentions = 2
        var reading = try Reading(disc, sectors: 100)
        try reading.readAll(64)
        #expect(reading.isRight(zeros: []))
        #expect(reading.reader.map.count(.bad) == 0)
    }

    @Test func `a second try brings back what can be read again`() throws {
        let disc = FakeDisc()
        disc.bad = [10, 11, 50]
        var reading = try Reading(disc, sectors: 100)
        try reading.readAll(64)
        disc.bad = [11]
        var recovered: [Int] = []
        try reading.reader.retry(isCancelled: { false }) { sector, bytes in
            #expect(bytes.count == 2048 && bytes[0] == FakeDisc.byte(sector))
            recovered.append(sector)
        }
        #expect(recovered == [10, 50])
        #expect(reading.reader.map.ranges(.bad) == [11..<12])
        try reading.reader.retry(isCancelled: { true }) { _, _ in Issue.record("cancelled") }
    }

    @Test func `a wish to stop is heeded between two commands, in damage too`() throws {
        let disc = FakeDisc()
        disc.bad = Set(256..<1000)
        var reading = try Reading(disc, sectors: 1000)
        try reading.readAll(512) { disc.reads.count >= 6 }
        #expect(disc.reads.count == 6)
        #expect(reading.bytes.count == 256 * 2048)
        // The map claims no more than was handed out.
        #expect(reading.reader.map.ranges(.finished) == [0..<256])
        #expect(reading.reader.map.ranges(.untried) == [256..<1000])
    }

    @Test func `what was read and not handed out is not finished`() throws {
        let disc = FakeDisc()
        disc.lifetime = 3
        var reading = try Reading(disc, sectors: 2000)
        #expect(throws: TransportError.self) { try reading.readAll(512) }
        #expect(reading.bytes.count == 512 * 2048)
        #expect(reading.reader.map.ranges(.finished) == [0..<512])
        #expect(reading.reader.map.ranges(.untried) == [512..<2000])
    }
}
