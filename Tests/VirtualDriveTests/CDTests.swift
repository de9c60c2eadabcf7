import DiscModel
import MMC
import Testing
import VirtualDrive

struct CDTests {
    private static let blankCommand: [UInt8] = [0xA1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    private static func cue(
        _ control: Int,
        _ track: Int,
        _ index: Int,
        _ form: Int,
        at lba: Int
    ) -> CueSheet.Entry {
        CueSheet.Entry(
            control: control,
            track: track,
            index: index,
            form: form,
            time: MSF(LBA(lba))
        )
    }

    /// The sheet of one data track of so many sectors.
    private static func dataSheet(_ sectors: Int) -> CueSheet {
        CueSheet(entries: [
            cue(4, 0, 0, 0x14, at: -150), cue(4, 1, 0, 0x10, at: -150), cue(4, 1, 1, 0x10, at: 0),
            cue(4, 0xAA, 1, 0x14, at: sectors),
        ])
    }

    private static func sendCueSheet(_ sheet: CueSheet) -> [UInt8] {
        let length = sheet.encoded.count
        return [0x5D, 0, 0, 0, 0, 0, 0, UInt8(length >> 8), UInt8(length & 0xFF), 0]
    }

    @Test func `a blank CD-R gives its ATIP and capacity`() throws {
        let host = try Host(.cdR)
        let atip = try ATIP(parsing: try host.ask([0x43, 2, 4, 0, 0, 0, 0, 0, 28, 0], 28))
        #expect(!atip.isErasable)
        #expect(atip.leadIn.description == "97:26:66")
        #expect(atip.lastLeadOut.lba == LBA(359_846))
        let information = try host.discInformation
        #expect(information.status == .blank)
        #expect(information.lastPossibleLeadOut == 0x4F3B47)
        #expect(try host.track(.track(0xFF)).freeBlocks == 359_846)
        #expect(try host.refusal(Host.read10(0, 1), 2048) == "5/21/0")
        #expect(try host.refusal([0x43, 2, 2, 0, 0, 0, 1, 0, 99, 0], 99) == "5/24/0")
    }

    @Test func `tracks at once end in two sectors that can't be read`() throws {
        let host = try Host(.cdR)
        try host.select { $0.multiSession = 3 }
        try host.write(0..<400)
        try host.synchronize()
        try host.close(1, track: 0xFF)
        let first = try host.track(.track(1))
        #expect(first.size == 402)
        #expect(first.nextWritable == nil)
        #expect(try host.track(.track(0xFF)).nextWritable == LBA(552))
        try host.select { $0.multiSession = 3 }
        // A short track is filled up to four seconds.
        try host.write(552..<562)
        try host.synchronize()
        try host.close(2)
        #expect(try host.capacity == 854)
        #expect(try host.holds(0..<400))
        #expect(try host.refusal(Host.read10(399, 2), 4096) == "5/64/0")
        #expect(try host.refusal(Host.read10(400, 1), 2048) == "5/64/0")
        #expect(try host.ask(Host.read10(562, 290), 290 * 2048).allSatisfy { $0 == 0 })
        #expect(try host.refusal(Host.read10(852, 1), 2048) == "5/64/0")
        #expect(try host.refusal(Host.read10(854, 1), 2048) == "5/21/0")
        let toc = try host.tableOfContents
        #expect(toc.tracks.map(\.start) == [LBA(0), LBA(552)])
        #expect(toc.leadOut == LBA(854))
    }

    @Test func `sessions follow each other until one is the last`() throws {
        let host = try Host(.cdR)
        var starts: [Int] = []
        for session in 1...3 {
            try host.select { $0.multiSession = session < 3 ? 3 : 0 }
            let start = try #require(try host.track(.track(0xFF)).nextWritable).rawValue
            starts.append(start)
            try host.write(start..<start + 300)
            try host.synchronize()
            try host.close(2)
            let information = try host.discInformation
            #expect(information.status == (session < 3 ? .appendable : .complete))
            #expect(information.sessions == min(session + 1, 3))
        }
        #expect(starts == [0, 302 + 11400, 302 + 11400 + 302 + 6900])
        let full = try FullTOC(parsing: try host.drive.fetch(.readFullTOC).1)
        #expect(full.lastSession == 3)
        #expect(full.entries.filter { $0.point < 100 }.map(\.pointTime.lba.rawValue) == starts)
        #expect(full.entries.filter { $0.point == 0xB0 }.count == 2)
        let sessions = try SessionTable(parsing: try host.drive.fetch(.readSessionTable).1)
        #expect(sessions.firstTrack.start == LBA(starts[2]))
        #expect(try host.holds(starts[1]..<starts[1] + 300))
        #expect(
            try host.refusal(Host.write10(starts[2] + 302, 1), sending: Host.payload(0, 1))
                == "5/30/5"
        )
    }

    @Test func `a session at once has exactly its announced sectors`() throws {
        let host = try Host(.cdR)
        #expect(try host.refusal(Host.write10(-150, 1), sending: Host.payload(0, 1)) == "5/21/2")
        try host.select { $0.writeType = 2 }
        #expect(try host.refusal(Host.write10(-150, 1), sending: Host.payload(0, 1)) == "5/2c/0")
        let sheet = Self.dataSheet(500)
        try host.tell(Self.sendCueSheet(sheet), sheet.encoded)
        #expect(try host.refusal(Host.write10(0, 1), sending: Host.payload(0, 1)) == "5/21/2")
        try host.write(-150..<0)
        try host.write(0..<500)
        try host.synchronize()
        #expect(try host.discInformation.status == .complete)
        #expect(try host.capacity == 500)
        #expect(try host.holds(0..<500))
        // The pregap was recorded, too; its last command began at -22.
        #expect(try host.ask(Host.read10(-1, 1), 2048) == Host.payload(-22, 22).suffix(2048))
    }

    @Test func `an audio session at once keeps whole sectors`() throws {
        let host = try Host(.cdR)
        try host.select {
            $0.writeType = 2
            $0.blockType = 0
            $0.trackMode = 0
        }
        let sheet = CueSheet(entries: [
            Self.cue(0, 0, 0, 0x01, at: -150), Self.cue(0, 1, 0, 0, at: -150),
            Self.cue(0, 1, 1, 0, at: 0), Self.cue(0, 2, 0, 0, at: 350),
            Self.cue(0, 2, 1, 0, at: 400),
            Self.cue(0, 2, 2, 0, at: 500), Self.cue(0, 0xAA, 1, 0x01, at: 800),
        ])
        try host.tell(Self.sendCueSheet(sheet), sheet.encoded)
        try host.write(-150..<800, size: 2352)
        try host.synchronize()
        let toc = try host.tableOfContents
        #expect(toc.tracks.map(\.start) == [LBA(0), LBA(400)])
        #expect(toc.tracks.allSatisfy { !$0.isData })
        let read: [UInt8] = [0xBE, 0x04] + Host.be32(10) + [0, 0, 2, 0xF8, 0, 0]
        let bytes = try host.ask(read, 2 * 2352)
        #expect(bytes.count == 4704)
        #expect(Array(bytes[..<4]) == Host.be32(10))
        #expect(try host.refusal(Host.read10(0, 1), 2048) == "5/64/0")
        // Q of a sector in index 2, and in the second track's pregap.
        let q = try host.ask([0xBE, 0x04] + Host.be32(510) + [0, 0, 1, 0, 2, 0], 16)
        #expect(Array(q[..<3]) == [0x01, 0x02, 0x02])
        #expect(SubchannelQ.crc(of: q[..<10]) == UInt16(q[10]) << 8 | UInt16(q[11]))
        let pregap = try host.ask([0xBE, 0x04] + Host.be32(399) + [0, 0, 1, 0, 2, 0], 16)
        #expect(Array(pregap[..<6]) == [0x01, 0x02, 0x00, 0x00, 0x00, 0x00])
    }

    @Test func `bad cue sheets are refused where they are bad`() throws {
        let host = try Host(.cdR)
        try host.select { $0.writeType = 2 }
        let good = Self.dataSheet(500)
        var bad: [CueSheet] = []
        for line in good.entries.indices {
            var sheet = good
            sheet.entries.remove(at: line)
            if line != 0 { bad.append(sheet) }
        }
        var late = good
        late.entries[3].bytes[5] = 85
        bad.append(late)
        var unknown = good
        unknown.entries[2].bytes[3] = 0x3F
        bad.append(unknown)
        for sheet in bad {
            #expect(
                try host.refusal(Self.sendCueSheet(sheet), sending: sheet.encoded) == "5/26/0"
            )
        }
        try host.tell(Self.sendCueSheet(good), good.encoded)
    }

    @Test func `a rehearsal leaves a blank disc that can then be written`() throws {
        let host = try Host(.cdR)
        try host.select { $0.testWrite = true }
        try host.write(0..<600)
        #expect(try host.track(.track(0xFF)).nextWritable == LBA(600))
        try host.synchronize()
        #expect(try host.discInformation.status == .blank)
        try host.close(2)
        #expect(try host.track(.track(0xFF)).nextWritable == LBA(0))
        try host.select { _ in }
        try host.write(0..<300)
        try host.synchronize()
        try host.close(2)
        #expect(try host.discInformation.status == .complete)
        #expect(try host.holds(0..<300))
        #expect(try host.capacity == 302)
    }

    @Test(arguments: [UInt8(0), 1])
    func `a CD-RW can be blanked, a CD-R can't`(_ kind: UInt8) throws {
        let host = try Host(.cdRW)
        try host.write(0..<300)
        try host.synchronize()
        try host.close(2)
        #expect(try host.discInformation.isErasable)
        var command = Self.blankCommand
        command[1] = kind
        try host.ask(command)
        #expect(try host.discInformation.status == .blank)
        #expect(try host.refusal(Host.read10(0, 1), 2048) == "5/21/0")
        try host.select { _ in }
        try host.write(0..<300)
        try host.synchronize()
        try host.close(2)
        #expect(try host.capacity == 302)
        #expect(try Host(.cdR).refusal(command) == "5/30/5")
    }

    @Test func `the end of the disc is the end`() throws {
        let host = try Host(.cdR)
        #expect(
            try host.refusal(Host.write10(359_846, 1), sending: Host.payload(0, 1)) == "5/21/2"
        )
        try host.select { $0.writeType = 2 }
        let long = Self.dataSheet(359_847)
        #expect(try host.refusal(Self.sendCueSheet(long), sending: long.encoded) == "5/26/0")
        let whole = Self.dataSheet(359_846)
        try host.tell(Self.sendCueSheet(whole), whole.encoded)
    }

    @Test func `a raw read makes the sector around the data`() throws {
        let host = try Host(.cdR)
        try host.write(0..<300)
        try host.synchronize()
        try host.close(2)
        let raw = try host.ask([0xBE, 0x08] + Host.be32(17) + [0, 0, 1, 0xF8, 0, 0], 2352)
        #expect(Array(raw[..<16]) == RawSector.sync + [0x00, 0x02, 0x17, 0x01])
        #expect(Array(raw[16..<20]) == Host.be32(17))
        let sum = SectorEDC.sum(of: raw.span, in: 0..<2064)
        #expect((0..<4).allSatisfy { raw[2064 + $0] == UInt8(truncatingIfNeeded: sum >> (8 * $0)) })
        // Only user data; the wrong kind of sector.
        #expect(
            try host.ask([0xBE, 0] + Host.be32(17) + [0, 0, 1, 0x10, 0, 0], 2048)
                == Array(raw[16..<2064])
        )
        #expect(
            try host.refusal([0xBE, 0x04] + Host.be32(17) + [0, 0, 1, 0x10, 0, 0], 2352)
                == "5/64/0"
        )
    }

    @Test func `a drive that is switched off in a track leaves it damaged`() throws {
        let host = try Host(.cdRW)
        try host.write(0..<320)
        let disc = try #require(host.drive.removeDisc())
        host.drive.insert(disc)
        host.settle()
        #expect(try host.discInformation.lastSession == .damaged)
        #expect(try host.track(.track(1)).isDamaged)
        #expect(try host.track(.track(1)).nextWritable == nil)
        try host.close(2)
        #expect(try host.capacity == 320)
        #expect(try host.holds(0..<320))
    }
}
