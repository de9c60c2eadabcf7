import DiscDrives
import DiscImages
import DiscModel
import DiscRipping
import LinuxCalls
import MMC
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer
import VirtualDrive

@Suite(.timeLimit(.minutes(1))) struct RipJobTests {
    @Test func `a good disc becomes its image`() throws {
        let bench = try RipBench(sectors: 3000)
        let result = try bench.rip()
        #expect(result.status == .done && result.exitCode == 0)
        #expect(result.bytes == 3000 * 2048)
        #expect(try bench.content("disc.iso") == bench.image)
        #expect(!FileSystem.exists(bench.directory.appending("disc.iso.part")))
        #expect(!FileSystem.exists(bench.directory.appending("disc.iso.map")))
        #expect(throws: Failure.self) { try bench.rip() }
        #expect(try bench.rip(replaces: true).sha256 == result.sha256)
    }

    @Test(arguments: [3000, 5000])
    func `another disc in the middle is no part of the image`(_ sectors: Int) throws {
        let bench = try RipBench(sectors: 3000)
        let other = bench.directory.appending("other")
        try File(other, .createNew).write([UInt8](repeating: 1, count: sectors * 2048).span, at: 0)
        bench.way.afterRead = { [recorder = bench.recorder] read in
            guard read == 20, let disc = try? VirtualDisc(opening: other, for: .drive) else {
                return
            }
            recorder.removeDisc()
            recorder.insert(disc)
            // Someone else asks first, and is told of it.
            for _ in 0..<10 { _ = try? recorder.send(.testUnitReady) }
        }
        let result = try bench.rip()
        #expect(result.status == .failed && result.exitCode == 1)
        #expect(result.sentences.first?.contains("is not the one") == true)
        #expect(!FileSystem.exists(bench.directory.appending("disc.iso")))
    }

    @Test(arguments: ["disc.iso", "disc.iso.part", "disc.iso.map"])
    func `a directory is not replaced, and the disc is not read for nothing`(_ name: String) throws
    {
        let bench = try RipBench(sectors: 300)
        let path = bench.directory.appending(name)
        let made = try FileSystem.makeTemporaryDirectory(in: bench.directory, prefix: "d-")
        try FileSystem.rename(made, to: path)
        defer { try? FileSystem.removeDirectory(path) }
        let failure = #expect(throws: Failure.self) { try bench.rip(replaces: true) }
        #expect(failure?.exitCode == .failed)
        #expect(bench.way.reads == 0)
    }

    @Test func `a link that leads nowhere is not replaced unless asked`() throws {
        let bench = try RipBench(sectors: 300)
        try #require(symlinkNowhere(at: bench.directory.appending("disc.iso")))
        #expect(throws: Failure.self) { try bench.rip() }
        #expect(bench.way.reads == 0)
        #expect(try bench.rip(replaces: true).status == .done)
    }

    @Test func `a drive that goes away leaves a map that promises no more than the file has`()
        throws
    {
        // 50 commands of 32 sectors, one of which looked at the disc.
        let bench = try RipBench(sectors: 3000)
        bench.way.lifetime = 50
        let result = try bench.rip()
        #expect(result.status == .failed && result.exitCode == 1)
        #expect(result.sentences.contains { $0.contains(".part") })
        let part = try bench.content("disc.iso.part")
        #expect(result.bytes == part.count)
        #expect(result.output?.hasSuffix("disc.iso.part") == true)
        #expect(result.map?.hasSuffix("disc.iso.map") == true)
        #expect(part.count == 49 * 32 * 2048)
        #expect(try bench.finished() == [0..<part.count / 2048])
        try bench.expectTruth("disc.iso.part")
    }

    @Test func `a rip that is stopped leaves a map that promises no more than the file has`() throws
    {
        let bench = try RipBench(sectors: 3000)
        let cancellation = Cancellation()
        bench.way.afterRead = { if $0 == 50 { cancellation.request() } }
        let result = try bench.rip(cancellation)
        #expect(result.status == .interrupted && result.exitCode == 130)
        #expect(bench.way.reads == 50)
        #expect(result.bytes > 48 * 32 * 2048 && result.bytes <= 50 * 32 * 2048)
        #expect(try bench.content("disc.iso.part").count == result.bytes)
        #expect(try bench.finished() == [0..<result.bytes / 2048])
        try bench.expectTruth("disc.iso.part")
    }

    @Test func `a disc with bad sectors becomes an image with a map`() throws {
        let bench = try RipBench(sectors: 3000, faults: [Fault(.read, sectors: 1000...1003)])
        let result = try bench.rip()
        #expect(result.status == .incomplete && result.exitCode == 3)
        #expect(result.unreadableSectors == 4 && result.firstUnreadableSector == 1000)
        #expect(result.unreadableRuns == [SectorRun(1000..<1004)])
        var expected = bench.image
        for i in 1000 * 2048..<1004 * 2048 { expected[i] = 0 }
        #expect(try bench.content("disc.iso") == expected)
        #expect(try bench.finished() == [0..<1000, 1004..<3000])
    }

    @Test func `a disc of which nothing can be read is not called all of anything`() throws {
        let bench = try RipBench(sectors: 40, faults: [Fault(.read, sectors: 0...39)])
        let result = try bench.rip()
        #expect(result.status == .incomplete && result.exitCode == 3)
        #expect(result.unreadableSectors == 40)
        #expect(result.sentences.first?.hasPrefix("None of the disc's 40 sectors") == true)
        #expect(!result.sentences.contains { $0.contains("holds all") })
        #expect(try bench.content("disc.iso").allSatisfy { $0 == 0 })
        #expect(try bench.finished() == [])
    }

    @Test func `a disc that is mounted is not ejected, and the rip is as good`() throws {
        let bench = try RipBench(sectors: 300)
        // The system has something mounted whose source has this name.
        let drive = try Drive("proc", over: bench.way)
        let output = bench.directory.appending("disc.iso")
        let job = RipJob(drive: drive, options: RipOptions(output: output, ejects: true))
        let result = try job.run(cancellation: Cancellation(), tell: { _ in })
        #expect(result.status == .done && result.exitCode == 0)
        #expect(result.ejected == false)
        #expect(result.sentences.last?.contains("was not ejected: it is mounted on /") == true)
        #expect(!bench.recorder.isTrayOpen)
    }

    @Test func `an open tray, and a blank disc of a drive that does not say so, are named`() throws
    {
        let bench = try RipBench(sectors: 300)
        #expect(bench.recorder.pressEject())
        let open = #expect(throws: Failure.self) { try bench.rip() }
        #expect(open?.what.contains("tray") == true && open?.exitCode == .unsuitable)
        let blank = try VirtualDisc.create(at: bench.directory.appending("blank"), medium: .cdR)
        bench.recorder.insert(blank)
        bench.recorder.faults = [
            try Fault(parsing: "refuse command=read-disc-information sense=5/20/00")
        ]
        let failure = #expect(throws: Failure.self) { try bench.rip() }
        #expect(failure?.exitCode == .unsuitable)
        #expect(!FileSystem.exists(bench.directory.appending("disc.iso")))
    }

    @Test(arguments: ["disc.iso", "disc.iso.part", "disc.iso.map"], [0, 1000])
    func `no link is followed, whoever put it there and when`(_ name: String, _ bad: Int) throws {
        let faults = bad > 0 ? [Fault(.read, sectors: bad...bad)] : []
        for isPlanted in [false, true] {
            let bench = try RipBench(sectors: 3000, faults: faults)
            let victim = bench.directory.appending("victim")
            try File(victim, .createNew).write([1, 2, 3].span, at: 0)
            let link = bench.directory.appending(name)
            if isPlanted {
                // While the disc is read, and without --force; the map that is there goes first.
                bench.way.afterRead = { read in
                    guard read == 20 else { return }
                    if name == "disc.iso.map" { try? FileSystem.remove(link) }
                    _ = try? symlink(at: link, to: victim)
                }
            } else {
                try symlink(at: link, to: victim)
            }
            let result = try bench.rip(replaces: !isPlanted)
            #expect(try bench.content("victim") == [1, 2, 3])
            guard isPlanted else {
                #expect(result.status == (bad > 0 ? .incomplete : .done))
                #expect(FileSystem.linkTarget(bench.directory.appending("disc.iso")) == nil)
                continue
            }
            let isInTheWay = name == "disc.iso" || name == "disc.iso.map" && bad > 0
            guard name != "disc.iso.part" else { continue }
            #expect((result.status == .failed) == isInTheWay)
            #expect(FileSystem.linkTarget(link) == victim)
            // What was read is there all the same.
            if isInTheWay {
                #expect(result.output?.hasSuffix("disc.iso.part") == true)
                #expect(try bench.content("disc.iso.part").count == 3000 * 2048)
            }
        }
    }

    @Test func `what appears in the image's place meanwhile is not replaced`() throws {
        let bench = try RipBench(sectors: 3000)
        let path = bench.directory.appending("disc.iso")
        bench.way.afterRead = {
            if $0 == 20 { try? File(path, .createNew).write([1, 2, 3].span, at: 0) }
        }
        let result = try bench.rip()
        #expect(result.status == .failed && result.exitCode == 1)
        #expect(try bench.content("disc.iso") == [1, 2, 3])
        #expect(try bench.content("disc.iso.part") == bench.image)
        #expect(try bench.finished() == [0..<3000])
    }

    @Test func `an image and its checksums get their names together, or not at all`() throws {
        let bench = try RipBench(sectors: 3000)
        let path = bench.directory.appending("disc.iso.sha256")
        bench.way.afterRead = {
            if $0 == 20 { try? File(path, .createNew).write([1, 2, 3].span, at: 0) }
        }
        let result = try bench.rip { $0.makesSumFiles = true }
        #expect(result.status == .failed && result.exitCode == 1)
        #expect(!FileSystem.exists(bench.directory.appending("disc.iso")))
        #expect(try bench.content("disc.iso.sha256") == [1, 2, 3])
        #expect(try bench.content("disc.iso.part") == bench.image)
        // What is there is somebody's else, also for a rip that goes on.
        let again = try bench.rip {
            $0.makesSumFiles = true
            $0.resumes = true
        }
        #expect(again.status == .failed)
        #expect(try bench.content("disc.iso.sha256") == [1, 2, 3])
        try FileSystem.remove(path)
        let whole = try bench.rip {
            $0.makesSumFiles = true
            $0.resumes = true
        }
        #expect(whole.status == .done)
        let sum = try #require(whole.sha256)
        #expect(try bench.content("disc.iso.sha256") == Array("\(sum)  disc.iso\n".utf8))
    }

    @Test func `the image is claimed while the disc is read`() throws {
        let bench = try RipBench(sectors: 3000)
        let part = bench.directory.appending("disc.iso.part")
        var isFree: Bool?
        bench.way.afterRead = { if $0 == 20 { isFree = try? File(part, .read).tryLock() } }
        #expect(try bench.rip().status == .done)
        #expect(isFree == false)
        // Another rip to the same name is refused before it reads anything.
        let other = try File(part, .createNew)
        #expect(try other.tryLock())
        let failure = #expect(throws: Failure.self) { try bench.rip(replaces: true) }
        #expect(failure?.what.contains("disc.iso.part") == true)
        #expect(FileSystem.exists(part))
    }
}
