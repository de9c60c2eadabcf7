import TestSupport
import Testing

/// A run of the table: a verb on a disc, with something that goes wrong.
struct BurnRun: Sendable, CustomTestStringConvertible {
    enum Verb: String, Sendable, CaseIterable {
        case burn, blank, format, close, rip, verify, copy
    }

    /// What is done to the disc before, with nothing that goes wrong.
    enum Preparation: String, Sendable {
        case none
        /// The image is on it.
        case burned
        /// The image is on it, in a session behind which another one can follow.
        case open
    }

    /// Something that goes wrong.
    struct Fault: Sendable {
        var text: String
        /// Whether a job has to come to a good end with it.
        var isHarmless = false
        /// Whether the drive says what is not so, or can't be asked in the end.
        var isLie = false
        /// Whether sectors that are on the disc can't be read, or come wrong, for as long as the drive runs.
        var spoilsReading = false
    }

    var number: Int
    var medium: String
    var verb: Verb
    var preparation = Preparation.none
    var options = ""
    var fault: Fault?
    /// Sectors of the image; it is noise.
    var sectors: Int

    var testDescription: String {
        "\(number): \(verb) \(options) \(medium) \(preparation) [\(fault?.text ?? "")]"
    }
}

extension BurnRun {
    static let media = [
        "cd-r", "cd-rw", "dvd-r", "dvd-rw", "dvd+r", "dvd+r-dl", "dvd+rw", "dvd-ram", "bd-r",
        "bd-re",
    ]
    private static let overwritable: Set<String> = ["dvd+rw", "dvd-ram", "bd-re"]
    private static let inOrder = ["dvd+rw": "dvd+r", "dvd-ram": "dvd-r", "bd-re": "bd-r"]
    private static let blankable: Set<String> = ["cd-rw", "dvd-rw"]

    /// How often each verb comes.
    private static let verbs: [Verb] =
        Array(repeating: .burn, count: 10) + [
            .blank, .blank, .format, .format, .close, .close, .rip, .rip, .verify, .copy,
        ]

    /// What commands are refused with: sense data that real drives were seen to give.
    private static let senses = [
        "3/0C/00", "3/72/00", "4/08/03", "4/1B/00", "5/20/00", "5/24/00", "5/26/00", "5/2C/00",
        "5/30/05", "5/64/00", "5/72/03", "3/73/03", "B/00/00",
    ]
    /// Those that go away by themselves.
    private static let passing = ["2/04/01", "2/04/08", "6/28/00", "6/29/00"]
    /// Commands that are refused, and those whose reply is garbage.
    private static let commands = [
        "35", "5B", "53", "5D", "55", "5A", "54", "2A", "51", "52", "43", "46", "23", "AC", "B6",
        "BB",
        "A1", "04", "1B", "1E", "25", "28", "BE",
    ]
    /// Those of them by which a drive tells what the disc is and holds.
    private static let questions: Set<String> = [
        "51", "52", "43", "46", "23", "25", "28", "BE", "5A",
    ]
    private static let replies = ["51", "52", "43", "46", "23", "25", "4A", "5A", "12", "AC"]

    /// The row of a number; the same in each run.
    init(_ number: Int) {
        var random = SeededGenerator(seed: UInt64(number) &+ 20_261_129)
        self.number = number
        verb = Self.verbs[number % Self.verbs.count]
        sectors = 600 + random.roll(1800)
        medium = Self.media[(number / Self.verbs.count + number) % Self.media.count]
        switch verb {
        case .burn: prepareBurn(&random)
        case .blank:
            if random.roll(8) > 0 { medium = Self.blankable.sorted()[random.roll(2)] }
            preparation = random.roll(5) > 0 ? .burned : .none
            options = random.roll(3) > 0 ? "--yes" : "--yes --full"
        case .format:
            if random.roll(8) > 0 {
                medium = ["dvd-rw", "dvd+rw", "dvd-ram", "bd-re", "bd-r"][random.roll(5)]
            }
            preparation = random.roll(2) > 0 && medium != "bd-r" ? .burned : .none
            options = "--yes"
        case .close:
            if Self.overwritable.contains(medium) { medium = "dvd+r" }
            preparation = random.roll(8) > 0 ? .open : .none
            options = random.roll(4) > 0 ? "" : "--keep-open"
        case .rip, .verify, .copy:
            preparation = .burned
            // Of a disc that can be overwritten all of its capacity would be read.
            medium = Self.inOrder[medium] ?? medium
        }
        fault = Self.fault(&random, sectors, verb)
    }

    private mutating func prepareBurn(_ random: inout SeededGenerator) {
        let isCD = medium.hasPrefix("cd")
        switch random.roll(4) {
        case 0 where Self.overwritable.contains(medium):
            preparation = .burned
            options = random.roll(4) > 0 ? "--yes" : ""
        case 0 where Self.blankable.contains(medium):
            preparation = .burned
            options = "--blank auto --yes"
        case 0 where medium != "dvd+r-dl":
            preparation = .open
        default: break
        }
        if isCD, preparation == .none, random.roll(2) > 0 {
            options += random.roll(2) > 0 ? " --mode tao" : " --mode sao"
        } else if ["dvd-r", "dvd-rw"].contains(medium), preparation == .none, random.roll(2) > 0 {
            options += random.roll(2) > 0 ? " --mode dao" : " --mode incremental"
        } else if ["bd-re", "dvd-ram"].contains(medium), random.roll(3) == 0 {
            options += " --defect-management off"
        } else if !Self.overwritable.contains(medium), random.roll(5) == 0 {
            options += " --keep-open"
        }
        if random.roll(8) == 0 { options += " --no-verify" }
    }

    private static func fault(_ random: inout SeededGenerator, _ sectors: Int, _ verb: Verb)
        -> Fault?
    {
        let lba = random.roll(sectors)
        let end = lba + random.roll(4)
        let isWriting = ![.rip, .verify].contains(verb)
        let sense = senses[random.roll(senses.count)]
        switch random.roll(isWriting ? 26 : 12) {
        case 0: return nil
        case 1: return Fault(text: "ready polls=5 time=10", isHarmless: true)
        case 2: return Fault(text: "read lba=\(lba)-\(end) sense=3/11/05", spoilsReading: true)
        case 3: return Fault(text: "read lba=\(lba) count=1", isHarmless: true)
        case 4: return Fault(text: "flip lba=\(lba) bytes=3", spoilsReading: true)
        case 5: return Fault(text: "flip lba=\(lba) bytes=3 count=1", spoilsReading: true)
        case 6: return Fault(text: "remove lba=\(lba)", isLie: true, spoilsReading: true)
        case 7: return Fault(text: "attention lba=\(lba) count=1")
        case 8: return Fault(text: "cut bytes=32768", isHarmless: verb != .copy)
        case 9, 10:
            let command = replies[random.roll(replies.count)]
            let kinds = ["", " bytes=4", " set=2:FF", " set=4:00"]
            return Fault(
                text: "reply command=\(command)\(kinds[random.roll(kinds.count)])",
                isLie: true,
                spoilsReading: true
            )
        case 11, 12, 13, 14:
            let command = commands[random.roll(commands.count)]
            let isPassing = random.roll(3) == 0
            let what = isPassing ? passing[random.roll(passing.count)] : sense
            return Fault(
                text: "refuse command=\(command) sense=\(what)\(isPassing ? " count=2" : "")",
                isLie: !isPassing && questions.contains(command),
                spoilsReading: !isPassing && questions.contains(command)
            )
        case 15: return Fault(text: "write lba=\(lba)-\(end) sense=\(sense)")
        case 16: return Fault(text: "write lba=\(lba) later=64")
        case 17: return Fault(text: "calibration")
        case 18: return Fault(text: "underrun lba=\(lba) sense=5/21/02")
        case 19: return Fault(text: "power lba=\(lba) lost=64")
        case 20: return Fault(text: "power lba=\(lba) lost=64 gone", isLie: true)
        case 21: return Fault(text: "gone command=2A lba=\(lba)", isLie: true)
        case 22: return Fault(text: ["close", "close done"][random.roll(2)])
        case 23: return Fault(text: "flush")
        case 24: return Fault(text: ["blank", "format", "opc"][random.roll(3)])
        default: return Fault(text: "calibration lba=\(lba)")
        }
    }
}
