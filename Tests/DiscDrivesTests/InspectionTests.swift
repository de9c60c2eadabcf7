import DiscDrives
import DiscModel
import MMC
import SystemPackage
import Testing

/// What is made of a disc by the answers of drives that are not as the standard has them.
@Suite struct InspectionTests {
    private func inspect(_ answer: @escaping (Command) -> [UInt8]?) throws -> DiscReport {
        try Drive(FilePath("/dev/sr9"), over: AnsweringDrive(answer)).inspectDisc()
    }

    // MARK: Profiles

    /// What a drive calls its disc, the profiles that it lists as current, the disc's sectors, and what
    /// the disc is then.
    struct Name: Sendable, CustomTestStringConvertible {
        var profile: Int
        var current: [Int] = []
        var sectors: Int
        var medium: MediumKind?

        var testDescription: String { "\(profile) \(current) \(sectors)" }
    }

    static let names = [
        // One that is of a kind of disc is believed.
        Name(profile: 0x10, current: [0x10, 0x1A], sectors: 300_000, medium: .dvdROM),
        // Others that are current say more (q-030 of the recorded quirks).
        Name(profile: 0x02, current: [0x02, 0x43], sectors: 11_826_176, medium: .bdRE),
        Name(profile: 0x00, current: [0x1A, 0x10], sectors: 2_295_104, medium: .dvdPlusRW),
        // Else it is the size.
        Name(profile: 0x00, sectors: 300_000, medium: .cdROM),
        Name(profile: 0x02, current: [0x02], sectors: 2_295_104, medium: .dvdROM),
        Name(profile: 0xFFFF, sectors: 4_173_824, medium: .dvdROM),
        Name(profile: 0x00, sectors: 12_219_392, medium: .bdROM),
        Name(profile: 0x00, sectors: 0, medium: nil),
        // A disk of magnets is none of these.
        Name(profile: 0x03, sectors: 300_000, medium: nil),
    ]

    @Test(arguments: names)
    func `a disc that the drive reads has a kind, whatever its profile`(name: Name) throws {
        var listed: [UInt8] = []
        for number in [0x43, 0x1A, 0x10, 0x02] {
            listed += [0, UInt8(number), name.current.contains(number) ? 1 : 0, 0]
        }
        let profiles = listed
        let configuration = Configuration(
            currentProfile: Profile(rawValue: name.profile),
            features: [
                Feature(code: 0, version: 0, isPersistent: true, isCurrent: true, data: profiles)
            ]
        )
        let report = try inspect { command in
            switch command.cdb[0] {
            case 0x46: configuration.encoded
            case 0x25 where name.sectors > 0:
                Capacity(lastSector: LBA(name.sectors - 1)).encoded
            // Something is recorded everywhere.
            case 0x28: [UInt8](repeating: 1, count: 65_536)
            default: nil
            }
        }
        #expect(report.medium == name.medium)
        let isPlain = name.profile == 0x10
        #expect(report.nonsense.isEmpty == (isPlain || name.medium == nil))
    }

    @Test func `a blank disc of no known kind is not taken for a pressed one`() throws {
        let report = try inspect { command in
            switch command.cdb[0] {
            case 0x46: Configuration(currentProfile: .none, features: []).encoded
            case 0x51:
                DiscInformation(status: .blank, lastSession: .empty, isErasable: false).encoded
            case 0x25: Capacity(lastSector: .zero).encoded
            default: nil
            }
        }
        #expect(report.medium == nil)
    }

    /// A bridge that carries so many bytes of a reply; the list of profiles has 68, and comes last of all or
    /// not at all.
    @Test(arguments: [16, 24, 64, 96, 1020])
    func `features come in pieces over a bridge that cuts replies`(carried: Int) throws {
        let list: [UInt8] = (0..<16).flatMap { [UInt8(0), UInt8($0 + 0x08), UInt8(0), UInt8(0)] }
        let features =
            [Feature(code: 0, version: 0, isPersistent: true, isCurrent: true, data: list)]
            + [0x01, 0x21, 0x2F, 0x107].map {
                Feature(
                    code: $0,
                    version: 0,
                    isPersistent: false,
                    isCurrent: $0 == 0x21,
                    data: [0, 0, 0, 0]
                )
            }
        let report = try inspect { command in
            guard command.cdb[0] == 0x46 else { return nil }
            let first = Int(command.cdb[2]) << 8 | Int(command.cdb[3])
            let reply = Configuration(
                currentProfile: Profile(rawValue: 0x11),
                features: features.filter { $0.code >= first }
            ).encoded
            return Array(reply.prefix(carried))
        }
        let codes = report.configuration?.features.map(\.code)
        let all = [0, 0x01, 0x21, 0x2F, 0x107]
        #expect(codes == (carried < 8 + 4 + list.count ? Array(all.dropFirst()) : all))
        #expect(report.offersIncremental)
    }

    @Test func `a drive that gives a part of its features again and again is not asked for ever`()
        throws
    {
        var questions = 0
        let report = try inspect { command in
            guard command.cdb[0] == 0x46 else { return nil }
            questions += 1
            let feature = Feature(
                code: 0x01,
                version: 0,
                isPersistent: true,
                isCurrent: true,
                data: [0, 0, 0, 0]
            )
            var reply = Configuration(
                currentProfile: Profile(rawValue: 0x10),
                features: [feature]
            ).encoded
            reply[0] = 0x7F
            return reply
        }
        #expect(report.configuration?.features.map(\.code) == [0x01])
        #expect(questions == 2)
        #expect(report.medium == .dvdROM)
    }

    // MARK: Sizes

    @Test(arguments: [0x7FFF_FFFF, 0xFFFF_FFF0, 0xFFFF_FFFF])
    func `a capacity that wrapped around is none`(last: Int) throws {
        let report = try inspect { command in
            switch command.cdb[0] {
            case 0x46: Configuration(currentProfile: Profile(rawValue: 0x10), features: []).encoded
            case 0x25: Capacity(lastSector: LBA(last)).encoded
            default: nil
            }
        }
        #expect(report.capacity == nil)
        #expect(report.nonsense.map(\.command) == ["READ CAPACITY"])
    }

    /// m-071 of the recorded discs: a recorder's DVD-R, never finished, of which a drive names a next
    /// sector even in the track that is full.
    @Test func `a track without a free sector is recorded to its end`() throws {
        let full = TrackInformation(
            number: 1,
            session: 1,
            start: .zero,
            nextWritable: .zero,
            freeBlocks: 0,
            size: 8432
        )
        let open = TrackInformation(
            number: 2,
            session: 1,
            start: LBA(8432),
            nextWritable: LBA(125_360),
            freeBlocks: 588_640,
            size: 705_568
        )
        let report = try inspect { command in
            switch command.cdb[0] {
            case 0x46: Configuration(currentProfile: Profile(rawValue: 0x11), features: []).encoded
            case 0x51:
                DiscInformation(
                    status: .appendable,
                    lastSession: .incomplete,
                    isErasable: false,
                    lastTrackInLastSession: 2
                ).encoded
            case 0x52: (command.cdb[5] == 1 ? full : open).encoded
            default: nil
            }
        }
        #expect(report.layout.tracks.map(\.length) == [8432, 116_928])
    }

    // MARK: Sessions

    /// A disc with a track of data in each of two sessions, as a drive tells of it.
    private func inspectSessions(
        told: [Int]?,
        listsLeadIns: Bool,
        listsLast: Bool = false,
        profile: Int = 9,
        tellsOfDisc: Bool = true
    ) throws -> DiscReport {
        let starts = [LBA.zero, LBA(11_874)]
        let table = TableOfContents(
            firstTrack: 1,
            lastTrack: 2,
            entries: starts.enumerated().map { index, start in
                TableOfContents.Entry(number: index + 1, control: 4, start: start)
            } + [
                TableOfContents.Entry(
                    number: TableOfContents.leadOutNumber,
                    control: 4,
                    start: LBA(12_500)
                )
            ]
        )
        let leadOuts = [LBA(474), LBA(12_500)]
        let leadIns = FullTOC(
            firstSession: 1,
            lastSession: 2,
            entries: [1, 2].flatMap { session in
                [
                    FullTOC.Entry(
                        session: session,
                        control: 4,
                        point: session,
                        pointTime: MSF(starts[session - 1])
                    ),
                    FullTOC.Entry(
                        session: session,
                        control: 4,
                        point: 0xA2,
                        pointTime: MSF(leadOuts[session - 1])
                    ),
                ]
            }
        )
        return try inspect { command in
            switch (command.cdb[0], command.cdb[2]) {
            case (0x46, _):
                let profile = Profile(rawValue: profile)
                return Configuration(currentProfile: profile, features: []).encoded
            case (0x51, _) where tellsOfDisc:
                return DiscInformation(
                    status: .complete,
                    lastSession: .complete,
                    isErasable: false,
                    sessions: 2,
                    firstTrackInLastSession: 2,
                    lastTrackInLastSession: 2
                ).encoded
            case (0x52, _):
                let number = Int(command.cdb[5])
                guard let told, told.indices.contains(number - 1) else { return nil }
                return TrackInformation(
                    number: number,
                    session: told[number - 1],
                    start: starts[number - 1],
                    size: leadOuts[number - 1] - starts[number - 1]
                ).encoded
            case (0x43, 0): return table.encoded(msf: false)
            case (0x43, 1) where listsLast:
                return SessionTable(
                    firstSession: 1,
                    lastSession: 2,
                    firstTrack: TableOfContents.Entry(number: 2, control: 4, start: starts[1])
                ).encoded(msf: false)
            case (0x43, 2) where listsLeadIns: return leadIns.encoded
            default: return nil
            }
        }
    }

    /// A drive's word on each track, whether it gives the lead-ins, and where the last session begins.
    @Test(
        arguments: [
            ([1, 2], true, false), ([1, 2], false, false), (nil, true, false),
            // Lead-ins go before a drive that counts all to one session.
            ([1, 1], true, false),
            // The least that tells of two sessions.
            (nil, false, true),
        ] as [([Int]?, Bool, Bool)]
    )
    func `sessions are told apart by whatever tells of them`(
        told: [Int]?,
        listsLeadIns: Bool,
        listsLast: Bool
    ) throws {
        let report = try inspectSessions(
            told: told,
            listsLeadIns: listsLeadIns,
            listsLast: listsLast
        )
        #expect(report.layout.sessions.map(\.number) == [1, 2])
        #expect(report.layout.tracks.map(\.session) == [1, 2])
        #expect(report.layout.tracks.map(\.length) == [474, 626])
        #expect(report.layout.sessions.map(\.leadOut) == [LBA(474), LBA(12_500)])
    }

    /// A DVD+R of whose tracks the drive says that all are of one session, and a drive without READ DISC
    /// INFORMATION.
    @Test(arguments: [([1, 1], true, true), ([1, 2], false, false)] as [([Int], Bool, Bool)])
    func `sessions of a DVD are told apart, too`(
        told: [Int],
        tellsOfDisc: Bool,
        listsLast: Bool
    ) throws {
        let report = try inspectSessions(
            told: told,
            listsLeadIns: false,
            listsLast: listsLast,
            profile: 0x1B,
            tellsOfDisc: tellsOfDisc
        )
        #expect(report.layout.tracks.map(\.session) == [1, 2])
        #expect(report.layout.tracks.map(\.length) == [474, 626])
    }

    // MARK: No answer

    /// A pressed disc is complete; of one that can be written nobody says whether it is closed.
    @Test(
        arguments: [(0x08, .complete), (0x10, .complete), (0x09, .unknown), (0x1B, .unknown)]
            as [(Int, DiscState)]
    )
    func `without READ DISC INFORMATION no disc is taken to be closed`(
        profile: Int,
        state: DiscState
    ) throws {
        let report = try inspectSessions(
            told: [1, 2],
            listsLeadIns: false,
            listsLast: false,
            profile: profile,
            tellsOfDisc: false
        )
        #expect(report.layout.tracks.count == 2)
        #expect(report.state == state)
    }

    /// DVD-RAM, DVD+RW, BD-RE, and DVD-RW that is formatted.
    @Test(arguments: [0x12, 0x1A, 0x43, 0x13])
    func `a disc of which a drive says nothing may hold data, and is not called formatted`(
        profile: Int
    ) throws {
        let report = try inspect { command in
            guard command.cdb[0] == 0x46 else { return nil }
            return Configuration(currentProfile: Profile(rawValue: profile), features: []).encoded
        }
        #expect(report.state == .complete)
        #expect(!report.isFormattedQuickly)
        #expect(report.isFormatted == (profile == 0x13))
        var formatted = report
        formatted.capacity = Capacity(lastSector: LBA(1000))
        #expect(formatted.isFormatted)
    }

    // MARK: Order

    @Test func `a list of tracks that are not in order is not believed`() throws {
        let table = TableOfContents(
            firstTrack: 1,
            lastTrack: 2,
            entries: [
                .init(number: 1, control: 0, start: LBA(65_535)),
                .init(number: 2, control: 0, start: LBA(750)),
                .init(number: TableOfContents.leadOutNumber, control: 0, start: LBA(1500)),
            ]
        )
        let report = try inspect { command in
            switch (command.cdb[0], command.cdb[2]) {
            case (0x46, _):
                Configuration(currentProfile: Profile(rawValue: 8), features: []).encoded
            case (0x43, 0): table.encoded(msf: false)
            default: nil
            }
        }
        #expect(report.layout.tracks.isEmpty)
        #expect(report.nonsense.contains { "\($0)".contains("track 2 begins before") })
    }
}
