import DiscBurning
import DiscDrives
import DiscModel
import LibBurn
import MMC
import Reports
import TestSupport
import Testing

/// Modes, places and heads of volumes, without a drive.
@Suite struct ModeChoiceTests {
    private func choice(
        _ profile: Int,
        _ wish: WriteMode? = nil,
        knowsSize: Bool = true,
        appends: Bool = false,
        keepsOpen: Bool = false,
        offersIncremental: Bool = true
    ) throws(Failure) -> ModeChoice {
        var report = DiscReport.sequential(profile: profile, free: 1_000_000)
        report.configuration = Configuration(
            currentProfile: Profile(rawValue: profile),
            features: [
                Feature(
                    code: 0x21,
                    version: 0,
                    isPersistent: false,
                    isCurrent: offersIncremental,
                    data: []
                )
            ]
        )
        guard let medium = report.medium else { preconditionFailure("no medium") }
        return try ModeChoice(
            ModeChoice.Situation(
                wish: wish,
                report: report,
                facts: medium.facts,
                knowsSize: knowsSize,
                appends: appends,
                keepsOpen: keepsOpen
            )
        )
    }

    @Test(arguments: [
        (0x09, true, false, false, true, "sao"), (0x09, false, false, false, true, "tao"),
        (0x09, true, true, false, true, "tao"), (0x0A, true, false, true, true, "sao"),
        (0x11, true, false, false, true, "incremental"), (0x14, true, false, false, false, "dao"),
        (0x14, true, true, false, true, "incremental"),
        (0x1B, true, false, true, true, "incremental"),
        (0x41, false, true, false, true, "incremental"),
        (0x1A, true, false, true, true, "overwrite"),
    ])
    func `what is not asked for is chosen, with a reason`(
        profile: Int,
        knowsSize: Bool,
        appends: Bool,
        keepsOpen: Bool,
        offers: Bool,
        name: String
    ) throws {
        let choice = try choice(
            profile,
            knowsSize: knowsSize,
            appends: appends,
            keepsOpen: keepsOpen,
            offersIncremental: offers
        )
        #expect(choice.name == name)
        #expect(!choice.reason.isEmpty && !choice.reason.hasSuffix("."))
    }

    @Test func `what can't be is refused, whatever the disc`() {
        let wishes: [(Int, WriteMode?, Bool, Bool, Bool, Bool)] = [
            (0x09, .incremental, true, false, false, true),
            (0x09, .sessionAtOnce, false, false, false, true),
            (0x09, .sessionAtOnce, true, true, false, true),
            (0x09, .discAtOnce, true, false, true, true),
            (0x11, .discAtOnce, true, false, true, true),
            (0x11, .discAtOnce, true, true, false, true),
            (0x14, .incremental, true, false, false, false),
            (0x14, nil, false, false, false, false),
            (0x14, nil, true, false, true, false), (0x15, nil, true, false, true, true),
            (0x1B, .discAtOnce, true, false, false, true),
            (0x41, .sessionAtOnce, true, false, false, true),
            (0x1A, .trackAtOnce, true, false, false, true),
        ]
        for (profile, wish, knowsSize, appends, keepsOpen, offers) in wishes {
            let failure = #expect(throws: Failure.self) {
                _ = try choice(
                    profile,
                    wish,
                    knowsSize: knowsSize,
                    appends: appends,
                    keepsOpen: keepsOpen,
                    offersIncremental: offers
                )
            }
            #expect(failure?.exitCode == .unsuitable)
        }
    }

    /// A CD whose drive is set to write sessions at once gives the pause before the next track.
    @Test(arguments: [11_580, 11_730])
    func `the next session of a CD begins behind its pause`(told: Int) {
        var report = DiscReport.sequential(status: .appendable, free: 300_000)
        report.state = .appendable
        report.information?.sessions = 2
        let track = Track(number: 1, session: 1, content: .data, start: .zero, length: 330)
        report.layout = DiscLayout(sessions: [
            DiscLayout.Session(number: 1, tracks: [track], leadOut: LBA(330))
        ])
        report.trackStates = [
            TrackInformation(number: 1, session: 1, start: .zero, size: 330),
            TrackInformation(
                number: 2,
                session: 2,
                isBlank: true,
                start: LBA(told),
                nextWritable: LBA(told),
                freeBlocks: 300_000,
                size: 300_000
            ),
        ]
        let point = WritePoint(address: 11_730, session: 2, track: 2, tracksBefore: 1)
        #expect(report.nextSession == point)
        let plan = DiscPlan(dataOf: 100 * 2048, mode: .trackAtOnce, padding: 150, at: point)
        #expect(plan.tracks.map(\.start) == [11_730])
        #expect(plan.sectors == 250 && plan.leadOut == 11_980)
        #expect(plan.tracks.first?.source.session == 2)
    }

    /// A volume's size counts from the disc's beginning where the disc shows it.
    @Test(arguments: [16, 32])
    func `a further volume's descriptors are fitted to the disc's beginning`(block: Int) throws {
        var bytes = [UInt8](repeating: 0, count: 200 * 2048)
        let descriptors: [(Int, UInt8)] = [(116, 1), (117, 2), (118, 255)]
        for (sector, kind) in descriptors {
            bytes[sector * 2048] = kind
            bytes.replaceSubrange(sector * 2048 + 1..<sector * 2048 + 6, with: Array("CD001".utf8))
            bytes[sector * 2048 + 80] = 50
            bytes[sector * 2048 + 87] = 50
        }
        bytes[5 * 2048] = 77
        let source = MemorySource(bytes)
        let head = try VolumeHead(source, at: 100, sectors: 60, block: block)
        #expect(head.place == (block == 16 ? 16 : 0))
        #expect(head.sectors == block)
        let first = (16 - head.place) * 2048
        #expect(head.bytes[first + 80] == 150 && head.bytes[first + 87] == 150)
        #expect(head.bytes[first + 2048 + 80] == 150)
        #expect(head.bytes[first + 4096 + 80] == 50)
        if block == 32 { #expect(head.bytes[5 * 2048] == 77) }
        #expect(throws: Failure.self) {
            _ = try VolumeHead(source, at: 99, sectors: 60, block: block)
        }
    }
}
