import DiscDrives
import DiscModel
import MMC
import TestSupport
import Testing

/// Where a disc can be written, and how much, by what drives say of it.
@Suite struct DiscRoomTests {
    private func report(
        _ profile: Int,
        _ kind: FormatCapacities.Kind,
        _ sectors: Int,
        _ formats: [(type: Int, sectors: Int)] = []
    ) -> DiscReport {
        var report = DiscReport(profile: Profile(rawValue: profile), state: .blank)
        report.formats = FormatCapacities(
            kind: kind,
            sectors: sectors,
            descriptors: formats.map { .init(type: $0.type, sectors: $0.sectors, parameter: 0) }
        )
        return report
    }

    /// The list of a BD-RE in an LG drive, and others in which 00h is not the first or is not there.
    @Test func `an unformatted disc gets the drive's default format`() {
        let bdRE = [
            (0x00, 11_826_176), (0x30, 11_826_176), (0x30, 5_796_864), (0x30, 12_088_320),
            (0x31, 12_219_392),
        ]
        let cases: [(profile: Int, list: [(Int, Int)], type: Int, sectors: Int)] = [
            (0x43, bdRE, 0x00, 11_826_176),
            (0x43, bdRE.reversed(), 0x00, 11_826_176),
            (0x43, Array(bdRE.dropFirst()), 0x30, 11_826_176),
            (0x12, [(0x00, 2_236_704), (0x01, 2_200_000)], 0x00, 2_236_704),
            // The largest leaves a DVD-RAM no spare area.
            (0x12, [(0x00, 2_295_072), (0x00, 2_236_704), (0x00, 1_218_960)], 0x00, 2_236_704),
            (0x1A, [(0x00, 1), (0x26, 2_295_104)], 0x26, 2_295_104),
        ]
        for example in cases {
            let report = report(example.profile, .unformatted, 12_219_392, example.list)
            #expect(report.formatToMake?.type == example.type)
            #expect(report.formatToMake?.sectors == example.sectors)
            #expect(report.writableSectors == example.sectors)
        }
        #expect(report(0x43, .formatted, 5_796_864, bdRE).formatToMake == nil)
        #expect(report(0x43, .formatted, 5_796_864, bdRE).writableSectors == 5_796_864)
    }

    @Test func `a DVD-RW in restricted overwrite has room for what its writes will format`() {
        var quick = report(0x13, .noMedium, 0, [(0x00, 2_297_888), (0x15, 2_297_888)])
        quick.trackStates = [
            TrackInformation(number: 1, session: 1, start: .zero, freeBlocks: 2_298_496, size: 0)
        ]
        quick.capacity = Capacity(lastSector: .zero)
        #expect(quick.isFormattedQuickly)
        #expect(quick.writableSectors == 2_297_888)
        quick.capacity = Capacity(lastSector: LBA(4095))
        #expect(!quick.isFormattedQuickly)
        #expect(quick.writableSectors == 2_297_888)
        // Formatted in part, with a last border that grows; and as a whole.
        let list = [(0x00, 2_297_888), (0x13, 2_000_000)]
        #expect(report(0x13, .formatted, 100_000, list).writableSectors == 2_100_000)
        #expect(report(0x13, .formatted, 2_297_888, list).writableSectors == 2_297_888)
        #expect(report(0x13, .formatted, 100_000).writableSectors == 100_000)
    }

    /// Drives count the run-out to the free blocks or don't (q-046 of the recorded quirks).
    @Test(arguments: [359_849, 359_847, 359_845])
    func `a track at once leaves room for its run-out`(free: Int) {
        // 79:59:74 is LBA 359849.
        var report = DiscReport.sequential(free: free, lastPossibleLeadOut: 0x4F_3B_4A)
        #expect(report.sectorsBeforeLeadOut == 359_849)
        #expect(report.roomForTrackAtOnce == min(free, 359_847))
        for unknown in [UInt32.max, 0, 0x4F_FF_FF] {
            report.information?.lastPossibleLeadOut = unknown
            #expect(report.roomForTrackAtOnce == free - 2)
        }
    }
}
