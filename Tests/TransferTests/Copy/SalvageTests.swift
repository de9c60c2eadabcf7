import TestSupport
import Testing
import Transfer

/// What is read of damaged discs, and how long drives take over it.
@Suite struct SalvageTests {
    /// A drive that was worked to the end, and what the reader knew then.
    private struct Work {
        var drive: SimulatedDrive
        var salvage: Salvage
        var attempts: [Salvage.Attempt] = []
        /// Seconds until 99 of 100 readable sectors had been read.
        var secondsToMost: Double?

        init(_ drive: SimulatedDrive, _ settings: SalvageSettings, map: SalvageMap? = nil) {
            self.drive = drive
            salvage = Salvage(map ?? SalvageMap(sectors: drive.sectors), settings)
        }

        var read: Set<Int> { Set(salvage.map.ranges(.finished).joined()) }

        /// Makes one attempt, and looks whether it was one that makes sense.
        mutating func step() -> Bool {
            guard let attempt = salvage.next(at: drive.seconds) else { return false }
            attempts.append(attempt)
            #expect(!attempt.sectors.isEmpty && attempt.sectors.lowerBound >= 0)
            #expect(attempt.sectors.upperBound <= drive.sectors)
            let before = salvage.map
            let isNew =
                before.first([.finished], from: attempt.sectors.lowerBound)
                .map { $0.sectors.lowerBound >= attempt.sectors.upperBound } ?? true
            #expect(isNew, "\(attempt) has been read already")
            let start = drive.seconds
            let outcome = drive.read(attempt.sectors, patiently: attempt.effort == .patient)
            salvage.learn(outcome, seconds: drive.seconds - start)
            #expect(salvage.map.count(.finished) >= before.count(.finished))
            return true
        }

        mutating func run() {
            let most = drive.readable.count * 99 / 100
            while step() {
                if secondsToMost == nil, salvage.map.count(.finished) >= most {
                    secondsToMost = drive.seconds
                }
            }
            #expect(salvage.next(at: drive.seconds) == nil)
        }
    }

    /// Damage of one kind.
    struct Pattern: CustomTestStringConvertible, Sendable {
        var name: String
        /// Bad blocks of 16 sectors of a disc of 4800.
        var blocks: [Int]

        var testDescription: String { name }

        var drive: SimulatedDrive {
            var drive = SimulatedDrive(sectors: 4800 * 16)
            for block in blocks { drive.bad.formUnion(block * 16..<block * 16 + 16) }
            return drive
        }
    }

    private static let patterns = [
        Pattern(name: "ring", blocks: Array(2000..<2040)),
        Pattern(name: "scattered", blocks: (0..<30).map { $0 * 157 + 11 }),
        Pattern(name: "scratch", blocks: (0..<80).map { 1500 + $0 * 3 + $0 / 40 }),
        Pattern(
            name: "edge rot",
            blocks: (4300..<4800).filter { $0 * 7919 % 500 < $0 - 4300 }
        ),
    ]

    /// A disc with damage of all kinds, from a seed.
    private static func random(_ seed: Int, inBlocks: Bool?) throws
        -> (SimulatedDrive, SalvageSettings)
    {
        var generator = SeededGenerator(seed: UInt64(seed))
        let block = try #require([1, 16, 32].randomElement(using: &generator))
        let sectors = Int.random(in: 1...4000, using: &generator)
        var drive = SimulatedDrive(sectors: sectors)
        drive.names = Bool.random(using: &generator)
        drive.remembers = Bool.random(using: &generator)
        drive.obeys = Bool.random(using: &generator)
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            let start = Int.random(in: 0..<sectors, using: &generator)
            let longest = try #require([3, 40, 400].randomElement(using: &generator))
            let end = min(sectors, start + Int.random(in: 1...longest, using: &generator))
            if inBlocks ?? Bool.random(using: &generator) {
                let whole = (end + block - 1) / block * block
                drive.bad.formUnion(start / block * block..<min(sectors, whole))
            } else {
                drive.bad.formUnion(start..<end)
            }
        }
        var settings = SalvageSettings(sectorsPerBlock: block)
        settings.largestRead = try #require([1, 7, 32, 256].randomElement(using: &generator))
        return (drive, settings)
    }

    @Test(arguments: 0..<Soak.count(120, long: 3000))
    func `every readable sector is read, once, and every bad one is called so`(_ seed: Int) throws {
        // Sectors that fail by themselves, or for their block, or some of either.
        let inBlocks = [true, false, nil][seed % 3]
        let (drive, random) = try Self.random(seed, inBlocks: inBlocks)
        var settings = random
        settings.retries = inBlocks == true ? seed % 3 : 2
        var work = Work(drive, settings)
        work.run()
        #expect(work.read == drive.readable)
        #expect(Set(work.salvage.map.ranges(.bad).joined()) == drive.bad)
        #expect(work.salvage.end == .finished)
        #expect(work.salvage.file.activity == .finished)
    }

    @Test(arguments: 0..<Soak.count(40, long: 1000))
    func `what is stopped anywhere and taken up again ends the same`(_ seed: Int) throws {
        let (drive, random) = try Self.random(seed, inBlocks: seed % 2 == 0)
        var settings = random
        settings.retries = 2
        var whole = Work(drive, settings)
        whole.run()
        var generator = SeededGenerator(seed: UInt64(seed))
        var map = SalvageMap(sectors: drive.sectors)
        for _ in 0..<4 {
            var part = Work(drive, settings, map: map)
            for _ in 0..<Int.random(in: 0...whole.attempts.count, using: &generator) {
                guard part.step() else { break }
            }
            // As a map file keeps it.
            let text = part.salvage.file.text(bytesPerSector: 2048)
            map = try SalvageMapFile(parsing: Array(text.utf8), bytesPerSector: 2048).map
        }
        var last = Work(drive, settings, map: map)
        last.run()
        #expect(last.salvage.map == whole.salvage.map)
    }

    @Test(arguments: patterns, [true, false])
    func `half of ddrescue's time is enough, for 99 of 100 sectors and for all`(
        _ pattern: Pattern,
        _ names: Bool
    ) throws {
        var drive = pattern.drive
        drive.names = names
        var model = RescueModel(drive)
        model.run()
        var work = Work(drive, SalvageSettings(sectorsPerBlock: 16, largestRead: 256))
        work.run()
        #expect(work.read == drive.readable)
        #expect(work.read.isSuperset(of: model.map.ranges(.finished).joined()))
        let pass = drive.secondsOfAPass
        #expect(work.drive.seconds - pass < (model.drive.seconds - pass) / 2)
        let (most, models) = (try #require(work.secondsToMost), try #require(model.secondsToMost))
        #expect(most - pass < (models - pass) / 2)
        // It costs few failures to see that blocks fail as wholes.
        #expect(work.salvage.failsInBlocks)
        #expect(work.drive.failures < 6 * pattern.blocks.count + 100)
    }

    @Test(arguments: patterns)
    func `a drive that has no mode page for it is done in half of the time, too`(
        _ pattern: Pattern
    ) {
        var drive = pattern.drive
        drive.obeys = false
        var model = RescueModel(drive)
        model.run()
        var work = Work(drive, SalvageSettings(sectorsPerBlock: 16, largestRead: 256))
        work.run()
        #expect(work.read == drive.readable)
        let pass = drive.secondsOfAPass
        #expect(work.drive.seconds - pass < (model.drive.seconds - pass) / 2)
    }

    @Test func `a disc without damage is read in one go`() {
        var work = Work(
            SimulatedDrive(sectors: 5000),
            SalvageSettings(sectorsPerBlock: 16, largestRead: 256)
        )
        work.run()
        #expect(
            work.attempts.map(\.sectors.lowerBound) == Array(stride(from: 0, to: 5000, by: 256))
        )
        #expect(work.attempts.allSatisfy { $0.effort == .quick })
    }

    @Test func `sectors of a block that fail by themselves cost the others nothing`() {
        var drive = SimulatedDrive(sectors: 32_000)
        // From the first sector of a block on, so that no name tells.
        for block in stride(from: 500, to: 1500, by: 50) {
            drive.bad.formUnion(block * 16..<block * 16 + 3)
        }
        for names in [true, false] {
            drive.names = names
            var work = Work(drive, SalvageSettings(sectorsPerBlock: 16, largestRead: 256))
            work.run()
            #expect(work.read == drive.readable)
            #expect(!work.salvage.failsInBlocks)
        }
    }

    @Test func `a block that can be read at the second try is still one block`() {
        var drive = SimulatedDrive(sectors: 32_000)
        for sector in 16_000..<16_016 { drive.weak[sector] = 1 }
        for sector in 20_000..<20_016 { drive.bad.insert(sector) }
        var work = Work(drive, SalvageSettings(sectorsPerBlock: 16, largestRead: 16))
        work.run()
        #expect(work.read == drive.readable)
        #expect(work.salvage.failsInBlocks)
    }

    @Test(arguments: [1, 2, 5])
    func `weak sectors come with the retries`(_ retries: Int) {
        var drive = SimulatedDrive(sectors: 10_000)
        for sector in 5000..<5016 { drive.hard.insert(sector) }
        for sector in 7000..<7016 { drive.weak[sector] = 3 }
        var work = Work(drive, SalvageSettings(sectorsPerBlock: 1, retries: retries))
        work.run()
        #expect(work.salvage.map.run(at: 5000)?.state == .finished)
        #expect(work.salvage.map.count(.bad) == (retries < 3 ? 16 : 0))
        var quick = Work(drive, SalvageSettings(sectorsPerBlock: 16, retries: 0))
        quick.run()
        #expect(quick.attempts.allSatisfy { $0.effort == .quick })
        #expect(quick.salvage.map.count(.bad) == 32)
    }

    @Test func `a drive that names wrong sectors is no longer believed`() {
        var drive = SimulatedDrive(sectors: 64_000)
        for block in 0..<40 { drive.bad.formUnion(block * 1600..<block * 1600 + 16) }
        drive.nameOffset = 5
        var work = Work(drive, SalvageSettings(sectorsPerBlock: 16, largestRead: 256, retries: 2))
        work.run()
        #expect(work.read == drive.readable)
    }

    @Test func `what the drive does not give out is asked for once`() {
        var drive = SimulatedDrive(sectors: 8000)
        for sector in 3000..<3200 where sector % 10 != 0 { drive.protected.insert(sector) }
        for names in [true, false] {
            drive.names = names
            var work = Work(drive, SalvageSettings(sectorsPerBlock: 16, retries: 5))
            work.run()
            #expect(work.read == drive.readable)
            #expect(Set(work.salvage.refused.ranges.joined()) == drive.protected)
            #expect(!work.attempts.contains { $0.effort == .patient })
        }
    }

    @Test func `slow areas are left for later`() {
        var drive = SimulatedDrive(sectors: 100_000)
        for sector in 40_000..<41_000 { drive.slow.insert(sector) }
        var work = Work(drive, SalvageSettings(sectorsPerBlock: 16))
        while work.salvage.map.run(at: 99_999)?.state != .finished, work.step() {}
        #expect(work.salvage.map.count(.untried) > 500)
        work.run()
        #expect(work.salvage.map.count(.finished) == 100_000)
    }

    @Test func `hangs are few`() {
        var drive = SimulatedDrive(sectors: 100_000)
        drive.hanging = [10_000, 10_001, 50_000]
        var work = Work(drive, SalvageSettings(sectorsPerBlock: 16, largestRead: 256))
        work.run()
        #expect(work.read == drive.readable)
        #expect(work.drive.failures <= 8)
        #expect(!work.attempts.contains { $0.effort == .patient })
        // Who asks for more has more.
        var patient = Work(drive, SalvageSettings(sectorsPerBlock: 16, retries: 2))
        patient.run()
        #expect(patient.attempts.contains(.init(50_000..<50_001, .patient)))
    }

    // MARK: Limits and order

    @Test func `the time and the number of bad sectors have their limits`() {
        let drive = Self.patterns[0].drive
        var settings = SalvageSettings(sectorsPerBlock: 16, secondsLimit: 20)
        var work = Work(drive, settings)
        work.run()
        #expect(work.salvage.end == .timeLimit)
        #expect(work.drive.seconds >= 20 && work.drive.seconds < 25)
        #expect(work.salvage.file.activity != .finished)
        settings = SalvageSettings(sectorsPerBlock: 16, badLimit: 100)
        work = Work(drive, settings)
        work.run()
        #expect(work.salvage.end == .tooManyBad)
        #expect(work.salvage.map.count(.bad) == 112)
        settings.badLimit = 16 * 40
        work = Work(drive, settings)
        work.run()
        #expect(work.salvage.end == .finished)
    }

    @Test func `what matters most comes first, damage and all`() {
        var drive = SimulatedDrive(sectors: 10_000)
        drive.bad = Set(7008..<7024).union(100..<110)
        var settings = SalvageSettings(sectorsPerBlock: 16)
        settings.first = [9000..<9100, 7000..<7100, 6900..<7050, 20_000..<20_010].map {
            RangeSet($0)
        }
        var work = Work(drive, settings)
        work.run()
        #expect(work.read == drive.readable)
        var seen: [Int] = []
        for sector in work.attempts.flatMap({ Array($0.sectors) }) where seen.count < 300 {
            if !seen.contains(sector) { seen.append(sector) }
        }
        #expect(Set(seen.prefix(100)) == Set(9000..<9100))
        #expect(Set(seen.prefix(200)) == Set(9000..<9100).union(7000..<7100))
        #expect(Set(seen) == Set(9000..<9100).union(6900..<7100))
    }

    @Test func `what was read before is not read again`() {
        var map = SalvageMap(sectors: 1000)
        map.mark(0..<400, .finished)
        map.mark(400..<500, .untrimmed)
        map.mark(500..<600, .unscraped)
        map.mark(600..<700, .bad)
        var drive = SimulatedDrive(sectors: 1000)
        drive.bad = [450]
        var work = Work(drive, SalvageSettings(), map: map)
        work.run()
        #expect(work.salvage.map.ranges(.bad) == [450..<451])
        #expect(work.salvage.map.count(.finished) == 999)
        var nothing = Work(SimulatedDrive(sectors: 0), SalvageSettings())
        nothing.run()
        #expect(nothing.attempts.isEmpty)
    }
}
