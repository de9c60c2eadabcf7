import DiscModel
import Testing

@Suite struct MediumTests {
    @Test func `media have the names that scripts rely upon`() {
        let recordable = [
            "cd-r", "cd-rw", "dvd-r", "dvd-r-dl", "dvd-rw", "dvd+r", "dvd+r-dl", "dvd+rw",
            "dvd-ram",
            "bd-r", "bd-r-dl", "bd-re", "bd-re-dl",
        ]
        #expect(
            Set(MediumKind.allCases.map(\.rawValue))
                == Set(recordable + ["cd-rom", "dvd-rom", "bd-rom"])
        )
        for kind in MediumKind.allCases {
            let isPressed: Bool = if case .readOnly = kind.facts.recording { true } else { false }
            #expect(isPressed == !recordable.contains(kind.rawValue), "\(kind)")
            #expect(kind.rawValue.hasPrefix(kind.facts.family.rawValue))
        }
    }

    @Test func `states have the names that scripts rely upon`() {
        for name in ["blank", "appendable", "complete", "damaged", "none"] {
            #expect(DiscState(rawValue: name)?.rawValue == name)
        }
    }

    @Test func `sectors are written in the blocks of the family`() {
        let blocks: [MediumFacts.Family: Int] = [.cd: 1, .dvd: 16, .bd: 32]
        for kind in MediumKind.allCases {
            #expect(kind.facts.sectorsPerBlock == blocks[kind.facts.family], "\(kind)")
        }
    }

    @Test func `overwritable media`() {
        let kinds = MediumKind.allCases.filter {
            if case .overwritable = $0.facts.recording { true } else { false }
        }
        #expect(Set(kinds) == [.dvdPlusRW, .dvdRAM, .bdRE, .bdREDualLayer])
    }

    @Test(arguments: [
        ("8x", DriveSpeed.times(8)), ("8", .times(8)), ("2.4x", .times(2.4)), ("16X", .times(16)),
        ("11080k", .kilobytes(11_080)), ("1K", .kilobytes(1)), ("0.5", .times(0.5)),
    ])
    func `speeds`(_ text: String, _ speed: DriveSpeed) {
        #expect(DriveSpeed(text) == speed)
    }

    @Test(arguments: [
        "", "x", "k", "0", "0x", "0k", "-1", "-1x", "-5k", "+8", "+8k", " 8", "8 ", "8x8", "8xx",
        "0x10",
        "0x8x", "1e3", "1e2x", "nan", "inf", "infinity", "1000", "16777216k",
        "99999999999999999999k", "1.5k", ".", "1.2.3", "８x", "8×",
    ])
    func `what is no speed`(_ text: String) {
        #expect(DriveSpeed(text) == nil)
    }

    @Test func `speeds in kilobytes a second, as drives count them`() {
        #expect(DriveSpeed.times(1).kilobytesPerSecond(on: .cdR) == 177)
        #expect(DriveSpeed.times(10).kilobytesPerSecond(on: .cdRW) == 1764)
        #expect(DriveSpeed.times(8).kilobytesPerSecond(on: .dvdPlusR) == 11_080)
        #expect(DriveSpeed.times(2.4).kilobytesPerSecond(on: .dvdPlusRW) == 3324)
        #expect(DriveSpeed.times(2).kilobytesPerSecond(on: .bdRE) == 8992)
        #expect(DriveSpeed.times(16).kilobytesPerSecond(on: .bdR) == 71_930)
        #expect(DriveSpeed.kilobytes(4321).kilobytesPerSecond(on: .cdR) == 4321)
    }

    @Test func `layouts know their end`() {
        let first = Track(number: 1, session: 1, content: .audio, start: .zero, length: 15_721)
        let second = Track(number: 2, session: 2, content: .data, start: LBA(27_271), length: 100)
        #expect(second.end == LBA(27_371))
        let layout = DiscLayout(sessions: [
            .init(number: 1, tracks: [first], leadOut: first.end),
            .init(number: 2, tracks: [second], leadOut: second.end),
        ])
        #expect(layout.tracks == [first, second])
        #expect(layout.leadOut == second.end)
        #expect(DiscLayout().leadOut == nil)
    }
}
