import DiscImages
import DiscModel
import MMC
import Testing
import VirtualDrive

/// Each kind of fault, once through the recorder.
struct FaultTests {
    private func fault(_ text: String) throws -> Fault { try Fault(parsing: text) }

    @Test func `an unreadable sector ends the transfer before it, and is named`() throws {
        let host = try Host.dataCD(faults: [fault("read lba=10-12")])
        let (completion, bytes) = try host.drive.fetch(
            Command("READ", cdb: Host.read10(0, 32), data: .fromDrive(32 * 2048))
        )
        #expect(bytes == Array(Host.payload(0, 32).prefix(10 * 2048)))
        #expect(completion.sense?.matches(.mediumError, 0x11, 0x05) == true)
        #expect(completion.sense?.information == 10)
        #expect(try host.refusal(Host.read10(12, 1), 2048) == "3/11/5")
        try host.ask(Host.read10(13, 1), 2048)
    }

    @Test func `a sector fails as often, and from when on, as the fault says`() throws {
        let host = try Host.dataCD(
            faults: [
                fault("read lba=10 after=2"), fault("read lba=20 count=2"),
                fault("read lba=30 times=2/3"),
            ])
        func tries(_ lba: Int, _ count: Int) throws -> [Bool] {
            try (0..<count).map { _ in try host.refusal(Host.read10(lba, 1), 2048) == nil }
        }
        #expect(try tries(10, 4) == [true, true, false, false])
        #expect(try tries(20, 4) == [false, false, true, true])
        #expect(try tries(30, 6) == [false, false, true, false, false, true])
        // Each sector counts by itself.
        let other = try Host.dataCD(faults: [fault("read lba=10-11 after=1")])
        try other.ask(Host.read10(10, 1), 2048)
        try other.ask(Host.read10(11, 1), 2048)
        #expect(try other.refusal(Host.read10(10, 2), 4096) == "3/11/5")
    }

    @Test(arguments: [(MediumKind.dvdPlusRW, 16), (.bdRE, 32)])
    func `a fault hits a whole block where it is told to`(_ medium: MediumKind, _ block: Int)
        throws
    {
        for (words, first) in [("block", block), ("", block + 3)] {
            let host = try Host(
                medium,
                faults: [fault("read lba=\(block + 3) \(words)")]
            )
            try format(host)
            let (completion, _) = try host.drive.fetch(
                Command(
                    "READ",
                    cdb: Host.read10(0, 3 * block),
                    data: .fromDrive(3 * block * 2048)
                )
            )
            #expect(completion.transferred == first * 2048)
            let isLastGood = try host.refusal(Host.read10(2 * block - 1, 1), 2048) == nil
            #expect(isLastGood == words.isEmpty)
        }
    }

    private func format(_ host: Host) throws {
        let type: UInt8 = host.drive.disc?.record.medium == .bdRE ? 0x31 : 0x26
        let sectors = host.drive.disc?.record.capacity ?? 0
        try host.tell(
            [0x04, 0x11, 0, 0, 0, 0],
            [0, 0x02, 0, 8] + Host.be32(sectors) + [type << 2, 0, 0, 0]
        )
        host.settle()
    }

    @Test func `bits flip without an error, the same ones each time`() throws {
        let host = try Host.dataCD(faults: [fault("flip lba=5 bytes=3")])
        let once = try host.ask(Host.read10(4, 3), 3 * 2048)
        #expect(try host.ask(Host.read10(5, 1), 2048) == Array(once[2048..<4096]))
        // READ CD of the user data alone, and with the header.
        for flags: UInt8 in [0x10, 0x30] {
            let cdb: [UInt8] = [0xBE, 0] + Host.be32(4) + [0, 0, 3, flags, 0, 0]
            let size = flags == 0x10 ? 2048 : 2052
            let bytes = try host.ask(cdb, 3 * size)
            #expect(Array(bytes[(2 * size - 2048)..<2 * size]) == Array(once[2048..<4096]))
        }
        host.drive.faults = []
        let good = try host.ask(Host.read10(4, 3), 3 * 2048)
        let wrong = good.indices.filter { once[$0] != good[$0] }
        #expect(wrong.count == 3)
        #expect(wrong.allSatisfy { (2048..<4096).contains($0) })
    }

    @Test func `C2 flags the bytes that are wrong`() throws {
        let host = try Host.audioCD(faults: [fault("c2 lba=7 bytes=5")])
        let size = 2352 + 296
        let cdb: [UInt8] = [0xBE, 0x04] + Host.be32(6) + [0, 0, 2, 0x14, 0, 0]
        let bytes = try host.ask(cdb, 2 * size)
        #expect(bytes.count == 2 * size)
        #expect(bytes[2352..<size].allSatisfy { $0 == 0 })
        host.drive.faults = []
        let good = try host.ask(cdb, 2 * size)
        let flags = bytes[(size + 2352)...]
        for place in 0..<2352 {
            let isFlagged =
                flags[flags.startIndex + place / 8] & (0x80 >> UInt8(place % 8)) != 0
            #expect(isFlagged == (bytes[size + place] != good[size + place]))
        }
        #expect(
            flags[flags.startIndex..<flags.startIndex + 294].map(\.nonzeroBitCount)
                .reduce(0, +) == 5
        )
        #expect(flags[flags.startIndex + 294] != 0)
    }

    @Test(arguments: ["flip lba=5 bytes=3 seed=7", "flip lba=4-6 bytes=3 seed=7 times=2/3"])
    func `a seed has other bits flip with each read, in the same order in each run`(_ text: String)
        throws
    {
        func reads(_ text: String, _ count: Int) throws -> [[Int]] {
            let host = try Host.dataCD(faults: [fault(text)])
            let good = try Host.dataCD().ask(Host.read10(5, 1), 2048)
            return try (0..<count).map { _ in
                let bytes = try host.ask(Host.read10(5, 1), 2048)
                return good.indices.filter { bytes[$0] != good[$0] }
            }
        }
        let first = try reads(text, 6)
        #expect(try reads(text, 6) == first)
        #expect(try reads(text.replacing("seed=7", with: "seed=8"), 6) != first)
        let wrong = first.filter { !$0.isEmpty }
        #expect(wrong.count == (text.contains("times") ? 4 : 6))
        #expect(wrong.allSatisfy { $0.count == 3 } && Set(wrong).count == wrong.count)
    }

    @Test func `a seed has C2 flag other bytes with each read`() throws {
        let host = try Host.audioCD(faults: [fault("c2 lba=7 bytes=5 seed=1")])
        let cdb: [UInt8] = [0xBE, 0x04] + Host.be32(7) + [0, 0, 1, 0x12, 0, 0]
        let reads = try (0..<4).map { _ in try host.ask(cdb, 2352 + 294) }
        host.drive.faults = []
        let good = try host.ask(cdb, 2352 + 294)
        for bytes in reads {
            for place in 0..<2352 {
                let isFlagged = bytes[2352 + place / 8] & (0x80 >> UInt8(place % 8)) != 0
                #expect(isFlagged == (bytes[place] != good[place]))
            }
            #expect(bytes[2352...].map(\.nonzeroBitCount).reduce(0, +) == 5)
        }
        #expect(Set(reads).count == 4)
        #expect(throws: FaultError.self) { try fault("read lba=7 seed=1") }
        #expect(throws: FaultError.self) { try fault("flip lba=7 seed=-1") }
    }

    @Test func `slow sectors cost the drive's time`() throws {
        let host = try Host.dataCD(faults: [fault("slow lba=40-41 time=2.5")], clock: .counted)
        try host.ask(Host.read10(0, 32), 32 * 2048)
        try host.ask(Host.read10(32, 8), 8 * 2048)
        let usual = host.drive.driveTime
        try host.ask(Host.read10(40, 8), 8 * 2048)
        #expect(host.drive.driveTime - usual > .seconds(4.9))
        #expect(host.drive.driveTime - usual < .seconds(5.1))
    }

    @Test func `a write error is told at once`() throws {
        let host = try Host(.cdR, faults: [fault("write lba=100")])
        try host.selectTAO()
        try host.write(0..<96)
        let completion = try host.drive.send(
            Command("WRITE", cdb: Host.write10(96, 32), data: .toDrive(65536)),
            sending: Host.payload(96, 32)
        )
        #expect(completion.sense?.matches(.mediumError, 0x0C, 0x00) == true)
        #expect(completion.sense?.information == 100)
        #expect(completion.sense?.isDeferred == false)
        #expect(try host.track(.track(1)).nextWritable == LBA(96))
    }

    @Test func `a deferred write error is told by a later command, and names its sector`() throws {
        let host = try Host(.cdR, faults: [fault("write lba=100 later=64")])
        try host.selectTAO()
        try host.write(0..<160)
        let completion = try host.drive.send(
            Command("WRITE", cdb: Host.write10(164, 32), data: .toDrive(65536)),
            sending: Host.payload(164, 32)
        )
        #expect(completion.senseBytes.first == 0xF1)
        #expect(completion.sense?.isDeferred == true)
        #expect(completion.sense?.information == 100)
        // What the buffer took meanwhile is not on the disc.
        #expect(try host.track(.track(1)).nextWritable == LBA(96))

        let other = try Host(.dvdPlusR, faults: [fault("write lba=32 later=4000 sense=4/44/D9")])
        try other.write(0..<320)
        #expect(try other.refusal([0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]) == "4/44/d9")
    }

    @Test func `a calibration error is repeated by all that needs the laser`() throws {
        let host = try Host(.dvdR, faults: [fault("calibration lba=48")])
        try host.ask([0x54, 0x01, 0, 0, 0, 0, 0, 0, 0, 0])
        try host.write(0..<32)
        #expect(try host.refusal(Host.write10(32, 32), sending: Host.payload(32, 32)) == "3/73/3")
        #expect(try host.refusal([0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]) == "3/73/3")
        #expect(try host.refusal([0x5B, 0, 1, 0, 0, 1, 0, 0, 0, 0]) == "3/73/3")
        // The first WRITE, where no sector is named.
        let first = try Host(.dvdPlusR, faults: [fault("calibration")])
        #expect(try first.refusal(Host.write10(0, 16), sending: Host.payload(0, 16)) == "3/73/3")
        #expect(try first.discInformation.status == .blank)
    }

    @Test func `a running dry of the buffer harms only where it is not protected`() throws {
        for isProtected in [true, false] {
            let host = try Host(.cdR, faults: [fault("underrun lba=100 sense=5/21/02 count=1")])
            try host.select {
                $0.writeType = WriteParameters.WriteType.trackAtOnce.rawValue
                $0.underrunProtection = isProtected
            }
            try host.write(0..<96)
            let refusal = try host.refusal(
                Host.write10(96, 32),
                sending: Host.payload(96, 32)
            )
            #expect(refusal == (isProtected ? nil : "5/21/2"))
            guard !isProtected else { continue }
            #expect(try host.discInformation.lastSession == .damaged)
        }
    }

    @Test func `a power cut leaves what was synchronized, and an open session`() throws {
        let host = try Host(.dvdPlusR, faults: [fault("power lba=320 lost=100")])
        try host.write(0..<160)
        try host.synchronize()
        try host.write(160..<320)
        #expect(throws: TransportError.self) {
            try host.tell(Host.write10(320, 32), Host.payload(320, 32))
        }
        #expect(try host.refusal([0, 0, 0, 0, 0, 0]) == "6/29/0")
        host.settle()
        let track = try host.track(.track(1))
        #expect(track.nextWritable == LBA(208))
        #expect(try host.holds(0..<192))
        #expect(try host.discInformation.status == .appendable)

        let disc = try Host(.cdR, faults: [fault("power lba=320 lost=10000 gone")])
        try disc.selectTAO()
        try disc.write(0..<320)
        #expect(throws: TransportError.self) {
            try disc.tell(Host.write10(320, 32), Host.payload(320, 32))
        }
        #expect(throws: TransportError.self) { try disc.drive.send(.testUnitReady) }
        #expect(disc.drive.disc?.record.tracks.first?.written == 0)
        #expect(disc.drive.disc?.record.state == .damaged)
    }

    @Test func `commands are refused, done or not`() throws {
        let host = try Host(
            .dvdR,
            faults: [fault("opc"), fault("refuse command=51 sense=3/11/05")]
        )
        #expect(try host.refusal([0x54, 1, 0, 0, 0, 0, 0, 0, 0, 0]) == "3/73/3")
        #expect(try host.refusal([0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0], 34) == "3/11/5")

        for (words, state) in [("", DiscInformation.Status.appendable), ("done", .complete)] {
            let host = try Host(.dvdPlusR, faults: [fault("close \(words)")])
            try host.write(0..<32)
            try host.synchronize()
            #expect(try host.refusal([0x5B, 0, 6, 0, 0, 0, 0, 0, 0, 0]) == "5/72/3")
            #expect(try host.discInformation.status == state)
        }
        let flushed = try Host(.dvdPlusR, faults: [fault("flush sense=3/02/FF count=1")])
        try flushed.write(0..<32)
        #expect(try flushed.refusal([0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]) == "3/2/ff")
        try flushed.synchronize()
        let rewritable = try Host(.cdRW, faults: [fault("blank")])
        #expect(try rewritable.refusal([0xA1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]) == "3/51/0")
        let unformatted = try Host(.dvdPlusRW, faults: [fault("format")])
        #expect(
            try unformatted.refusal(
                [0x04, 0x11, 0, 0, 0, 0],
                sending: [0, 2, 0, 8] + Host.be32(2_295_104) + [0x98, 0, 0, 0]
            ) == "3/31/1"
        )
    }

    @Test func `a command that hangs ends with a reset`() throws {
        let host = try Host.dataCD(faults: [fault("hang command=read(10) lba=100 count=1")])
        try host.ask(Host.read10(0, 32), 65536)
        do {
            try host.ask(Host.read10(96, 32), 65536)
            Issue.record("the command ended")
        } catch let error as TransportError {
            #expect(error.code == .timedOut)
        }
        #expect(try host.refusal(Host.read10(96, 32), 65536) == "6/29/0")
        host.settle()
        try host.ask(Host.read10(96, 32), 65536)
    }

    @Test func `a drive that is unplugged stays away`() throws {
        let host = try Host.dataCD(faults: [fault("gone lba=200 command=28")])
        try host.ask(Host.read10(0, 32), 65536)
        for cdb in [Host.read10(200, 1), Host.read10(0, 1), [0, 0, 0, 0, 0, 0]] {
            do {
                try host.ask(cdb, 2048)
                Issue.record("the drive answered")
            } catch let error as TransportError {
                #expect(error.code == .deviceGone)
            }
        }
    }

    @Test func `a disc that is taken out is gone`() throws {
        let host = try Host.dataCD()
        host.drive.faults = [try fault("remove lba=64 count=1")]
        try host.ask(Host.read10(0, 32), 65536)
        #expect(try host.refusal(Host.read10(64, 32), 65536) == "2/3a/2")
        #expect(host.drive.disc == nil)
    }

    @Test func `a unit attention comes in the middle, and may end the writing`() throws {
        let host = try Host(.cdR, faults: [fault("attention lba=96 command=2A count=1")])
        try host.selectTAO()
        try host.write(0..<96)
        #expect(try host.refusal(Host.write10(96, 32), sending: Host.payload(96, 32)) == "6/28/0")
        try host.write(96..<128)

        let reset = try Host(
            .cdR,
            faults: [fault("attention lba=96 count=1 reset sense=6/29/00")]
        )
        try reset.selectTAO()
        try reset.write(0..<96)
        #expect(try reset.refusal(Host.write10(96, 32), sending: Host.payload(96, 32)) == "6/29/0")
        reset.settle()
        #expect(try reset.refusal(Host.write10(96, 32), sending: Host.payload(96, 32)) != nil)
        #expect(try reset.discInformation.lastSession == .damaged)
    }

    @Test func `a disc can take long to be ready`() throws {
        let host = try Host.dataCD()
        host.drive.faults = [try fault("ready polls=5 sense=2/04/00")]
        try host.ask([0x1B, 0, 0, 0, 2, 0])
        try host.ask([0x1B, 0, 0, 0, 3, 0])
        let answers = try (0..<8).map { _ in try host.refusal([0, 0, 0, 0, 0, 0]) }
        #expect(
            answers == ["6/28/0", "2/4/1"] + Array(repeating: "2/4/0", count: 5) + [nil]
        )
    }

    @Test func `a bridge cuts transfers, openly or not`() throws {
        let host = try Host.dataCD()
        host.drive.faults = [try fault("cut bytes=4096 count=1")]
        let short = try host.ask(Host.read10(0, 8), 8 * 2048)
        #expect(short == Array(Host.payload(0, 32).prefix(4096)))
        host.drive.faults = [try fault("cut bytes=4096 command=28 silent")]
        let silent = try host.ask(Host.read10(0, 8), 8 * 2048)
        #expect(silent == short + Array(repeating: 0, count: 6 * 2048))
    }

    @Test func `a reply comes short, wrong, or as garbage`() throws {
        let host = try Host.dataCD(faults: [fault("reply command=51 bytes=4")])
        let question: [UInt8] = [0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]
        #expect(try host.ask(question, 34).count == 4)
        host.drive.faults = [try fault("reply command=read-disc-information set=2:1F")]
        #expect(try host.ask(question, 34)[2] == 0x1F)
        host.drive.faults = []
        let good = try host.ask(question, 34)
        host.drive.faults = [try fault("reply command=51")]
        let garbage = try host.ask(question, 34)
        #expect(garbage.count == 34)
        #expect(garbage != good)
    }

    @Test(arguments: [
        ("erase lba=5", "begin"), ("read", "sectors"), ("write lba=5-", "range"),
        ("read lba=7-3", "range"), ("read lba=1 sense=9", "sense"),
        ("read lba=1 polls=2", "polls"), ("read lba=1 done", "done"),
        ("hang", "command"), ("hang command=zap", "zap"), ("read lba=1 times=3/2", "3/2"),
        ("reply command=51 set=2", "place"), ("cut", "bytes"), ("read lba=1 oops", "oops"),
        ("slow lba=1 time=-1", "-1"), ("", "begin"), ("read lba=99999999999", "range"),
    ])
    func `a specification that can't be understood is told in one sentence`(
        _ text: String,
        _ word: String
    ) throws {
        do {
            _ = try Fault(parsing: text)
            Issue.record("\(text) was taken")
        } catch {
            #expect("\(error)".contains("“\(text)”"))
            #expect(error.problem.contains(word), "\(error)")
        }
    }

    @Test func `every kind of fault can be specified, and has what it needs`() throws {
        let samples: [FaultSetting: String] = [
            .lba: "-150--1", .sense: "3/11/05", .command: "be,read10", .bytes: "3",
        ]
        for kind in Fault.Kind.allCases {
            let facts = FaultFacts.of(kind)
            let settings = facts.required.map { "\($0.rawValue)=\(samples[$0] ?? "1")" }
            let fault = try Fault(parsing: ([kind.rawValue] + settings).joined(separator: " "))
            #expect(fault.kind == kind)
            if facts.required.contains(.lba) { #expect(fault.sectors == -150...(-1)) }
        }
    }
}
