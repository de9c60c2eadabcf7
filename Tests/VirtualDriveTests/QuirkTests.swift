import DiscImages
import DiscModel
import MMC
import Testing
import VirtualDrive

/// Each quirk, beside a drive that has it not.
struct QuirkTests {
    private static let flush: [UInt8] = [0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    private static let closeSession: [UInt8] = [0x5B, 0, 2, 0, 0, 0, 0, 0, 0, 0]

    @Test func `every quirk has its facts`() {
        for quirk in Quirk.allCases {
            #expect(QuirkFacts.of(quirk) != nil, "\(quirk)")
        }
        #expect(QuirkFacts.table.count == Quirk.allCases.count)
    }

    // MARK: Sense data

    @Test(arguments: [
        (Quirk.senseLength0C, 0x0C), (.senseLength0E, 0x0E), (.senseLength10, 0x10),
        (.senseLength12, 0x12), (.senseLength13, 0x13),
    ])
    func `sense data have the length of the drive`(_ quirk: Quirk, _ length: Int) throws {
        let host = try Host(.cdR, quirks: [quirk])
        let bytes = try host.senseBytes([0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0], 2048)
        #expect(bytes.count == 8 + length)
        #expect(bytes[7] == UInt8(length))
        #expect(Sense(parsing: bytes)?.matches(.illegalRequest, 0x21, 0x00) == true)
    }

    @Test func `sense data differ in form`() throws {
        let faults = [try Fault(parsing: "read lba=10")]
        let cdb = Host.read10(10, 1)
        let plain = try Host.dataCD(faults: faults).senseBytes(cdb, 2048)
        #expect(plain[0] == 0xF0 && Array(plain[3..<7]) == [0, 0, 0, 10])
        let invalid = try Host.dataCD(faults: faults, quirks: [.noValidBit])
            .senseBytes(cdb, 2048)
        #expect(invalid[0] == 0x70 && invalid[6] == 10)
        #expect(Sense(parsing: invalid)?.information == nil)
        let echo = try Host.dataCD(faults: faults, quirks: [.echoesCommand])
            .senseBytes(cdb, 2048)
        #expect(Array(echo[8..<12]) == [0x28, 0x30, 0x02, 0x80])
        let descriptor = try Host.dataCD(faults: faults, quirks: [.descriptorSense])
            .senseBytes(cdb, 2048)
        #expect(descriptor[0] == 0x72)
        let parsed = try #require(Sense(parsing: descriptor))
        #expect(parsed.matches(.mediumError, 0x11, 0x05) && parsed.information == 10)
        let audio = try Host.audioCD()
        #expect(try audio.senseBytes(Host.read10(0, 1), 2048)[2] == 0x05)
        let marked = try Host.dataCD(quirks: [.incorrectLength])
        let bytes = try marked.senseBytes(Host.read10(400, 1), 2048)
        #expect(bytes[2] == 0x25)
        #expect(Sense(parsing: bytes)?.key == .illegalRequest)
    }

    // MARK: Writing and closing

    @Test func `a calibration on DVD can be refused without harm`() throws {
        let host = try Host(.dvdPlusR, quirks: [.refusesOPC])
        #expect(try host.refusal([0x54, 1, 0, 0, 0, 0, 0, 0, 0, 0]) == "5/2c/0")
        try host.write(0..<32)
        let cd = try Host(.cdR, quirks: [.refusesOPC])
        try cd.ask([0x54, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `a failed write can be the last`() throws {
        for (quirks, after) in [(Set<Quirk>(), nil), ([.refusesAfterError], "5/30/5")] {
            let host = try Host(
                .dvdPlusR,
                faults: [Fault(parsing: "write lba=32 count=1")],
                quirks: quirks
            )
            try host.write(0..<32)
            let data = Host.payload(32, 32)
            #expect(try host.refusal(Host.write10(32, 32), sending: data) == "3/c/0")
            #expect(try host.refusal(Host.write10(32, 32), sending: data) == after)
        }
    }

    @Test func `the end of a CD can be an invalid field`() throws {
        for (quirks, code) in [(Set<Quirk>(), "5/21/0"), ([.cdEndIsInvalidField], "5/24/0")] {
            var blank = try #require(BlankDisc(.cdR))
            blank.capacity = 310
            let host = try Host(.cdR, blank: blank, quirks: quirks)
            try host.selectTAO()
            try host.write(0..<288)
            let data = Host.payload(288, 32)
            #expect(try host.refusal(Host.write10(288, 32), sending: data) == code)
        }
    }

    @Test func `a full buffer can be told instead of waited for`() throws {
        let host = try Host(.dvdPlusR, quirks: [.busyWhenFull])
        var refusals = 0
        for start in stride(from: 0, to: 1024, by: 32) {
            let data = Host.payload(start, 32)
            while let code = try host.refusal(Host.write10(start, 32), sending: data) {
                #expect(code == "2/4/8")
                refusals += 1
            }
        }
        #expect(refusals == 2)
        #expect(try host.holds(0..<1024))
    }

    /// A cue sheet of one data track over so many sectors.
    private func sheet(_ first: Int, _ sectors: Int, track: Int, leadIn: Int? = nil) -> [UInt8] {
        func time(_ lba: Int) -> MSF { MSF(LBA(lba)) }
        return CueSheet(entries: [
            .init(
                control: 4,
                track: 0,
                index: 0,
                form: leadIn == nil ? 0x14 : 0x41,
                time: time(leadIn ?? -150)
            ),
            .init(control: 4, track: track, index: 0, form: 0x14, time: time(first - 150)),
            .init(control: 4, track: track, index: 1, form: 0x10, time: time(first)),
            .init(control: 4, track: 0xAA, index: 1, form: 0x14, time: time(first + sectors)),
        ]).encoded
    }

    private func announce(_ host: Host, _ sheet: [UInt8]) throws -> String? {
        try host.refusal([0x5D, 0, 0, 0, 0, 0, 0, 0, UInt8(sheet.count), 0], sending: sheet)
    }

    @Test func `a second session at once can be refused, or fail`() throws {
        for (quirk, first, second) in [
            (nil, nil, nil), (Quirk.noSecondSession, "5/24/0", "5/24/0"),
            (.secondSessionFails, nil, "5/2c/0"),
        ] as [(Quirk?, String?, String?)] {
            let host = try Host(.cdR, quirks: Set([quirk].compactMap { $0 }))
            try host.selectTAO(multiSession: 3)
            try host.write(0..<320)
            try host.synchronize()
            try host.close(2)
            try host.reload()
            try host.select {
                $0.writeType = WriteParameters.WriteType.sessionAtOnce.rawValue
            }
            // A session at once begins at its pregap, which this sheet has the drive make.
            let start = 322 + 11_400
            #expect(try host.track(.track(0xFF)).nextWritable == LBA(start - 150))
            #expect(try announce(host, sheet(start, 320, track: 2)) == nil)
            for (lba, refusal) in [(start, first), (start + 32, second)] {
                let data = Host.payload(lba, 32)
                #expect(try host.refusal(Host.write10(lba, 32), sending: data) == refusal)
            }
        }
    }

    @Test func `a later session's cue sheet can have the times of the session`() throws {
        let host = try Host(.cdR)
        try host.selectTAO(multiSession: 3)
        try host.write(0..<320)
        try host.synchronize()
        try host.close(2)
        host.settle()
        try host.select { $0.writeType = WriteParameters.WriteType.sessionAtOnce.rawValue }
        let start = 322 + 11_400
        #expect(try announce(host, sheet(0, 400, track: 1)) == nil)
        try host.write(start..<start + 400)
        try host.synchronize()
        #expect(try host.discInformation.status == .complete)
        let table = try host.tableOfContents
        #expect(table.tracks.map(\.number) == [1, 2])
        #expect(table.tracks.map(\.start) == [LBA(0), LBA(start)])
        #expect(table.leadOut == LBA(start + 400))
        // Such a sheet must end on the disc, too.
        let small = try Host(.cdR)
        try small.selectTAO(multiSession: 3)
        try small.write(0..<320)
        try small.synchronize()
        try small.close(2)
        small.settle()
        try small.select { $0.writeType = WriteParameters.WriteType.sessionAtOnce.rawValue }
        #expect(try announce(small, sheet(0, 359_000, track: 1)) == "5/26/0")
    }

    @Test func `a blanking that can't be has two codes`() throws {
        let blank: [UInt8] = [0xA1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(try Host(.cdR).refusal(blank) == "5/30/5")
        #expect(try Host(.cdR, quirks: [.blank3006]).refusal(blank) == "5/30/6")
    }

    @Test(
        arguments: [
            (nil, "5/72/4"), (Quirk.emptyClose7203, "5/72/3"), (.emptyClose2C04, "5/2c/4"),
            (.emptyClose2C00, "5/2c/0"), (.emptyClose6400, "5/64/0"), (.emptyClose2400, "5/24/0"),
            (.emptyCloseSucceeds, nil),
        ] as [(Quirk?, String?)]
    )
    func `closing nothing has many codes`(_ quirk: Quirk?, _ code: String?) throws {
        let host = try Host(.cdR, quirks: Set([quirk].compactMap(\.self)))
        try host.selectTAO()
        #expect(try host.refusal(Self.closeSession) == code)
    }

    @Test func `a drive can say too early that it is ready, or very late`() throws {
        let host = try Host(.dvdPlusR, quirks: [.readyTooEarly])
        try host.write(0..<32)
        try host.ask([0x35, 2, 0, 0, 0, 0, 0, 0, 0, 0])
        try host.ask([0, 0, 0, 0, 0, 0])
        #expect(try host.refusal([0x1B, 0, 0, 0, 1, 0]) == "2/4/7")
        #expect(try host.refusal([0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0], 34) == "2/4/7")
        for (quirks, least) in [(Set<Quirk>(), 2), ([.slowFixation], 40)] {
            let host = try Host(.dvdPlusR, quirks: quirks)
            try host.write(0..<32)
            try host.ask([0x35, 2, 0, 0, 0, 0, 0, 0, 0, 0])
            var polls = 0
            while try host.refusal([0, 0, 0, 0, 0, 0]) == "2/4/8" { polls += 1 }
            #expect(polls == least)
        }
    }

    // MARK: Reading

    @Test(
        arguments: [(nil, "5/64/0"), (.runOut1105, "3/11/5"), (.runOut2600, "5/26/0")]
            as [(Quirk?, String)]
    )
    func `run-out can't be read, for several reasons`(_ quirk: Quirk?, _ code: String) throws {
        let host = try Host.dataCD(quirks: Set([quirk].compactMap(\.self)))
        #expect(try host.capacity == 402)
        #expect(try host.refusal(Host.read10(400, 1), 2048) == code)
        // It spoils the whole of a longer command.
        #expect(try host.refusal(Host.read10(390, 12), 12 * 2048) == code)
        try host.ask(Host.read10(390, 10), 20480)
    }

    @Test func `a drive can stay slow after an error`() throws {
        func time(_ quirks: Set<Quirk>, _ reset: Bool) throws -> Duration {
            let host = try Host.dataCD(
                faults: [Fault(parsing: "read lba=5")],
                quirks: quirks,
                clock: .counted
            )
            _ = try host.refusal(Host.read10(5, 1), 2048)
            if reset { try host.ask([0xBB, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0]) }
            try host.ask(Host.read10(6, 32), 65536)
            return host.drive.driveTime
        }
        #expect(try time([.slowsAfterErrors], false) > time([], false) + .milliseconds(50))
        #expect(try time([.slowsAfterErrors], true) == time([], true))
    }

    @Test func `data can be read as audio, and the lead-in refused or worse`() throws {
        let audio: [UInt8] = [0xBE, 0x04] + Host.be32(0) + [0, 0, 1, 0x10, 0, 0]
        #expect(try Host.dataCD().refusal(audio, 2352) == "5/64/0")
        let host = try Host.dataCD(quirks: [.readsDataAsAudio, .noNegativeAddresses])
        #expect(try host.ask(audio, 2352).count == 2352)
        let before: [UInt8] = [0xBE, 0x00] + Host.be32(-1) + [0, 0, 1, 0xF8, 0, 0]
        #expect(try host.refusal(before, 2352) == "5/21/0")
        let fragile = try Host.dataCD(quirks: [.resetsAtLeadIn])
        #expect(throws: TransportError.self) { try fragile.ask(before, 2352) }
        #expect(try fragile.refusal([0, 0, 0, 0, 0, 0]) == "6/29/0")
    }

    // MARK: Discs

    @Test func `no disc has several codes`() throws {
        func code(_ quirks: Set<Quirk>, open: Bool = false) throws -> String? {
            let host = try Host(.cdR, quirks: quirks)
            if open { try host.ask([0x1B, 0, 0, 0, 2, 0]) }
            return try host.refusal([0, 0, 0, 0, 0, 0])
        }
        #expect(try code([], open: true) == "2/3a/2")
        #expect(try code([.noTrayState], open: true) == "2/3a/0")
        #expect(try code([.missesDisc]) == "2/3a/1")
        #expect(try code([.rejectsDisc]) == "2/30/0")
    }

    @Test func `a disc can come in stages`() throws {
        let host = try Host(.cdR, quirks: [.staggeredLoad])
        try host.ask([0x1B, 0, 0, 0, 2, 0])
        try host.ask([0x1B, 0, 0, 0, 3, 0])
        let answers = try (0..<6).map { _ in try host.refusal([0, 0, 0, 0, 0, 0]) }
        #expect(
            answers == ["2/4/1", "2/3a/0", "2/4/0", "2/4/1", "6/28/0", nil]
                || answers == ["2/3a/0", "2/4/0", "2/4/1", "6/28/0", nil, nil]
        )
    }

    @Test func `an empty drive can say less`() throws {
        let host = try Host(.cdR, quirks: [.speedNeedsDisc, .smallBufferWhenEmpty])
        let speed: [UInt8] = [0xBB, 0, 0x03, 0x72, 0x06, 0xEA, 0, 0, 0, 0, 0, 0]
        let page: [UInt8] = [0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 60, 0]
        try host.ask(speed)
        #expect(try host.ask(page, 60)[20..<22] == [0x10, 0x00])
        host.drive.removeDisc()
        #expect(try host.refusal(speed) == "2/3a/1")
        #expect(try host.ask(page, 60)[20..<22] == [0, 56])
    }

    @Test func `a drive can say less of its buffer than it has`() throws {
        let host = try Host(.cdR, quirks: [.understatesBuffer])
        let page: [UInt8] = [0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 60, 0]
        #expect(try host.ask(page, 60)[20..<22] == [0, 128])
    }

    @Test func `two profiles can be current`() throws {
        func current(_ quirks: Set<Quirk>) throws -> [Int] {
            let host = try Host(.dvdPlusRW, quirks: quirks)
            let bytes = try host.ask([0x46, 0, 0, 0, 0, 0, 0, 0, 255, 0], 255)
            let list = bytes[12..<12 + Int(bytes[11])]
            return stride(from: list.startIndex, to: list.endIndex, by: 4).compactMap {
                list[$0 + 2] & 1 == 0 ? nil : Int(list[$0]) << 8 | Int(list[$0 + 1])
            }
        }
        #expect(try current([]) == [0x1A])
        #expect(try Set(current([.twoProfiles])) == [0x1A, 0x10])
    }

    @Test func `speeds can be told wrongly`() throws {
        func page(_ quirks: Set<Quirk>) throws -> [Int] {
            let host = try Host(.dvdPlusR, quirks: quirks)
            let bytes = try host.ask([0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 120, 0], 120)
            let list = Array(bytes[(8 + 2 + 30)...])
            return stride(from: 0, to: list.count - 3, by: 4).map {
                Int(list[$0 + 2]) << 8 | Int(list[$0 + 3])
            }
        }
        func performance(_ quirks: Set<Quirk>) throws -> WriteSpeeds {
            let host = try Host(.dvdPlusR, quirks: quirks)
            return try WriteSpeeds(
                parsing: host.ask([0xAC, 0, 0, 0, 0, 0, 0, 0, 0, 16, 3, 0], 8 + 256)
            )
        }
        #expect(try page([]).first == 22_160)
        #expect(try page([.speedsOnGrid]) == [8467, 7056, 5645, 4234, 2822, 1411])
        #expect(try page([.zeroSpeeds]).allSatisfy { $0 == 0 })
        let usual = try performance([]).descriptors
        #expect(usual.map(\.writeSpeed) == [22_160, 16_620, 11_080, 8310, 5540])
        #expect(usual.first?.end == LBA(2_295_103))
        #expect(try performance([.noPerformance]).descriptors.isEmpty)
        #expect(
            try performance([.performanceEndIsCount]).descriptors.first?.end == LBA(2_295_104)
        )
        #expect(try performance([.performanceEndIsZero]).descriptors.first?.end == .zero)
        #expect(
            try performance([.performanceEndIsMaximum]).descriptors.first?.end.rawValue
                == 0xFFFF_FFFF
        )
        #expect(
            try performance([.repeatedSpeed]).descriptors.suffix(2).map(\.writeSpeed)
                == [5540, 5540]
        )
        #expect(try performance([.slowestOnly]).descriptors.map(\.writeSpeed) == [5540])
        let cd = try Host(.cdR, quirks: [.speedsRoundedUp])
        let speeds = try WriteSpeeds(
            parsing: cd.ask([0xAC, 0, 0, 0, 0, 0, 0, 0, 0, 16, 3, 0], 8 + 256)
        )
        #expect(speeds.descriptors.first?.writeSpeed == 8468)
    }

    @Test func `feature 21h can be current with a disc that does not take it`() throws {
        for (quirks, isCurrent) in [(Set<Quirk>(), false), ([.liesAboutIncremental], true)] {
            let host = try Host(.dvdRW, quirks: quirks)
            try host.ask([0xA1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            host.settle()
            let feature = try host.ask([0x46, 2, 0, 0x21, 0, 0, 0, 0, 32, 0], 32)
            #expect(feature[10] & 1 == (isCurrent ? 1 : 0))
            let data = Host.payload(0, 16)
            #expect(try host.refusal(Host.write10(0, 16), sending: data) == "5/21/2")
        }
    }

    @Test func `a blank CD can begin at its pregap`() throws {
        let usual = try Host(.cdR)
        #expect(try usual.track(.track(0xFF)).nextWritable == LBA(0))
        try usual.select { $0.writeType = WriteParameters.WriteType.sessionAtOnce.rawValue }
        #expect(try usual.track(.track(0xFF)).nextWritable == LBA(-150))
        #expect(
            try Host(.cdR, quirks: [.blankAtPregap]).track(.track(0xFF)).nextWritable
                == LBA(-150)
        )
    }

    @Test func `a later session can begin at its pregap`() throws {
        let host = try Host(.cdR, quirks: [.blankAtPregap])
        try host.selectTAO(multiSession: 3)
        try host.write(0..<400)
        try host.synchronize()
        try host.close(2)
        host.settle()
        // 402 sectors with their run-out, 11400 up to the next track.
        #expect(try host.track(.track(0xFF)).nextWritable == LBA(11802))
        try host.select {
            $0.writeType = WriteParameters.WriteType.sessionAtOnce.rawValue
            $0.trackMode = 4
        }
        #expect(try host.track(.track(0xFF)).start == LBA(11652))
        #expect(try host.track(.track(0xFF)).nextWritable == LBA(11652))
    }

    @Test func `what is told of a disc can be off`() throws {
        #expect(try Host.dataCD(quirks: [.capacityWithoutRunOut]).capacity == 400)
        let dvd = try Host(.dvdPlusR, quirks: [.tocControl7, .atipZeros])
        try dvd.write(0..<32)
        try dvd.synchronize()
        try dvd.close(6)
        dvd.settle()
        let table = try dvd.tableOfContents
        #expect(table.entries.map(\.control) == [7, 4])
        #expect(
            try dvd.ask([0x43, 0, 4, 0, 0, 0, 0, 0, 28, 0], 28)
                == [0, 26] + Array(repeating: 0, count: 26)
        )
        let codes = try Host.dataCD(quirks: [.zeroCodes])
        let catalog = try codes.ask([0x42, 2, 0x40, 2, 0, 0, 0, 0, 24, 0], 24)
        #expect(catalog[8] == 0x80)
        #expect(Array(catalog[9..<22]) == Array("0000000000000".utf8))
        let bd = try Host(.bdR, quirks: [.noFreeBlocks])
        #expect(try bd.track(.track(0xFF)).freeBlocks == 0)
    }

    @Test func `the old state can be shown until the tray is moved`() throws {
        let host = try Host(.dvdPlusR, quirks: [.showsOldState])
        try host.write(0..<32)
        try host.synchronize()
        try host.close(6)
        host.settle()
        #expect(try host.discInformation.status == .blank)
        #expect(try host.capacity == 1)
        try host.reload()
        #expect(try host.discInformation.status == .complete)
        #expect(try host.capacity == 32)
        #expect(try host.holds(0..<32))
    }

    // MARK: Commands

    @Test func `commands can be missing or worse`() throws {
        let structure: [UInt8] = [0xAD, 0, 0, 0, 0, 0, 0, 0x11, 1, 0, 0, 0]
        try Host(.dvdPlusR).ask(structure, 256)
        #expect(
            try Host(.dvdPlusR, quirks: [.noStructure11]).refusal(structure, 256) == "5/24/0"
        )
        let fragile = try Host(.cdR, quirks: [.locksUpOnStructure])
        #expect(throws: TransportError.self) { try fragile.ask(structure, 256) }
        let long = try Host(.cdR, quirks: [.longDiscInformation])
        let bytes = try long.ask([0x51, 0, 0, 0, 0, 0, 0, 0, 64, 0], 64)
        #expect(bytes.count == 36)
        #expect(bytes[0..<2] == [0, 32])
        let slim = try Host(.cdR, quirks: [.noTrayMotor])
        try slim.ask([0x1B, 0, 0, 0, 2, 0])
        #expect(try slim.refusal([0x1B, 0, 0, 0, 3, 0]) == "5/24/0")
        let short = try Host.dataCD(quirks: [.noShortTrackInformation])
        let track: [UInt8] = [0x52, 0, 0, 0, 0, 0, 0, 0, 4, 0]
        #expect(try short.refusal(track, 4) == "5/24/0")
        #expect(try Host.dataCD().ask(track, 4).count == 4)
    }

    // MARK: CD-TEXT

    /// Packs as libburn sends them: 24 six-bit symbols for each.
    private func symbols(_ packs: [UInt8]) -> [UInt8] {
        stride(from: 0, to: packs.count, by: 3).flatMap { i in
            let word = UInt32(packs[i]) << 16 | UInt32(packs[i + 1]) << 8 | UInt32(packs[i + 2])
            return [18, 12, 6, 0].map { UInt8(word >> $0 & 0x3F) }
        }
    }

    @Test func `CD-TEXT is written into the lead-in and read back`() throws {
        var packs: [UInt8] = []
        for i in 0..<7 * 18 { packs.append(UInt8(truncatingIfNeeded: i &* 7 &+ 0x80)) }
        let atATIP = MSF(minute: 97, second: 26, frame: 66).lba.rawValue
        for (quirks, leadIn, refusal) in [
            (Set<Quirk>(), -150, nil), ([], atATIP, nil), ([.leadInAtPregap], -150, nil),
            ([.leadInAtPregap], atATIP, "5/26/0"),
        ] as [(Set<Quirk>, Int, String?)] {
            let host = try Host(.cdR, quirks: quirks)
            try host.select {
                $0.writeType = WriteParameters.WriteType.sessionAtOnce.rawValue
            }
            #expect(try announce(host, sheet(0, 320, track: 1, leadIn: leadIn)) == refusal)
            guard refusal == nil else { continue }
            let stream = symbols(packs)
            for lba in stride(from: -350, to: -150, by: 50) {
                let first = (lba + 350) * 96
                let bytes: [UInt8] = (first..<first + 4800).map { stream[$0 % stream.count] }
                try host.tell(Host.write10(lba, 50), bytes)
            }
            try host.write(0..<320)
            try host.synchronize()
            host.settle()
            let text = try host.ask([0x43, 0, 5, 0, 0, 0, 0, 0, 255, 0], 255)
            #expect(Array(text.dropFirst(4)) == packs)
            #expect(try host.holds(0..<320))
        }
    }
}
