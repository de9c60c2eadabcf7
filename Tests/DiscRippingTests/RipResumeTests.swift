import DiscImages
import DiscRipping
import LinuxCalls
import MMC
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer
import VirtualDrive

/// Rips that go on with what an earlier one, another image or ddrescue has.
@Suite(.timeLimit(.minutes(1))) struct RipResumeTests {
    private static let damage = [
        Fault(.read, sectors: 1000...1003), Fault(.read, sectors: 2500...2510),
    ]

    private static func names(_ bench: RipBench) throws -> [String] {
        try bench.folder.names().filter { $0 != "source" }
    }

    @Test(arguments: [1, 2, 17, 50, 93])
    func `a drive that goes away costs nothing but the time`(_ lifetime: Int) throws {
        let bench = try RipBench(sectors: 3000)
        bench.way.lifetime = lifetime
        #expect(try bench.rip().status == .failed)
        bench.way.lifetime = .max
        let before = bench.way.reads
        let result = try bench.rip { $0.resumes = true }
        #expect(result.status == .done && result.exitCode == 0)
        #expect(try bench.content("disc.iso") == bench.image)
        #expect(try Self.names(bench) == ["disc.iso"])
        #expect(result.sha256 == (try bench.rip(to: "other.iso").sha256))
        if lifetime > 16 {
            #expect((result.resumedSectors ?? 0) > 0)
            #expect(bench.way.reads - before < 2 * 94)
        }
    }

    @Test func `a finished image that lacks sectors is gone on with`() throws {
        let bench = try RipBench(sectors: 3000, faults: Self.damage)
        #expect(try bench.rip().status == .incomplete)
        #expect(try Self.names(bench) == ["disc.iso", "disc.iso.map"])
        // Another drive reads half of it.
        bench.recorder.faults = [Self.damage[1]]
        let half = try bench.rip { $0.resumes = true }
        #expect(half.status == .incomplete && half.unreadableSectors == 11)
        #expect(half.resumedSectors == 3000 - 15)
        #expect(try Self.names(bench) == ["disc.iso", "disc.iso.evidence", "disc.iso.map"])
        // Some were read again, to see whether the disc is the same.
        let evidence = try #require(half.evidence)
        #expect(evidence.twice > 100 && evidence.edc == 0)
        #expect(evidence.once + evidence.twice == 3000 - 11)
        try bench.expectTruth("disc.iso")
        bench.recorder.faults = []
        let whole = try bench.rip { $0.resumes = true }
        #expect(whole.status == .done)
        #expect(try bench.content("disc.iso") == bench.image)
        #expect(try Self.names(bench) == ["disc.iso"])
    }

    @Test(arguments: [false, true])
    func `another disc is refused, and what was read stays as it is`(_ isFinished: Bool) throws {
        let bench = try RipBench(sectors: 3000, faults: isFinished ? Self.damage : [])
        if !isFinished { bench.way.lifetime = 50 }
        _ = try bench.rip()
        bench.way.lifetime = .max
        let files = try Self.names(bench)
        let before = try files.map { try bench.content($0) }
        for sectors in [3000, 4000] {
            let other = bench.directory.appending("source")
            try File(other, .replace).write(
                [UInt8](repeating: 1, count: sectors * 2048).span,
                at: 0
            )
            bench.recorder.removeDisc()
            bench.recorder.insert(try VirtualDisc(opening: other, for: .drive))
            let failure = #expect(throws: Failure.self) { try bench.rip { $0.resumes = true } }
            #expect(failure?.status == .refused && failure?.exitCode == .failed)
            #expect(failure?.what.contains("of another disc") == (sectors == 3000))
            #expect(failure?.what.contains("4000") == (sectors == 4000))
        }
        #expect(try Self.names(bench) == files)
        #expect(try files.map { try bench.content($0) } == before)
    }

    @Test func `where there is nothing to go on with, a rip begins`() throws {
        let bench = try RipBench(sectors: 300)
        #expect(try bench.rip { $0.resumes = true }.status == .done)
        #expect(try bench.content("disc.iso") == bench.image)
        // Killed before its map was there, and before its image was.
        for name in ["a.iso.part", "b.iso.map"] {
            let map = SalvageMapFile(SalvageMap(sectors: 300)).text(bytesPerSector: 2048)
            try bench.folder.write(name, name.hasSuffix("map") ? map : "")
            let result = try bench.rip(to: String(name.prefix(5))) { $0.resumes = true }
            #expect(result.status == .done)
        }
        #expect(try Self.names(bench) == ["a.iso", "b.iso", "disc.iso"])
    }

    @Test func `what does not belong together is refused`() throws {
        let bench = try RipBench(sectors: 300)
        let map = SalvageMapFile(SalvageMap(sectors: 300)).text(bytesPerSector: 2048)
        var all = SalvageMap(sectors: 300)
        all.mark(0..<300, .finished)
        let finished = SalvageMapFile(all).text(bytesPerSector: 2048)
        let cases: [[String: String]] = [
            // An image without its map, a map without its image, both images, a map that is none.
            ["disc.iso.part": "data"], ["disc.iso": "data"], ["disc.iso.map": finished],
            ["disc.iso": "data", "disc.iso.part": "data", "disc.iso.map": map],
            ["disc.iso.part": "data", "disc.iso.map": "no map"],
        ]
        for files in cases {
            for (name, text) in files { try bench.folder.write(name, text) }
            let failure = #expect(throws: Failure.self) { try bench.rip { $0.resumes = true } }
            #expect(failure?.status == .refused)
            #expect(try Self.names(bench) == files.keys.sorted())
            for (name, text) in files {
                #expect(try bench.content(name) == Array(text.utf8))
                try FileSystem.remove(bench.folder.path(name))
            }
        }
    }

    @Test(arguments: ["disc.iso.part", "disc.iso.map"])
    func `no link is followed to what is gone on with`(_ name: String) throws {
        let bench = try RipBench(sectors: 3000)
        bench.way.lifetime = 50
        _ = try bench.rip()
        bench.way.lifetime = .max
        let victim = bench.folder.path("victim")
        try FileSystem.rename(bench.folder.path(name), to: victim)
        try symlink(at: bench.folder.path(name), to: victim)
        let before = try bench.content("victim")
        #expect(throws: Failure.self) { try bench.rip { $0.resumes = true } }
        #expect(try bench.content("victim") == before)
        #expect(FileSystem.linkTarget(bench.folder.path(name)) == victim)
    }

    @Test func `a map that claims more than its image has is not believed`() throws {
        let bench = try RipBench(sectors: 3000)
        var map = SalvageMap(sectors: 3000)
        map.mark(0..<2000, .finished)
        try bench.folder.write("disc.iso.part", Array(bench.image.prefix(1500 * 2048 + 7)))
        try bench.folder.write("disc.iso.map", SalvageMapFile(map).text(bytesPerSector: 2048))
        let result = try bench.rip { $0.resumes = true }
        #expect(result.status == .done && result.resumedSectors == 1500)
        #expect(try bench.content("disc.iso") == bench.image)
    }

    @Test func `two copies with different damage make a whole one`() throws {
        let bench = try RipBench(sectors: 3000, faults: [Self.damage[0]])
        #expect(try bench.rip(to: "one.iso").status == .incomplete)
        bench.recorder.faults = [Self.damage[1]]
        bench.way.lifetime = bench.way.reads + 90
        #expect(try bench.rip(to: "two.iso").status == .failed)
        bench.way.lifetime = .max
        // Of the third copy neither can be read.
        bench.recorder.faults = Self.damage
        let result = try bench.rip {
            $0.merged = ["one.iso", "two.iso.part"].map { bench.folder.path($0) }
        }
        #expect(result.status == .done)
        #expect(result.mergedSectors == 3000)
        #expect(try bench.content("disc.iso") == bench.image)
        // An image that is gone on with takes what it lacks, and reads the rest.
        bench.recorder.faults = []
        let two = try bench.rip(to: "two.iso") {
            $0.resumes = true
            $0.merged = [bench.folder.path("one.iso")]
        }
        #expect(two.status == .done && (two.mergedSectors ?? 0) > 0)
        #expect(try bench.content("two.iso") == bench.image)
    }

    @Test func `an image of another disc gives nothing`() throws {
        let bench = try RipBench(sectors: 3000)
        try bench.folder.write("other.iso", [UInt8](repeating: 1, count: 3000 * 2048))
        try bench.folder.write("larger.iso", [UInt8](repeating: 1, count: 3001 * 2048))
        for name in ["other.iso", "larger.iso", "none.iso"] {
            let failure = #expect(throws: Failure.self) {
                try bench.rip { $0.merged = [bench.folder.path(name)] }
            }
            #expect(failure?.status == .refused)
        }
        #expect(try Self.names(bench) == ["larger.iso", "other.iso"])
    }

    @Test func `limits end a rip with what there is`() throws {
        let bench = try RipBench(sectors: 3000, faults: [Fault(.read, sectors: 1000...1999)])
        let few = try bench.rip { $0.giveUp = .sectors(10) }
        #expect(few.status == .incomplete && few.exitCode == 3 && few.limit == "bad-sectors")
        #expect((few.untriedSectors ?? 0) > 0)
        #expect(try bench.content("disc.iso").count == 3000 * 2048)
        try bench.expectTruth("disc.iso")
        let late = try bench.rip(replaces: true) { $0.timeLimit = 0.000001 }
        #expect(late.status == .incomplete && late.limit == "time")
        #expect(late.untriedSectors == 3000)
        bench.recorder.faults = []
        let whole = try bench.rip { $0.resumes = true }
        #expect(whole.status == .done && whole.limit == nil)
        #expect(try bench.content("disc.iso") == bench.image)
    }

    @Test func `the map is there before the first sector`() throws {
        let bench = try RipBench(sectors: 3000)
        var seen: [UInt8]?
        bench.way.afterRead = { [folder = bench.folder] in
            if $0 == 20 { seen = try? folder.read("disc.iso.map") }
        }
        #expect(try bench.rip().status == .done)
        let file = try SalvageMapFile(parsing: try #require(seen), bytesPerSector: 2048)
        #expect(file.map == SalvageMap(sectors: 3000))
        #expect(try Self.names(bench) == ["disc.iso"])
    }
}
