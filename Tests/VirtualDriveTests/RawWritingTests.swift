import DiscImages
import DiscModel
import MMC
import Testing
import VirtualDrive

struct RawWritingTests {
    private static let packs: [UInt8] = (0..<5 * 18).map {
        UInt8(truncatingIfNeeded: $0 &* 11 &+ 0x81)
    }

    /// Data in mode 1, sound behind a pause, data in mode 2.
    private static let mixed = RawStream(
        tracks: [
            .init(number: 1, start: 0, control: 4, mode: 1, pregap: 150),
            .init(
                number: 2,
                start: 550,
                control: 2,
                mode: 0,
                pregap: 150,
                indices: [700, 800],
                isrc: "DEABC1234567"
            ),
            .init(number: 3, start: 950, control: 4, mode: 2, pregap: 50),
        ],
        leadOut: 1300,
        catalog: "4012345678901",
        packs: packs
    )

    private static let plain = RawStream(
        tracks: [.init(number: 1, start: 0, control: 4, mode: 1, pregap: 150)],
        leadOut: 320
    )

    /// The same for the usual CD-RW, whose lead-in begins at 97:34:24.
    private static let plainAgain: RawStream = {
        var stream = plain
        stream.leadIn = -11_076
        return stream
    }()

    private static func host(
        _ medium: MediumKind = .cdR,
        blockType: Int = 3,
        quirks: Set<Quirk> = []
    ) throws -> Host {
        let host = try Host(medium, quirks: quirks)
        try host.select {
            $0.writeType = WriteParameters.WriteType.raw.rawValue
            $0.blockType = blockType
            $0.trackMode = 0
        }
        return host
    }

    /// READ CD of one sector of any kind: its 2352 bytes, and the subchannel.
    private static func readCD(_ lba: Int, subchannel: UInt8 = 0) -> [UInt8] {
        [0xBE, 0] + Host.be32(lba) + [0, 0, 1, 0xF8, subchannel, 0]
    }

    @Test func `the stream's own sums are those of the standard`() {
        // ECMA-130 Annex B begins with these bytes; the Q is one of a pressed disc's lead-in.
        #expect(RawStream.scrambling[..<8] == [0x01, 0x80, 0x00, 0x60, 0x00, 0x28, 0x00, 0x1E])
        #expect(
            RawStream.withCRC([0x01, 0x00, 0xA0, 0x98, 0x06, 0x12, 0x00, 0x01, 0x00, 0x00])
                .suffix(2) == [0xE3, 0x74]
        )
    }

    @Test(arguments: [1, 2, 3])
    func `what is on a raw disc follows from its subchannel`(_ blockType: Int) throws {
        let stream = Self.mixed
        let host = try Self.host(blockType: blockType)
        #expect(try host.track(.track(0xFF)).nextWritable == LBA(stream.leadIn))
        try stream.write(to: host, blockType: blockType)
        try host.synchronize()
        #expect(try host.discInformation.status == .complete)
        let table = try host.tableOfContents
        #expect(table.tracks.map(\.start) == [LBA(0), LBA(550), LBA(950)])
        #expect(table.tracks.map(\.control) == [4, 2, 4])
        #expect(table.leadOut == LBA(1300))
        for lba in [0, 1, 399, 950, 1299] {
            #expect(try host.ask(Host.read10(lba, 1), 2048) == stream.user(lba), "\(lba)")
        }
        // Sound is no blocks, and nothing of it was taken for scrambled data.
        #expect(try host.refusal(Host.read10(550, 1), 2048) == "5/64/0")
        for lba in [0, 399, 550, 899, 950, 1299] {
            #expect(try host.ask(Self.readCD(lba), 2352) == stream.plain(lba), "\(lba)")
        }
        for lba in [-150, -1, 50, 399, 400, 549, 550, 575, 800, 949, 1299] {
            let bytes = try host.ask(Self.readCD(lba, subchannel: 1), 2448)
            #expect(Array(bytes.suffix(96)) == stream.subchannel(lba), "\(lba)")
        }
        let catalog = try host.ask([0x42, 2, 0x40, 2, 0, 0, 0, 0, 24, 0], 24)
        #expect(Array(catalog[9..<22]) == Array("4012345678901".utf8))
        let isrc = try host.ask([0x42, 2, 0x40, 3, 0, 0, 2, 0, 24, 0], 24)
        #expect(Array(isrc[9..<21]) == Array("DEABC1234567".utf8))
        let tracks = try #require(host.drive.disc?.record.tracks)
        #expect(tracks.map(\.pregap) == [150, 150, 50])
        #expect(tracks.map(\.written) == [400, 350, 350])
        #expect(tracks.map(\.dataMode) == [1, 0, 2])
        #expect(tracks[1].indices == [700, 800])
        let text = try host.ask([0x43, 0, 5, 0, 0, 0, 0, 0, 255, 0], 255)
        #expect(Array(text.dropFirst(4)) == (blockType == 1 ? [] : Self.packs))
    }

    @Test func `a lead-in that tells of a next session leaves the disc open for one`() throws {
        var stream = Self.plain
        // B0h: the next program area begins at LBA 11570; FFh would be none.
        stream.furtherEntries = [[0x45, 0xB0] + RawStream.time(11_570) + RawStream.time(359_846)]
        let host = try Self.host()
        try stream.write(to: host, blockType: 3)
        try host.synchronize()
        #expect(try host.discInformation.status == .appendable)
        let next = 320 + 11_400
        let leadIn = try #require(try host.track(.track(0xFF)).nextWritable).rawValue
        #expect(leadIn == next - 4650)
        let second = RawStream(
            leadIn: leadIn,
            first: next - 150,
            tracks: [.init(number: 2, start: next, control: 4, mode: 1, pregap: 150)],
            leadOut: next + 300
        )
        try second.write(to: host, blockType: 3)
        try host.synchronize()
        #expect(try host.discInformation.status == .complete)
        #expect(try FullTOC(parsing: try host.drive.fetch(.readFullTOC).1).lastSession == 2)
        #expect(try host.ask(Host.read10(next + 7, 1), 2048) == second.user(next + 7))
        #expect(try host.ask(Host.read10(7, 1), 2048) == stream.user(7))
        var closed = Self.plain
        closed.furtherEntries = [[0x45, 0xB0, 0xFF, 0xFF, 0xFF] + RawStream.time(359_846)]
        let last = try Self.host()
        try closed.write(to: last, blockType: 3)
        try last.synchronize()
        #expect(try last.discInformation.status == .complete)
    }

    @Test func `a session is not there before its lead-out`() throws {
        let host = try Self.host(.cdRW)
        try Self.plainAgain.write(to: host, blockType: 3, end: 320)
        try host.synchronize()
        #expect(try host.discInformation.lastSession == .incomplete)
        #expect(try host.refusal([0x5B, 0, 2, 0, 0, 0, 0, 0, 0, 0]) == "5/72/3")
        try host.tell(Host.write10(320, 1), Self.plainAgain.sectors(320..<321, blockType: 3))
        try host.synchronize()
        #expect(try host.discInformation.status == .complete)
        #expect(try host.capacity == 320)
        // As much can be blanked and written again.
        try host.ask([0xA1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        host.settle()
        #expect(try host.discInformation.status == .blank)
    }

    @Test func `a rehearsal leaves nothing, an interruption a damaged disc`() throws {
        let host = try Host(.cdR)
        try host.select {
            $0.writeType = 3
            $0.blockType = 3
            $0.testWrite = true
        }
        try Self.plain.write(to: host, blockType: 3)
        try host.synchronize()
        #expect(try host.discInformation.status == .blank)
        let broken = try Self.host()
        try Self.plain.write(to: broken, blockType: 3, end: -8000)
        try broken.reload()
        #expect(try broken.discInformation.lastSession == .damaged)
        let changed = try Self.host()
        try Self.plain.write(to: changed, blockType: 3, end: 100)
        try changed.select { _ in }
        #expect(try changed.discInformation.lastSession == .damaged)
    }

    // MARK: What hosts send wrong

    @Test func `a raw stream must begin at the lead-in and have no gaps`() throws {
        let host = try Self.host()
        let stream = Self.plain
        func refusal(_ range: Range<Int>, _ bytes: [UInt8]? = nil) throws -> String? {
            try host.refusal(
                Host.write10(range.lowerBound, range.count),
                sending: bytes ?? stream.sectors(range, blockType: 3)
            )
        }
        let start = stream.leadIn
        for lba in [0, -150, start - 1, start + 1, -100_000, 2_000_000_000] {
            let zeros = [UInt8](repeating: 0, count: 2448)
            #expect(try refusal(lba..<lba + 1, zeros) == "5/21/2", "\(lba)")
        }
        #expect(try host.discInformation.status == .blank)
        // Sectors of 16 bytes of subchannel are too short.
        let short = stream.sectors(start..<start + 5, blockType: 1)
        #expect(try refusal(start..<start + 5, short) == "5/64/0")
        #expect(try refusal(start..<start + 5) == nil)
        #expect(try refusal(start..<start + 5) == "5/21/2")
        #expect(try refusal(start + 6..<start + 7) == "5/21/2")
        #expect(try refusal(start + 5..<start + 7) == nil)
        // A finished disc takes nothing.
        let full = try Self.host()
        try stream.write(to: full, blockType: 3)
        try full.synchronize()
        let again = stream.sectors(start..<start + 1, blockType: 3)
        #expect(try full.refusal(Host.write10(start, 1), sending: again) == "5/30/5")
    }

    @Test func `block types and features say what a drive takes raw`() throws {
        func refusal(_ blockType: Int, _ quirks: Set<Quirk> = []) throws -> String? {
            var parameters = WriteParameters()
            parameters.writeType = 3
            parameters.blockType = blockType
            let page: [UInt8] = [0x05, 50] + parameters.encoded
            return try Host(.cdR, quirks: quirks).refusal(
                [0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0],
                sending: Array(repeating: 0, count: 8) + page
            )
        }
        for blockType in 0...15 {
            let isRaw = (1...3).contains(blockType)
            #expect(try refusal(blockType) == (isRaw ? nil : "5/26/0"), "\(blockType)")
        }
        #expect(try refusal(1, [.raw96Only]) == "5/26/0")
        #expect(try refusal(2, [.raw96Only]) == "5/26/0")
        #expect(try refusal(3, [.raw96Only]) == nil)
        #expect(try refusal(1, [.noRaw16]) == "5/26/0")
        #expect(try refusal(2, [.noRaw16]) == nil)
        let feature = try Host(.cdR).ask([0x46, 2, 0, 0x2E, 0, 0, 0, 0, 32, 0], 32)
        // Session at once, raw, and raw in several sessions.
        #expect(feature[12] & 0x38 == 0x38)
        let strict = try Self.host(quirks: [.rawNeedsPregap])
        #expect(throws: Never.self) {
            try Self.plain.write(to: strict, blockType: 3, end: Self.plain.leadIn + 750)
        }
        let refused = Self.plain.leadIn + 754
        try strict.tell(
            Host.write10(refused - 4, 4),
            Self.plain.sectors(refused - 4..<refused, blockType: 3)
        )
        let rest = Self.plain.sectors(refused..<refused + 4, blockType: 3)
        #expect(try strict.refusal(Host.write10(refused, 4), sending: rest) == "5/21/2")
    }

    @Test func `what no drive could read is a damaged disc, and no more`() throws {
        let nothing: [[UInt8]] = []
        let late = RawStream.time(359_847)
        var streams = [Self.plain, Self.plain, Self.plain, Self.plain, Self.plain]
        // No table of contents; every CRC wrong; no lead-out in it; no tracks in it; its lead-out
        // behind the disc's end.
        streams[0].entries = nothing
        streams[1].spoil = { _, q in q[11] ^= 1 }
        streams[2].entries = [
            [0x41, 0xA0, 0, 0, 0, 1, 0, 0], [0x41, 0xA1, 0, 0, 0, 1, 0, 0],
            [0x41, 0x01, 0, 0, 0, 0, 2, 0],
        ]
        streams[3].entries = [
            [0x41, 0xA0, 0, 0, 0, 1, 0, 0], [0x41, 0xA1, 0, 0, 0, 1, 0, 0],
            [0x41, 0xA2, 0, 0, 0] + RawStream.time(320),
        ]
        streams[4].entries = [
            [0x41, 0xA0, 0, 0, 0, 1, 0, 0], [0x41, 0xA1, 0, 0, 0, 1, 0, 0],
            [0x41, 0x01, 0, 0, 0, 0, 2, 0], [0x41, 0xA2, 0, 0, 0] + late,
        ]
        for (number, stream) in streams.enumerated() {
            let host = try Self.host()
            try stream.write(to: host, blockType: 3)
            try host.synchronize()
            #expect(try host.discInformation.status == .appendable, "\(number)")
            #expect(try host.refusal([0x43, 0, 0, 0, 0, 0, 1, 0, 20, 0], 20) == "5/24/0")
            try host.reload()
            #expect(try host.discInformation.lastSession == .damaged, "\(number)")
            #expect(host.drive.disc?.record.state == .damaged)
        }
    }

    @Test func `where Q contradicts itself the table of contents is right`() throws {
        var stream = Self.mixed
        // A second A2h, a track that begins in the lead-out, and a track that is out of order.
        let usual: [[UInt8]] = [
            [0x41, 0xA0, 0, 0, 0, 1, 0, 0], [0x41, 0xA1, 0, 0, 0, 4, 0, 0],
            [0x41, 0xA2, 0, 0, 0] + RawStream.time(1300), [0x41, 1, 0, 0, 0] + RawStream.time(0),
        ]
        stream.entries =
            usual + [
                [0x41, 0xA2, 0, 0, 0] + RawStream.time(500),
                [0x21, 2, 0, 0, 0] + RawStream.time(600),
                [0x41, 3, 0, 0, 0] + RawStream.time(580),
                [0x41, 4, 0, 0, 0] + RawStream.time(1400),
                [0x41, 0x9F, 0, 0, 0, 0xFF, 0xFF, 0xFF],
            ]
        // In the program area some sectors say they are elsewhere, or nothing sensible.
        stream.spoil = { lba, q in
            guard lba >= 0 else { return }
            if lba % 7 == 3 { q = RawStream.withCRC(Array(q[..<7]) + RawStream.time(lba + 90)) }
            if lba % 7 == 5 { q = RawStream.withCRC(Array(repeating: 0xFF, count: 10)) }
            if lba % 7 == 6 { q = Array(repeating: 0, count: 12) }
        }
        let host = try Self.host()
        try stream.write(to: host, blockType: 3)
        try host.synchronize()
        let table = try host.tableOfContents
        #expect(table.tracks.map(\.number) == [1, 2])
        #expect(table.tracks.map(\.start) == [LBA(0), LBA(600)])
        #expect(table.leadOut == LBA(1300))
        #expect(try host.ask(Host.read10(8, 1), 2048) == stream.user(8))
    }

    @Test(arguments: 0..<6)
    func `no stream of random Q does more than a drive would`(_ seed: Int) throws {
        let host = try Self.host(.cdRW, blockType: 1 + seed % 3)
        var state = UInt64(seed &* 7919 + 13)
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let points = [0xA0, 0xA1, 0xA2, 0xB0, 0xC0, 1, 2, 0x10, 0x99, 0xAF]
        let size = [2368, 2448, 2448][seed % 3]
        let start = Self.plainAgain.leadIn
        for first in stride(from: start, to: 900, by: 25) {
            var bytes: [UInt8] = []
            for lba in first..<first + 25 {
                var q = Self.plainAgain.q(lba)
                for place in 0..<10 where random(4) == 0 { q[place] = UInt8(random(256)) }
                if random(2) == 0 { q[2] = UInt8(points[random(points.count)]) }
                if lba < -150 { q[1] = 0 }
                q = RawStream.withCRC(Array(q[..<10]))
                var sector = (0..<2352).map { _ in UInt8(truncatingIfNeeded: lba) }
                if random(2) == 0 {
                    sector.replaceSubrange(
                        0..<12,
                        with: [0] + Array(repeating: 0xFF, count: 10) + [0]
                    )
                    sector[15] = UInt8(random(256))
                }
                bytes += sector
                bytes +=
                    size == 2368
                    ? q + [0, 0, 0, UInt8(random(256))]
                    : (0..<96).map { q[$0 / 8] >> UInt8(7 - $0 % 8) & 1 == 1 ? 0x40 : 0 }
            }
            _ = try host.refusal(Host.write10(first, 25), sending: bytes)
            if random(40) == 0 { try host.synchronize() }
        }
        try host.synchronize()
        _ = try host.discInformation
        _ = try host.refusal([0x43, 0, 0, 0, 0, 0, 1, 0, 255, 0], 255)
        _ = try host.refusal([0x43, 0, 2, 0, 0, 0, 1, 0, 255, 0], 255)
        for lba in stride(from: -150, to: 900, by: 37) {
            _ = try host.refusal(Host.read10(lba, 1), 2048)
            _ = try host.refusal(Self.readCD(lba, subchannel: 1), 2448)
        }
        try host.ask([0xA1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        host.settle()
        #expect(try host.discInformation.status == .blank)
    }
}
