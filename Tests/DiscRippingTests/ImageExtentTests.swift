import DiscModel
import DiscRipping
import Reports
import Testing

/// Where an image ends: the rule as a table of cases.
@Suite struct ImageExtentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var medium: MediumKind
        var claimed: Int?
        /// Sectors that can be read behind the claimed end, or behind 0.
        var behind: Int
        /// Whether they are zeros; nil where not all were looked at.
        var areZero: Bool?
        /// The sector of them that was seen to hold data, from the first one.
        var dataAt: Int?
        var zerosAtEnd = 0
        var runOut = 0
        var keepsAll = false
        /// Sectors that the image has more than it claims, or than 0.
        var kept: Int
        var says: String?

        var testDescription: String { name }
    }

    private static let cases: [Case] = [
        Case(
            name: "nothing behind",
            medium: .dvdR,
            claimed: 1000,
            behind: 0,
            areZero: true,
            kept: 0
        ),
        Case(
            name: "DVD, 1 zero",
            medium: .dvdR,
            claimed: 1000,
            behind: 1,
            areZero: true,
            kept: 0,
            says: "left out"
        ),
        Case(
            name: "DVD, 15 zeros",
            medium: .dvdPlusR,
            claimed: 1000,
            behind: 15,
            areZero: true,
            kept: 0,
            says: "left out"
        ),
        Case(
            name: "DVD, 16 zeros",
            medium: .dvdPlusR,
            claimed: 1000,
            behind: 16,
            areZero: true,
            kept: 16,
            says: "16 sectors of zeros"
        ),
        Case(
            name: "DVD-RW in sequence, 15",
            medium: .dvdRW,
            claimed: 1000,
            behind: 15,
            areZero: true,
            kept: 0,
            says: "left out"
        ),
        Case(
            name: "DVD, two layers, 15",
            medium: .dvdPlusRDualLayer,
            claimed: 1000,
            behind: 15,
            areZero: true,
            kept: 0,
            says: "left out"
        ),
        Case(
            name: "pressed DVD, 16",
            medium: .dvdROM,
            claimed: 1000,
            behind: 16,
            areZero: true,
            kept: 16,
            says: "kept"
        ),
        Case(
            name: "DVD, 3 that are not zero",
            medium: .dvdR,
            claimed: 1000,
            behind: 3,
            areZero: false,
            dataAt: 1,
            kept: 3,
            says: "data from sector 1001"
        ),
        Case(
            name: "DVD, data and the rest of a block",
            medium: .dvdPlusR,
            claimed: 1000,
            behind: 505,
            areZero: false,
            dataAt: 0,
            zerosAtEnd: 4,
            kept: 505,
            says: "The last 4 of them are zeros, as burning adds them"
        ),
        Case(
            name: "BD-ROM, data and zeros",
            medium: .bdROM,
            claimed: 1000,
            behind: 505,
            areZero: false,
            dataAt: 0,
            zerosAtEnd: 4,
            kept: 505,
            says: "for there is data from sector 1000 on."
        ),
        Case(
            name: "DVD, 10 zeros, all wanted",
            medium: .dvdR,
            claimed: 1000,
            behind: 10,
            areZero: true,
            keepsAll: true,
            kept: 10,
            says: "as was asked"
        ),
        Case(
            name: "CD, the shortest track",
            medium: .cdR,
            claimed: 34,
            behind: 266,
            areZero: true,
            kept: 266,
            says: "at least 300 sectors"
        ),
        Case(
            name: "DVD, more than anyone looks at",
            medium: .dvdR,
            claimed: 1000,
            behind: 600,
            areZero: nil,
            kept: 600,
            says: "kept"
        ),
        Case(
            name: "BD-R, 31 zeros",
            medium: .bdR,
            claimed: 1000,
            behind: 31,
            areZero: true,
            kept: 0,
            says: "left out"
        ),
        Case(
            name: "BD-R, 32 zeros",
            medium: .bdR,
            claimed: 1000,
            behind: 32,
            areZero: true,
            kept: 32,
            says: "kept"
        ),
        Case(
            name: "BD-R DL, 31 zeros",
            medium: .bdRDualLayer,
            claimed: 1000,
            behind: 31,
            areZero: true,
            kept: 0,
            says: "left out"
        ),
        Case(
            name: "BD-R, not zero",
            medium: .bdR,
            claimed: 1000,
            behind: 31,
            areZero: false,
            dataAt: 0,
            kept: 31,
            says: "kept"
        ),
        Case(
            name: "pressed BD, 31 zeros",
            medium: .bdROM,
            claimed: 1000,
            behind: 31,
            areZero: true,
            kept: 31,
            says: "kept"
        ),
        Case(
            name: "CD in one go, 150 zeros",
            medium: .cdR,
            claimed: 1000,
            behind: 150,
            areZero: true,
            kept: 150,
            says: "kept"
        ),
        Case(
            name: "CD in one go, 2 zeros",
            medium: .cdR,
            claimed: 1000,
            behind: 2,
            areZero: true,
            kept: 2,
            says: "kept"
        ),
        Case(
            name: "pressed CD, 150 zeros",
            medium: .cdROM,
            claimed: 1000,
            behind: 150,
            areZero: true,
            kept: 150,
            says: "kept"
        ),
        Case(
            name: "CD, track at once",
            medium: .cdR,
            claimed: 1000,
            behind: 0,
            areZero: true,
            runOut: 2,
            kept: 0,
            says: "run-out"
        ),
        Case(
            name: "CD, track at once, 150 zeros",
            medium: .cdR,
            claimed: 1000,
            behind: 150,
            areZero: true,
            runOut: 2,
            kept: 0,
            says: "left out"
        ),
        Case(
            name: "CD, track at once, 151 zeros",
            medium: .cdR,
            claimed: 1000,
            behind: 151,
            areZero: true,
            runOut: 2,
            kept: 151,
            says: "kept"
        ),
        Case(
            name: "CD-RW, track at once, not zero",
            medium: .cdRW,
            claimed: 1000,
            behind: 20,
            areZero: false,
            dataAt: 3,
            runOut: 2,
            kept: 20,
            says: "kept"
        ),
        Case(
            name: "DVD+RW with a claim",
            medium: .dvdPlusRW,
            claimed: 1000,
            behind: 2_294_104,
            areZero: nil,
            kept: 0
        ),
        Case(
            name: "BD-RE with a claim, not zero behind",
            medium: .bdRE,
            claimed: 1000,
            behind: 500,
            areZero: false,
            dataAt: 7,
            kept: 0,
            says: "At sector 1007 the disc holds more data"
        ),
        Case(
            name: "DVD-RAM with a claim, all wanted",
            medium: .dvdRAM,
            claimed: 1000,
            behind: 500,
            areZero: false,
            dataAt: 7,
            keepsAll: true,
            kept: 500,
            says: "as was asked"
        ),
        Case(
            name: "DVD+RW without a claim",
            medium: .dvdPlusRW,
            claimed: nil,
            behind: 2_295_104,
            areZero: nil,
            kept: 2_295_104,
            says: "whole capacity"
        ),
        Case(
            name: "DVD-R without a claim",
            medium: .dvdR,
            claimed: nil,
            behind: 4096,
            areZero: nil,
            kept: 4096
        ),
        Case(
            name: "CD without a claim, track at once",
            medium: .cdR,
            claimed: nil,
            behind: 300,
            areZero: nil,
            runOut: 2,
            kept: 300,
            says: "run-out"
        ),
        Case(
            name: "claim beyond the end",
            medium: .dvdR,
            claimed: 1000,
            behind: -10,
            areZero: true,
            kept: -10,
            says: "10 are missing"
        ),
        Case(
            name: "claim beyond the end of a DVD+RW",
            medium: .dvdPlusRW,
            claimed: 1000,
            behind: -10,
            areZero: nil,
            kept: -10,
            says: "10 are missing"
        ),
    ]

    @Test(arguments: cases)
    func `an image ends where the rule says`(_ example: Case) {
        let isOverwritable: Bool =
            if case .overwritable = example.medium.facts.recording { true } else { false }
        let base = example.claimed ?? 0
        let readable = base + example.behind
        let claim = example.claimed.map { JobPlan.SizeClaim(source: "ISO 9660", sectors: $0) }
        var evidence = ExtentEvidence(
            medium: example.medium,
            isOverwritable: isOverwritable,
            readableEnd: readable
        )
        evidence.driveClaims = [
            .init(source: "READ CAPACITY", sectors: readable + example.runOut),
            .init(source: "READ TOC", sectors: readable),
        ]
        evidence.runOut = example.runOut
        evidence.contentClaims = claim.map { [$0] } ?? []
        evidence.claimedEnd = example.claimed
        evidence.volumeEnd = example.claimed
        evidence.keepsAll = example.keepsAll
        evidence.tail.isAllZeros = example.areZero == true
        evidence.tail.firstData = example.dataAt.map { base + $0 }
        evidence.tail.zerosAtEnd = example.zerosAtEnd
        let extent = ImageExtent(deciding: evidence)
        #expect(extent.trailing.map(\.start) == [evidence.tail.firstData].compactMap(\.self))
        #expect(extent.trailing.allSatisfy { $0.kept == (example.kept > 0) })
        #expect(extent.sectors == base + example.kept)
        let isDropped = example.kept == 0 && example.behind > 0 && !isOverwritable
        #expect(extent.droppedPadding == (isDropped ? example.behind : 0))
        #expect(extent.runOut == example.runOut)
        #expect(extent.missingSectors == max(0, -example.behind))
        #expect(extent.notes.allSatisfy { !$0.contains("burning does not account") })
        if let says = example.says {
            #expect(extent.notes.contains { $0.contains(says) }, "\(extent.notes)")
        } else {
            #expect(extent.notes.isEmpty)
        }
        #expect(extent.claims.count == (claim == nil ? 2 : 3))
        for claim in extent.claims {
            #expect(claim.decides == (claim.sectors == extent.sectors), "\(claim)")
        }
    }

    @Test func `gaps between sessions are told`() {
        var evidence = ExtentEvidence(medium: .cdR, isOverwritable: false, readableEnd: 50_000)
        evidence.gaps = [1000..<12_400, 20_000..<26_900]
        evidence.claimedEnd = 50_000
        let extent = ImageExtent(deciding: evidence)
        #expect(extent.recordedSectors == 50_000 - 18_300)
        #expect(extent.gaps == [1000..<12_400, 20_000..<26_900])
        #expect(extent.notes.contains { $0.hasPrefix("18300 sectors between sessions") })
    }
}
