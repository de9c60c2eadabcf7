import Foundation
import TestSupport
import Testing

/// What a drive says when it fails, and what each verb makes of it: the codes are those that real drives gave
/// for the commands that the verb sends.
@Suite struct SenseDoctorTests {
    /// What is said of a failure.
    struct Row: Sendable, CustomTestStringConvertible {
        var verb: String
        var fault: String
        /// What the result has to have as `sense`; `nil` if the words say it all.
        var sense: String?
        /// A part of the sentences.
        var words: String
        var medium: String

        var testDescription: String { "\(verb) \(medium) [\(fault)]" }
    }

    private static let verbs = [
        "burn", "blank", "format", "close", "rip", "verify", "copy", "info",
    ]

    /// The disc that a verb works with where it could do so but for the fault.
    private static func medium(_ verb: String) -> String {
        ["blank": "cd-rw", "format": "bd-re"][verb] ?? "dvd+r"
    }

    /// A drive that can't use the disc, or finds none: s-093, s-094, s-118, s-071 to s-077.
    private static let recognition: [Row] = verbs.flatMap { verb in
        [
            ("2/30/00", "can't make out what disc it is", true),
            ("3/02/00", "does not find its way on the disc", true),
            ("2/3A/01", "no disc", false),
        ].map { (sense: String, words: String, isTold: Bool) in
            Row(
                verb: verb,
                fault: "refuse command=00 sense=\(sense)",
                sense: isTold ? sense : nil,
                words: words,
                medium: medium(verb)
            )
        }
    }

    private static let reading: [Row] = ["rip", "verify", "copy", "info"].flatMap { verb in
        [
            ("3/11/05", "scratched, dirty or decayed"), ("3/11/00", "scratched, dirty or decayed"),
            ("3/02/00", "scratched, dirty or decayed"), ("4/3E/02", "scratched, dirty or decayed"),
            ("5/6F/03", "copy-protected"), ("5/64/00", "no sector that can be read in this way"),
            ("5/26/00", "no sector that can be read in this way"),
            ("8/00/00", "never recorded"),
        ].map { (sense: String, words: String) in
            Row(
                verb: verb,
                fault: "read lba=16-19 sense=\(sense)",
                sense: sense,
                words: words,
                medium: "dvd+r"
            )
        }
    }

    private static let erasing: [Row] =
        ["5/30/05", "5/30/06"].map { (sense: String) in
            Row(
                verb: "blank",
                fault: "refuse command=A1 sense=\(sense)",
                sense: sense,
                words: "can't do that with a disc of this kind",
                medium: "cd-rw"
            )
        }
        // A burn that blanks first has no option for that.
        + [
            Row(
                verb: "blank",
                fault: "refuse command=A1 sense=3/51/00",
                sense: "3/51/00",
                words: "spindle blank --full",
                medium: "cd-rw"
            )
        ]
        + [
            ("5/24/00", "does not blank or format this disc"), ("3/31/00", "format is damaged"),
            ("4/44/00", "failed inside"), ("3/73/03", "laser power"),
            ("3/09/00", "finds fault with the disc"),
        ].flatMap { (sense: String, words: String) in
            [("blank", "A1"), ("format", "04")].map { verb, command in
                Row(
                    verb: verb,
                    fault: "refuse command=\(command) sense=\(sense)",
                    sense: sense,
                    words: words,
                    medium: medium(verb)
                )
            }
        }

    private static let closing: [Row] = [
        ("3/02/00", "lost its place"), ("3/15/02", "lost its place"),
        ("3/72/00", "end of the recording"), ("3/72/01", "end of the recording"),
        ("3/73/03", "laser power"), ("3/A0/80", "does not take the data at a place"),
        ("4/44/D6", "failed inside"), ("5/24/00", "does not end the recording"),
        ("5/2C/00", "had forgotten"), ("5/2C/04", "nothing on the disc that could be ended"),
        ("5/64/00", "does not end the recording"), ("5/72/03", "left unfinished"),
        ("5/72/04", "left unfinished"), ("B/00/00", "was reset"), ("2/3A/02", "the disc is gone"),
    ].map { (sense: String, words: String) in
        Row(
            verb: "close",
            fault: "refuse command=5B sense=\(sense)",
            sense: sense,
            words: words,
            medium: "dvd+r"
        )
    }

    @Test(arguments: recognition + reading + erasing + closing)
    func `A failure has a cause, a meaning and advice`(row: Row) async throws {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(600 * 2048, seed: 11), to: "image.img")
            try await scratch.make(row.medium)
            if row.verb == "copy" { try await scratch.make("dvd+r", "copy") }
            if row.verb != "burn" {
                try await scratch.burn(
                    "image.img",
                    row.verb == "close" ? "--keep-open" : "",
                    "--no-verify",
                    status: "done"
                )
            }
            let discs = ["--disc", "disc"] + (row.verb == "copy" ? ["--disc", "copy"] : [])
            let outcome = try await scratch.run(
                [Products.spindle, "virtual", "run"] + discs + ["--fault", row.fault]
                    + ["--", "sh", "-c", Self.script(row.verb)],
                within: 100
            )
            guard row.verb != "info" else {
                let info = try JSONDecoder.snake.decode(Info.self, from: Data(outcome.output.utf8))
                #expect(info.sense == row.sense, "\(outcome)")
                let text = (info.warnings ?? []).joined(separator: " ")
                #expect(row.sense == nil || text.contains(row.words), "\(text)")
                return
            }
            let result = try outcome.result()
            #expect(result.sense == row.sense, "\(outcome)")
            let text = (result.sentences ?? []).joined(separator: " ")
            #expect(text.contains(row.words), "\(text)")
            #expect((result.sentences?.count ?? 0) >= 3, "\(text)")
            #expect(outcome.status != 0)
        }
    }

    private struct Info: Decodable {
        var sense: String?
        var warnings: [String]?
    }

    private static func script(_ verb: String) -> String {
        switch verb {
        case "burn": "exec \"$SPINDLE\" burn image.img --json"
        case "rip": "exec \"$SPINDLE\" rip out.iso --json"
        case "verify": "exec \"$SPINDLE\" verify $SPINDLE_DRIVE image.img --json"
        case "copy": "exec \"$SPINDLE\" copy --from $SPINDLE_DRIVE_1 --to $SPINDLE_DRIVE_2 --json"
        case "info": "exec \"$SPINDLE\" info --json"
        case "close": "exec \"$SPINDLE\" close --json"
        // A disc that is formatted is not formatted quickly once more.
        default: "exec \"$SPINDLE\" \(verb) --kind full --yes --json"
        }
    }
}
