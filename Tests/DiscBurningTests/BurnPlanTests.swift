import DiscBurning
import DiscDrives
import DiscModel
import LibBurn
import MMC
import Reports
import TestSupport
import Testing

/// What is burned how, and what is refused with which words.
@Suite struct BurnPlanTests {
    /// A blank CD-R of 79:57:74 in a drive that writes CD-R and CD-RW.
    private func blank(_ profile: Int = 9) -> DiscReport {
        var report = DiscReport.sequential(
            profile: profile,
            free: 359_849,
            lastPossibleLeadOut: 0x4F_3B_4A
        )
        report.configuration = configuration(profile, [8, 9, 0xA])
        return report
    }

    private func configuration(_ current: Int, _ profiles: [Int]) -> Configuration {
        let list = profiles.flatMap { (profile: Int) -> [UInt8] in
            [UInt8(profile >> 8), UInt8(profile & 0xFF), 0, 0]
        }
        return Configuration(
            currentProfile: Profile(rawValue: current),
            features: [
                Feature(code: 0, version: 0, isPersistent: true, isCurrent: true, data: list)
            ]
        )
    }

    private func plan(_ report: DiscReport, _ sectors: Int, _ mode: WriteMode? = .trackAtOnce)
        throws(Failure) -> BurnPlan
    {
        try BurnPlan(
            BurnPlan.Payload(byteCount: sectors * 2048),
            options: BurnOptions(mode: mode),
            report: report,
            drive: "/dev/sr0"
        )
    }

    @Test(arguments: [
        (1000, 150), (359_697, 150), (359_698, 149), (359_846, 1), (359_847, 0),
    ])
    func `a track at once has as much padding as there is room for`(sectors: Int, padding: Int)
        throws
    {
        let plan = try plan(blank(), sectors)
        #expect(plan.paddingSectors == padding)
        #expect(plan.disc.tracks.first?.padding == padding)
        #expect(plan.capacity == 359_847)
    }

    @Test func `what leaves no room for the run-out is refused`() throws {
        for sectors in [359_848, 359_849] {
            let failure = #expect(throws: Failure.self) { _ = try plan(blank(), sectors) }
            #expect(failure?.cause == .unsuitable)
        }
        #expect(try plan(blank(), 359_849, .sessionAtOnce).paddingSectors == 0)
        #expect(throws: Failure.self) { _ = try plan(blank(), 359_850, .sessionAtOnce) }
    }

    /// A drive without underrun protection spoils a disc whose data come late.
    @Test(arguments: [(0x00, true, true), (0x40, true, false), (0x00, false, false)])
    func `a pipe needs a yes in a drive that can't wait for data`(
        _ protection: UInt8,
        _ isPipe: Bool,
        _ isAsked: Bool
    ) throws {
        var report = blank()
        report.configuration?.features.append(
            Feature(
                code: 0x2D,
                version: 2,
                isPersistent: false,
                isCurrent: true,
                data: [protection, 0, 0, 0]
            )
        )
        let plan = try BurnPlan(
            BurnPlan.Payload(byteCount: 2048 * 1000, comesThroughPipe: isPipe),
            options: BurnOptions(),
            report: report,
            drive: "/dev/sr0"
        )
        #expect(plan.questions.map(\.text).contains { $0.contains("pipe") } == isAsked)
        #expect(plan.questions.first?.refusal.exitCode == (isAsked ? .unsuitable : nil))
    }

    /// A pipe's size is known when it has ended, and need not be one of whole sectors.
    @Test func `what comes through a pipe is one track of unknown size`() throws {
        let plan = try BurnPlan(
            BurnPlan.Payload(byteCount: nil),
            options: BurnOptions(),
            report: blank(),
            drive: "/dev/sr0"
        )
        #expect(plan.disc.isPlainData)
        #expect(plan.disc.mode == .trackAtOnce)
        #expect(plan.disc.byteCount == nil && plan.disc.sectors == nil)
        #expect(plan.paddingSectors == 150)
        let measured = plan.disc.measured(100_001)
        #expect(measured.byteCount == 100_001)
        #expect(measured.tracks.map(\.payload) == [0..<49])
        #expect(measured.sectors == 49 + 150)
        // What was known beforehand stays.
        #expect(measured.measured(7) == measured)
    }

    @Test func `the last track of several has as much padding as there is room for`() throws {
        let tracks = [
            Track(number: 1, session: 1, mode: .audio, start: .zero, length: 1000),
            Track(number: 2, session: 1, mode: .mode1, start: LBA(1000), length: 1000),
        ]
        let layout = DiscLayout(sessions: [
            DiscLayout.Session(number: 1, tracks: tracks, leadOut: LBA(2000))
        ])
        let plan = DiscPlan(layout)
        // 2 of run-out and 150 of pause after the first track, 150 of padding and 2 after the second.
        #expect(plan.sectors == 2304)
        #expect(plan.fitting(into: 3000) == plan)
        #expect(plan.fitting(into: 2200).sectors == 2200)
        #expect(plan.fitting(into: 2100).sectors == 2154)
        #expect(plan.fitting(into: 2200).tracks.last?.start == plan.tracks.last?.start)
    }

    @Test func `a recorder without run-out has its tracks where it has them`() throws {
        let tracks = [
            Track(number: 1, session: 1, mode: .mode1, start: .zero, length: 1000),
            Track(number: 2, session: 1, mode: .audio, start: LBA(1150), length: 1000),
        ]
        let plan = DiscPlan(
            DiscLayout(sessions: [
                DiscLayout.Session(number: 1, tracks: tracks, leadOut: LBA(2150))
            ])
        )
        #expect(plan.tracks.map(\.start) == [0, 1302])
        let disc = DiscLayout(sessions: [
            DiscLayout.Session(
                number: 1,
                tracks: [
                    Track(number: 1, session: 1, mode: .mode1, start: .zero, length: 1150),
                    Track(number: 2, session: 1, mode: .audio, start: LBA(1300), length: 1000),
                ],
                leadOut: LBA(2300)
            )
        ])
        let adopted = plan.adopting(disc)
        #expect(adopted.tracks.map(\.start) == [0, 1300])
        // No recorder decides where the first one begins.
        var moved = disc
        moved.sessions[0].tracks[0].start = LBA(7)
        #expect(plan.adopting(moved).tracks.map(\.start) == [0, 1300])
        #expect(adopted.tracks.map(\.shift) == [0, 150])
        // Written at once, they lie where the image has them, or something is wrong.
        let sound = DiscPlan(
            DiscLayout(sessions: [
                DiscLayout.Session(
                    number: 1,
                    tracks: [tracks[1]],
                    leadOut: LBA(2150)
                )
            ])
        )
        #expect(sound.adopting(disc) == sound)
    }

    /// What is known of the disc is no reason to call it damaged, or to ask for another one.
    @Test func `what is not the disc's fault is not laid at its door`() {
        var reader = blank()
        reader.configuration = configuration(0x10, [0x10, 8])
        var foreign = blank(0x11)
        foreign.configuration = configuration(0x11, [8, 9, 0xA])
        var silent = blank()
        silent.information = nil
        silent.state = .unknown
        var open = DiscReport(profile: .none, state: .none)
        open.isTrayOpen = true
        var odd = DiscReport(profile: .none, state: .unknown)
        odd.problem = "2/30/00"
        let examples: [(DiscReport, String)] = [
            (reader, "only reads discs"), (foreign, "does not write DVD-R"),
            (silent, "does not say how far"), (open, "tray of the drive /dev/sr0 is open"),
            (DiscReport(profile: .none, state: .none), "finds no disc"),
            (odd, "can't use the disc"),
        ]
        for (report, words) in examples {
            let failure = #expect(throws: Failure.self) { _ = try plan(report, 1000, nil) }
            #expect(failure?.what.contains(words) == true, "\(failure?.description ?? "")")
            #expect(failure?.exitCode == .unsuitable)
            #expect(failure?.description.contains("damaged") == false)
        }
    }
}
