import DiscModel
import MMC
import Testing
import VirtualDrive

/// The recorded failures whose program Debian 12 does not have, or is not known.
///
/// The drive says the same of the same command. The others are shown by their programs, in
/// `EndToEndTests`.
struct RecordedFailureTests {
    /// What is in the drive.
    enum Disc: Sendable {
        case blank(MediumKind)
        /// A CD with a data track of 400 sectors, or with an audio track.
        case data, audio
    }

    /// A failure that was recorded.
    struct Failure: Sendable, CustomTestStringConvertible {
        /// The numbers of the records, of those that begin with `s-`.
        var records: [Int]
        var disc: Disc
        var faults: [String] = []
        var quirks: Set<Quirk> = []
        var cdb: [UInt8]
        /// The room for data.
        var room = 0
        /// The data that are sent; zeros.
        var sent = 0
        /// How often the command was sent before.
        var before = 0
        var code: String

        var testDescription: String {
            records.map { "s-" + String($0 + 1000).dropFirst() }.joined(separator: ", ")
        }
    }

    private static func readCD(_ lba: Int, _ sectors: UInt8, type: UInt8, flags: UInt8 = 0xF8)
        -> [UInt8]
    {
        [0xBE, type] + Host.be32(lba) + [0, 0, sectors, flags, 0, 0]
    }

    private static let failures = [
        // The spare areas of a BD-R that is not formatted.
        Failure(
            records: [2],
            disc: .blank(.bdR),
            faults: ["refuse command=AD sense=5/24/00"],
            cdb: [0xAD, 0x01, 0, 0, 0, 0, 0, 0x0A, 0, 16, 0, 0],
            room: 16,
            code: "5/24/0"
        ),
        // The link failed, and the host's layer made up sense data in the descriptor format.
        Failure(
            records: [8],
            disc: .data,
            faults: ["read lba=0 sense=B/00/00"],
            quirks: [.descriptorSense],
            cdb: Host.read10(0, 1),
            room: 2048,
            code: "b/0/0"
        ),
        // Reading near the end of the last audio track.
        Failure(
            records: [115],
            disc: .audio,
            faults: ["refuse command=47 sense=3/02/00"],
            cdb: [0x47, 0, 0, 0, 4, 0, 0, 4, 1, 0],
            code: "3/2/0"
        ),
        Failure(
            records: [116],
            disc: .audio,
            faults: ["read lba=390 sense=3/02/00"],
            cdb: readCD(380, 20, type: 0x04, flags: 0x10),
            room: 20 * 2352,
            code: "3/2/0"
        ),
        Failure(
            records: [157],
            disc: .audio,
            faults: ["read lba=33 sense=3/11/00"],
            cdb: readCD(20, 27, type: 0x04),
            room: 27 * 2352,
            code: "3/11/0"
        ),
        // Data read as audio.
        Failure(
            records: [141],
            disc: .data,
            cdb: readCD(0, 24, type: 0x04, flags: 0x10),
            room: 24 * 2352,
            code: "5/64/0"
        ),
        Failure(
            records: [144],
            disc: .data,
            cdb: [0xBE, 0x04, 0, 0, 0, 0, 0, 0, 1, 0xF8, 1, 0],
            room: 2448,
            code: "5/64/0"
        ),
        // The lead-out.
        Failure(
            records: [143],
            disc: .data,
            cdb: readCD(402, 1, type: 0),
            room: 2352,
            code: "5/21/0"
        ),
        Failure(
            records: [158],
            disc: .blank(.dvdPlusR),
            quirks: [.noStructure11],
            cdb: [0xAD, 0, 0, 0, 0, 0, 0, 0x11, 1, 8, 0, 0],
            room: 264,
            code: "5/24/0"
        ),
        Failure(
            records: [168],
            disc: .blank(.dvdPlusRW),
            faults: ["refuse command=B6 sense=5/21/00"],
            cdb: [0xB6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 0],
            sent: 28,
            code: "5/21/0"
        ),
        // After one error no WRITE is taken any more.
        Failure(
            records: [169],
            disc: .blank(.cdRW),
            faults: ["write lba=0 sense=3/10/00 count=1"],
            quirks: [.refusesAfterError],
            cdb: Host.write10(0, 32),
            sent: 65536,
            code: "3/10/0"
        ),
        Failure(
            records: [170],
            disc: .blank(.cdRW),
            faults: ["write lba=0 sense=3/10/00 count=1"],
            quirks: [.refusesAfterError],
            cdb: Host.write10(0, 32),
            sent: 65536,
            before: 20,
            code: "5/30/5"
        ),
        // Session information asked for by SFF 8020's bits in byte 9.
        Failure(
            records: [175],
            disc: .blank(.cdR),
            cdb: [0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0x40],
            room: 12,
            code: "5/24/0"
        ),
        // Blank discs that are looked at for partitions.
        Failure(
            records: [176],
            disc: .blank(.cdR),
            cdb: Host.read10(0, 1),
            room: 2048,
            code: "5/21/0"
        ),
        Failure(
            records: [178],
            disc: .blank(.dvdR),
            cdb: Host.read10(0, 2),
            room: 4096,
            code: "5/64/0"
        ),
    ]

    private func host(_ disc: Disc, _ faults: [Fault], _ quirks: Set<Quirk>) throws -> Host {
        switch disc {
        case .blank(let medium):
            let host = try Host(medium, faults: faults, quirks: quirks)
            if medium.facts.family == .cd { try host.selectTAO() }
            return host
        case .data: return try Host.dataCD(faults: faults, quirks: quirks)
        case .audio: return try Host.audioCD(faults: faults)
        }
    }

    @Test(arguments: failures)
    func `the drive says what was recorded`(_ failure: Failure) throws {
        let faults = try failure.faults.map { text throws(FaultError) in try Fault(parsing: text) }
        let host = try host(failure.disc, faults, failure.quirks)
        var code: String?
        for _ in 0...failure.before {
            code =
                if failure.sent > 0 {
                    try host.refusal(
                        failure.cdb,
                        sending: Array(repeating: 0, count: failure.sent)
                    )
                } else {
                    try host.refusal(failure.cdb, failure.room)
                }
        }
        #expect(code == failure.code)
        if failure.quirks.contains(.descriptorSense) {
            #expect(try host.senseBytes(failure.cdb, failure.room).prefix(2) == [0x72, 0x0B])
        }
    }

    /// Record s-070: a format goes on behind the host's back, and is no error.
    @Test func `REQUEST SENSE tells how far a format has come`() throws {
        let host = try Host(.dvdPlusRW)
        try host.tell(
            [0x04, 0x11, 0, 0, 0, 0],
            [0, 0x02, 0, 8] + Host.be32(2_295_104) + [0x98, 0, 0, 0]
        )
        host.settle()
        let bytes = try host.ask([0x03, 0, 0, 0, 18, 0], 18)
        #expect(bytes[2] & 0x0F == 0)
        #expect(Array(bytes[12..<14]) == [0x04, 0x04])
        #expect(bytes[15] & 0x80 != 0)
    }

    /// Record s-120: what CLOSE SESSION tells is about something earlier.
    @Test func `a refusal can be about an earlier command`() throws {
        let host = try Host(.cdR, faults: [Fault(parsing: "close sense=3/02/00 deferred")])
        try host.selectTAO()
        try host.write(0..<320)
        try host.synchronize()
        let bytes = try host.senseBytes([0x5B, 0, 2, 0, 0, 0, 0, 0, 0, 0])
        #expect(bytes.first == 0x71)
        #expect(Sense(parsing: bytes)?.matches(.mediumError, 0x02, 0x00) == true)
        #expect(Sense(parsing: bytes)?.isDeferred == true)
    }
}
