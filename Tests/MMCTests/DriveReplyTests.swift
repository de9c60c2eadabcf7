import DiscModel
import MMC
import Testing

/// What real drives answered, byte by byte; see Fixtures/README.md.
@Suite struct DriveReplyTests {
    // d-059: HL-DT-ST BD-RE BU40N 1.03 with a BD-ROM in it.
    private static let burnerInquiry =
        Hexadecimal.bytes(
            """
            05 80 00 32 5b 00 00 00 48 4c 2d 44 54 2d 53 54 42 44 2d 52 45 20 42 55 34 30 4e 20 20 20 20 20
            31 2e 30 33 4e 4d 30 30 30 30 30 30 30 30 30 30 30 30 30 30 20 20
            """
        ) + Array(repeating: 0, count: 42)
    // d-060: PIONEER BD-RW BDR-S09 1.34.
    private static let pioneerInquiry =
        Hexadecimal.bytes(
            """
            05 80 00 32 5b 00 00 00 50 49 4f 4e 45 45 52 20 42 44 2d 52 57 20 20 20 42 44 52 2d 53 30 39 20
            31 2e 33 34 20 31 36 2f 30 34 2f 32 35 20 20 50 49 4f 4e 45 45 52 20
            """
        ) + Array(repeating: 0, count: 41)

    @Test func `INQUIRY of whole drives`() throws {
        #expect(
            try Inquiry(parsing: Self.burnerInquiry)
                == Inquiry(vendor: "HL-DT-ST", product: "BD-RE BU40N", revision: "1.03")
        )
        #expect(
            try Inquiry(parsing: Self.pioneerInquiry)
                == Inquiry(vendor: "PIONEER", product: "BD-RW   BDR-S09", revision: "1.34")
        )
        #expect(throws: ReplyError.self) {
            try Inquiry(parsing: Array(Self.burnerInquiry.prefix(35)))
        }
    }

    @Test(arguments: [
        ("ATAPI", "iHAS424   B", "GL1A"), ("_NEC", "DVD+-RW ND-3650A", "105C"),
        ("", "DVDRW IDE 16X", "A089"), ("hp", "DVD-ROM SU-108GB", "JN00"),
        ("PLEXTOR", "DVDR   PX-L890SA", ""), ("Slimtype", "DVD A  DS8A1P", "CA11"),
    ])
    func `names keep their inner blanks`(_ vendor: String, _ product: String, _ revision: String)
        throws
    {
        let identity = Inquiry(vendor: vendor, product: product, revision: revision)
        #expect(try Inquiry(parsing: identity.encoded) == identity)
    }

    private static let burnerFeatures: [(code: Int, bytes: [UInt8])] = [
        (
            0x0000,
            Hexadecimal.bytes(
                """
                0000 03 48 00430000 00420000 00410000 00400100 002b0000 001b0000 001a0000 00160000
                00150000 00140000 00130000 00120000 00110000 00100000 000a0000 00090000 00080000
                00020000
                """
            )
        ),
        (0x0003, Hexadecimal.bytes("0003 0b 04 2b000000")),
        (0x001D, Hexadecimal.bytes("001d 00 00")),
        (0x001E, Hexadecimal.bytes("001e 08 04 03000000")),
        (0x001F, Hexadecimal.bytes("001f 08 04 01000100")),
        (
            0x0040,
            Hexadecimal.bytes(
                "0040 09 1c 01000000 000c0000 00000000 00060000 00000000 00020000 00000000"
            )
        ),
        (0x0041, Hexadecimal.bytes("0041 04 14 01000000 000c0000 00000000 00060000 00000000")),
        (0x0107, Hexadecimal.bytes("0107 15 04 1f000000")),
        (0x0108, Hexadecimal.bytes("0108 03 0c 30303030 30303030 30303020")),
        (0x010C, Hexadecimal.bytes("010c 03 10 32313138 31303234 31393334 20200000")),
        (0x010D, Hexadecimal.bytes("010d 08 04 17010201")),
    ]

    @Test func `GET CONFIGURATION of a whole drive`() throws {
        let descriptors = Self.burnerFeatures.flatMap(\.bytes)
        let length = UInt8(4 + descriptors.count)
        let reply: [UInt8] = [0, 0, 0, length, 0, 0, 0x00, 0x40] + descriptors
        let configuration = try Configuration(parsing: reply)
        #expect(configuration.currentProfile.medium == .bdROM)
        #expect(configuration.features.map(\.code) == Self.burnerFeatures.map(\.code))
        #expect(configuration.encoded == reply)
        #expect(
            configuration.profiles.map(\.rawValue) == [
                0x43, 0x42, 0x41, 0x40, 0x2B, 0x1B, 0x1A, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, 0x10,
                0x0A, 0x09, 0x08, 0x02,
            ]
        )
        #expect(configuration.currentProfiles.map(\.rawValue) == [0x40])
        let core = try #require(configuration.feature(0x0040))
        #expect(core.isCurrent && !core.isPersistent && core.version == 2)
        #expect(try #require(configuration.feature(0x0107)).version == 5)
        #expect(configuration.feature(0x0021) == nil)
        // A buffer that is too small cuts the last features off and leaves the others alone.
        for count in 8..<reply.count {
            let cut = try Configuration(parsing: Array(reply.prefix(count)))
            #expect(configuration.features.starts(with: cut.features))
            #expect(cut.features.count < configuration.features.count)
        }
    }

    @Test func `a feature that claims more than came is left out`() throws {
        // d-060 as its log was rebuilt: descriptors that are shorter than their length bytes say.
        let profiles = Hexadecimal.bytes(
            """
            0000 03 48 00430000 00420000 00410000 00400100 001b0000 001a0000 00160000 00150000
            00140000 00130000 00120000 00110000 00100000 000a0000 00090000 00080000 00020000
            """
        )
        for bytes in [profiles, Hexadecimal.bytes("0040 08 1c 01000000 000e0000")] {
            let length = UInt8(4 + bytes.count)
            let configuration = try Configuration(
                parsing: [0, 0, 0, length, 0, 0, 0, 0] + bytes
            )
            #expect(configuration.features.isEmpty)
            #expect(configuration.profiles.isEmpty)
        }
    }

    @Test func `vendors' features are kept as they are`() throws {
        // d-069, behind an ASMedia bridge: speeds by profile.
        let speeds = Hexadecimal.bytes(
            """
            002b000a361a2b48207615a40cfc001b000e6162569040ec2b48207615a40cfc001a00082b48207615a40cfc
            001500062b48207615a400140008207615a40ad205690011000e6162569040ec2b48207615a40ad2
            """
        )
        let features = [
            Feature(code: 0xFF00, data: [1, 1, 1, 3]), Feature(code: 0xFF02),
            Feature(code: 0xFF11, data: speeds),
        ]
        let configuration = Configuration(currentProfile: .none, features: features)
        #expect(try Configuration(parsing: configuration.encoded) == configuration)
    }

    @Test func `MODE SENSE 2Ah of whole drives`() throws {
        // d-059.
        let page =
            Hexadecimal.bytes("2a423f37f1772b23696001000fe06960001000")
            + Array(repeating: 0, count: 49)
        let pages = try ModePages(parsing10: Hexadecimal.bytes("004a000000000000") + page)
        let capabilities = try #require(pages.page(0x2A))
        #expect(pages.pages.count == 1)
        #expect(capabilities.data.count == 0x42 && !capabilities.isSavable)
        // Buffer size and the fastest read speed stand at bytes 12 and 8 of the page.
        #expect(Array(capabilities.data[10..<12]) == [0x0F, 0xE0])
        #expect(Array(capabilities.data[6..<8]) == [0x69, 0x60])
        // d-060: 54 of the 72 bytes that the page's length promises.
        let short = try ModePages(
            parsing10: Hexadecimal.bytes(
                """
                004e000000000000 2a463f37f1632923569001000fa056900000569056900001000000005690000a
                00005690000040ec0000361a00002b480000207600001b0d
                """
            )
        )
        #expect(short.page(0x2A)?.data.count == 54)
        #expect(short.page(0x2A)?.data.suffix(2) == [0x1B, 0x0D])
    }

    @Test func `READ DISC INFORMATION longer than its length says`() throws {
        // m-046: a BD-ROM; 36 bytes, length 32, no FFs where there is no session to come.
        let information = try DiscInformation(
            parsing: Hexadecimal.bytes("00200e0101010120") + Array(repeating: 0, count: 28)
        )
        #expect(information.status == .complete)
        #expect(information.lastSession == .complete)
        #expect(!information.isErasable && information.isUnrestricted)
        #expect(information.sessions == 1 && information.firstTrack == 1)
        #expect(information.firstTrackInLastSession == 1)
        #expect(information.lastTrackInLastSession == 1)
        #expect(information.lastPossibleLeadOut == 0)
        #expect(throws: ReplyError.self) {
            // Type 001b, track resources, which nobody asked for.
            try DiscInformation(parsing: [0, 10, 0x20, 1, 1, 1, 1, 0, 0, 0, 0, 0])
        }
    }

    @Test func `READ CAPACITY of a BD-ROM`() throws {
        let capacity = try Capacity(parsing: Hexadecimal.bytes("027603ff00000800"))
        #expect(capacity.sectors == 41_288_704)
        #expect(capacity.sectorSize == 2048)
    }

    @Test func `READ TRACK INFORMATION that ends early`() throws {
        // m-052: a CD-RW with fixed packets, of which 34 bytes are recorded.
        let packets = try TrackInformation(
            parsing: Hexadecimal.bytes(
                "002201010007b2000000000000000000000000000000002000048160000000000000"
            )
        )
        #expect(packets.number == 1 && packets.session == 1 && packets.trackMode == 7)
        #expect(packets.isReserved && packets.isPacket && packets.isFixedPacket)
        #expect(packets.dataMode == 2 && packets.packetSize == 32 && packets.size == 295_264)
        #expect(packets.nextWritable == nil && packets.lastRecorded == nil)
        // m-053.
        let plain = try TrackInformation(
            parsing: Hexadecimal.bytes(
                "00220101000401000000000000000000000000000000000000008581000000000000"
            )
        )
        #expect(plain.isData && plain.dataMode == 1 && plain.size == 34_177 && !plain.isPacket)
    }

    /// Drives older than MMC-2 have 28 bytes, and may send whatever was in their buffer for the others.
    @Test func `READ TRACK INFORMATION longer than its length says`() throws {
        var reply = TrackInformation(number: 3, session: 2, start: LBA(1000), size: 500).encoded
        reply[0..<2] = [0, 26]
        reply[28..<36] = [0xDE, 0xAD, 0xBE, 0xEF, 0x55, 0x55, 0x55, 0x55]
        let old = try TrackInformation(parsing: reply)
        #expect(old.number == 3 && old.session == 2 && old.size == 500)
        // The last recorded sector is not among the bytes either.
        reply[7] = 0x02
        #expect(try TrackInformation(parsing: reply).lastRecorded == nil)
        // A length that can't be right is no reason to leave bytes out.
        reply[0..<2] = [0, 0]
        #expect(try TrackInformation(parsing: reply).number == 0x5503)
    }

    @Test(arguments: RecordedTOC.all)
    func `recorded tables of contents`(_ recorded: RecordedTOC) throws {
        let table = try TableOfContents(parsing: recorded.bytes)
        #expect(table.leadOut == LBA(recorded.leadOut))
        #expect(table.tracks.map(\.number) == recorded.tracks.map(\.number))
        #expect(table.tracks.map(\.start.rawValue) == recorded.tracks.map(\.start))
        #expect(table.tracks.map(\.control) == recorded.controls)
        #expect(table.firstTrack == recorded.tracks.first?.number)
        #expect(table.lastTrack == recorded.tracks.last?.number)
        #expect(table.encoded(msf: false) == recorded.bytes)
        guard recorded.leadOut < 445_500 else { return }
        #expect(try TableOfContents(parsing: table.encoded(msf: true), msf: true) == table)
    }

    @Test func `the raw table of contents of a CD-R`() throws {
        // c-001: LITE-ON SOHW-1653S; binary, not BCD.
        let rows: [[UInt8]] = [
            [1, 0x14, 0, 0xA0, 0, 0, 0, 0, 1, 0, 0], [1, 0x14, 0, 0xA1, 0, 0, 0, 0, 1, 0, 0],
            [1, 0x14, 0, 0xA2, 0, 0, 0, 0, 25, 37, 11], [1, 0x14, 0, 1, 0, 0, 0, 0, 0, 2, 0],
        ]
        let reply: [UInt8] = [0, 46, 1, 1] + rows.flatMap { $0 }
        let table = try FullTOC(parsing: reply)
        #expect(table.encoded == reply)
        #expect(table.entries.map(\.point) == [0xA0, 0xA1, 0xA2, 1])
        #expect(table.entries[2].pointTime.lba == LBA(115_136))
        #expect(table.entries[3].pointTime.lba == .zero)
    }

    @Test func `READ FORMAT CAPACITIES with a reserved type is refused`() {
        var bytes = FormatCapacities(kind: .formatted, sectors: 1).encoded
        bytes[8] = 0
        #expect(throws: ReplyError.self) { try FormatCapacities(parsing: bytes) }
    }

    @Test func `GET PERFORMANCE with exceptions is refused`() {
        var bytes = Performance(isWriting: false, descriptors: []).encoded
        bytes[4] |= 0x01
        #expect(throws: ReplyError.self) { try Performance(parsing: bytes) }
    }

    @Test func `an event of another class is refused`() throws {
        let event = DriveEvent(code: 3, isMediumPresent: false, isTrayOpen: true)
        #expect(try DriveEvent(parsing: event.encoded) == event)
        var bytes = event.encoded
        bytes[2] = 0x84
        #expect(throws: ReplyError.self) { try DriveEvent(parsing: bytes) }
        bytes[2] = 0x01
        #expect(throws: ReplyError.self) { try DriveEvent(parsing: bytes) }
    }
}
