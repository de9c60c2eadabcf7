import Foundation
import TestSupport
import Testing

/// What was left open is closed, and what is closed or blank is told apart.
@Suite struct CloseTests {
    /// A disc, what is done first, and what closing says.
    struct Case: Sendable, CustomTestStringConvertible {
        var medium: String
        /// What leaves it as it is.
        var before: String
        var options = ""
        var status = 0
        /// Words of the sentences.
        var words: [String]
        /// The state afterwards.
        var state: String

        var testDescription: String { "\(medium) \(options) after \(before)" }
    }

    private static let keep = "\"$SPINDLE\" burn noise.img --quiet --keep-open"
    private static let close = "\"$SPINDLE\" burn noise.img --quiet"
    private static let open = "wodim -s dev=$SPINDLE_DRIVE -tao -nofix noise.img >log 2>&1"

    private static let cases = [
        Case(medium: "cd-r", before: open, words: ["is closed", "1 session"], state: "complete"),
        Case(
            medium: "cd-rw",
            before: open,
            options: "--keep-open",
            words: ["more can follow"],
            state: "appendable"
        ),
        Case(
            medium: "cd-r",
            before: keep,
            status: 4,
            words: ["only a further session"],
            state: "appendable"
        ),
        Case(
            medium: "cd-r",
            before: keep,
            options: "--keep-open",
            status: 4,
            words: ["more can follow", "burn a last session"],
            state: "appendable"
        ),
        Case(medium: "dvd-r", before: keep, words: ["is closed"], state: "complete"),
        Case(medium: "dvd-rw", before: keep, words: ["is closed"], state: "complete"),
        Case(medium: "dvd+r", before: keep, words: ["is closed"], state: "complete"),
        Case(medium: "bd-r", before: keep, words: ["is closed"], state: "complete"),
        Case(
            medium: "dvd+r",
            before: keep,
            options: "--keep-open",
            status: 4,
            words: ["All sessions", "more can follow"],
            state: "appendable"
        ),
        Case(medium: "cd-r", before: "true", status: 4, words: ["is blank"], state: "blank"),
        Case(
            medium: "cd-r",
            before: close,
            status: 4,
            words: ["closed already"],
            state: "complete"
        ),
        Case(
            medium: "dvd+r",
            before: close,
            status: 4,
            words: ["closed already"],
            state: "complete"
        ),
        Case(
            medium: "dvd+rw",
            before: close,
            status: 4,
            words: ["no sessions to close"],
            state: "complete"
        ),
    ]

    @Test(arguments: cases)
    func `Closing does what it says`(example: Case) async throws {
        try Peers.require("wodim")
        try await Scratch.use { scratch in
            let noise = try Image.noise.place(in: scratch)
            try await scratch.make(example.medium)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: """
                    \(example.before) || exit 99
                    "$SPINDLE" close --json \(example.options)
                    code=$?
                    dd if=$SPINDLE_DRIVE bs=2048 count=1498 of=back 2>/dev/null
                    exit $code
                    """
            )
            #expect(outcome.status == example.status, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == (example.status == 0 ? "done" : "refused"))
            if example.status == 0 { #expect(result.discState == example.state) }
            let said = result.sentences?.joined(separator: " ") ?? ""
            for word in example.words { #expect(said.contains(word), "\(said)") }
            #expect(try await scratch.info().state == example.state)
            guard example.before != "true" else { return }
            let back = try scratch.bytes("back")
            #expect(firstDifference(of: back, from: noise.prefix(back.count)) == nil)
            #expect(back.count == 1498 * 2048)
        }
    }

    /// Closes a disc that was left open, in a drive with a fault.
    private func closeOpenDisc(_ medium: String, fault: String, in scratch: Scratch) async throws
        -> Outcome
    {
        try await scratch.makeNoiseDisc(medium, "--keep-open")
        return try await scratch.withDrive(
            "disc",
            faults: [fault],
            run: "exec \"$SPINDLE\" close --json"
        )
    }

    @Test func `A drive that does not close the disc is believed, and its words are told`()
        async throws
    {
        try await Scratch.use { scratch in
            let outcome = try await closeOpenDisc("dvd+r", fault: "close", in: scratch)
            #expect(outcome.status == 1, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "failed" && result.reason == "write-error")
            #expect(result.discState == "appendable")
            // A track of it may be closed: that it is as it was nobody knows.
            let meaning = "The drive calls the disc appendable, as before."
            #expect(result.sentences?.contains(meaning) == true, "\(outcome)")
            #expect(try await scratch.info().state == "appendable")
        }
    }

    /// What a drive says to CLOSE TRACK SESSION that is still at something else, or was reset.
    @Test(
        arguments: ["dvd-r", "dvd+r", "bd-r"],
        ["2/04/08 count=3", "2/04/07 count=2", "6/29/00 count=1"]
    )
    func `A drive that is at something else is asked again`(medium: String, sense: String)
        async throws
    {
        try await Scratch.use { scratch in
            let outcome = try await closeOpenDisc(
                medium,
                fault: "refuse command=5B sense=\(sense)",
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().discState == "complete")
            #expect(try await scratch.info().state == "complete")
        }
    }

    @Test func `A disc of which the drive does not say what it is is not called closed`()
        async throws
    {
        try await Scratch.use { scratch in
            _ = try Image.noise.place(in: scratch)
            try await scratch.make("dvd+r")
            try await scratch.burn(Image.noise.rawValue, "--keep-open")
            _ = try await scratch.run(["cp", "--sparse=always", "disc", "open"])
            var isRefused = false
            var isUnknown = false
            // READ DISC INFORMATION is refused from the beginning, and later and later.
            for questions in 0..<8 {
                _ = try await scratch.run(["cp", "--sparse=always", "open", "disc"])
                let outcome = try await scratch.withDrive(
                    "disc",
                    faults: ["refuse command=51 sense=5/20/00 after=\(questions)"],
                    run: "exec \"$SPINDLE\" close --json"
                )
                let result = try outcome.result()
                let said = result.sentences?.joined(separator: " ") ?? ""
                let state = try await scratch.info().state
                switch result.status {
                case "done": #expect(outcome.status == 0 && state == "complete", "\(outcome)")
                case "not-verified":
                    isUnknown = true
                    #expect(outcome.status == 1 && result.discState == "unknown", "\(outcome)")
                    #expect(said.contains("does not say whether"), "\(said)")
                    #expect(state == "complete")
                case "refused":
                    isRefused = true
                    #expect(outcome.status == 4 && state == "appendable", "\(outcome)")
                    #expect(said.contains("does not say how far"), "\(said)")
                    #expect(!said.contains("closed already"), "\(said)")
                default: Issue.record("\(outcome)")
                }
            }
            #expect(isRefused && isUnknown)
        }
    }

    @Test func `A disc that may be another one is not closed`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await closeOpenDisc(
                "dvd+r",
                fault: "refuse command=5B sense=6/28/00 count=1",
                in: scratch
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(try await scratch.info().state == "appendable")
        }
    }

    @Test func `A drive that goes away while it closes was not refused`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await closeOpenDisc("dvd+r", fault: "gone command=5B", in: scratch)
            #expect(outcome.status == 1, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "failed" && result.reason == "drive-lost")
            let said = result.sentences?.joined(separator: " ") ?? ""
            #expect(said.contains("can't say what the disc is now"), "\(said)")
        }
    }
}

/// Blanking and formatting, by every way that each kind of disc has.
@Suite struct BlankAndFormatTests {
    /// A step, and what it says.
    struct Step: Sendable {
        var command: String
        var status = 0
        var words: [String] = []
        /// The state afterwards.
        var state: String
    }

    /// A disc and what is done to it.
    struct Course: Sendable, CustomTestStringConvertible {
        var medium: String
        var steps: [Step]

        var testDescription: String { medium }
    }

    private static let courses = [
        Course(
            medium: "cd-rw",
            steps: [
                Step(command: "blank", words: ["blank already"], state: "blank"),
                Step(command: "burn label.iso", state: "complete"),
                Step(command: "blank", status: 4, words: ["LABEL"], state: "complete"),
                Step(command: "blank --kind full --yes", words: ["is blank"], state: "blank"),
                Step(command: "burn label.iso --keep-open", state: "appendable"),
                Step(
                    command: "burn noise.img --blank auto",
                    status: 4,
                    words: ["LABEL"],
                    state: "appendable"
                ),
                Step(command: "burn noise.img --blank auto --yes", state: "complete"),
                Step(
                    command: "format",
                    status: 4,
                    words: ["not formatted before"],
                    state: "complete"
                ),
            ]
        ),
        Course(
            medium: "dvd-rw",
            steps: [
                Step(command: "burn noise.img", state: "complete"),
                Step(command: "burn noise.img --blank auto --yes", state: "complete"),
                Step(command: "burn noise.img --blank auto --keep-open --yes", state: "appendable"),
                Step(command: "format --yes", words: ["is formatted"], state: "blank"),
                Step(command: "format", words: ["formatted already"], state: "blank"),
                Step(command: "burn label.iso", state: "complete"),
                Step(command: "burn noise.img", status: 4, words: ["LABEL"], state: "complete"),
                Step(command: "format --kind full --yes", words: ["2297888"], state: "complete"),
                Step(command: "blank --yes", words: ["is blank"], state: "blank"),
                Step(command: "burn noise.img", state: "complete"),
            ]
        ),
        Course(
            medium: "dvd+rw",
            steps: [
                Step(command: "format", words: ["is formatted", "2295104"], state: "blank"),
                Step(command: "format", words: ["formatted already"], state: "blank"),
                Step(
                    command: "format --kind full",
                    status: 4,
                    words: ["one format"],
                    state: "blank"
                ),
                Step(
                    command: "format --spare none",
                    status: 4,
                    words: ["no spare"],
                    state: "blank"
                ),
                Step(command: "burn noise.img", state: "complete"),
                Step(
                    command: "blank --yes",
                    status: 4,
                    words: ["can't be blanked"],
                    state: "complete"
                ),
            ]
        ),
        Course(
            medium: "bd-re",
            steps: [
                Step(command: "format --spare none", words: ["12219392"], state: "blank"),
                Step(command: "format --spare large", words: ["5796864"], state: "blank"),
                Step(command: "burn label.iso", state: "complete"),
                Step(
                    command: "format --spare small",
                    status: 4,
                    words: ["LABEL"],
                    state: "complete"
                ),
                Step(command: "format --spare small --yes", words: ["12088320"], state: "complete"),
            ]
        ),
        Course(
            medium: "dvd-ram",
            steps: [
                Step(command: "format --spare none", words: ["2295072"], state: "blank"),
                Step(command: "burn noise.img", state: "complete"),
            ]
        ),
        Course(
            medium: "bd-r",
            steps: [
                Step(command: "format", status: 4, words: ["stays so"], state: "blank"),
                Step(
                    command: "format --spare small --yes",
                    words: ["is formatted"],
                    state: "blank"
                ),
                Step(
                    command: "format --spare none --yes",
                    status: 4,
                    words: ["is formatted, and its spare areas"],
                    state: "blank"
                ),
                Step(command: "burn noise.img", state: "complete"),
                Step(
                    command: "format --yes",
                    status: 4,
                    words: ["only while it is blank"],
                    state: "complete"
                ),
                Step(
                    command: "burn noise.img --blank auto --yes",
                    status: 4,
                    words: ["can't be blanked"],
                    state: "complete"
                ),
            ]
        ),
        Course(
            medium: "dvd-r",
            steps: [
                Step(command: "format", status: 4, words: ["not formatted before"], state: "blank"),
                Step(command: "burn noise.img --keep-open", state: "appendable"),
                Step(
                    command: "blank --yes",
                    status: 4,
                    words: ["can't be blanked"],
                    state: "appendable"
                ),
            ]
        ),
    ]

    @Test(arguments: courses)
    func `Each kind of disc is blanked and formatted in its ways`(course: Course) async throws {
        try Peers.require("genisoimage")
        try await Scratch.use { scratch in
            _ = try Image.noise.place(in: scratch)
            try scratch.write(Data(repeating: 7, count: 100_000), to: "file")
            try #require(
                try await scratch.run([
                    "/usr/bin/genisoimage", "-quiet", "-V", "LABEL", "-o", "label.iso", "file",
                ]).status == 0
            )
            try await scratch.make(course.medium)
            for step in course.steps {
                let outcome = try await scratch.withDrive(
                    "disc",
                    within: 120,
                    run: "exec \"$SPINDLE\" \(step.command) --json"
                )
                #expect(outcome.status == step.status, "\(step.command): \(outcome)")
                let result = try outcome.result()
                let said = result.sentences?.joined(separator: " ") ?? ""
                for word in step.words { #expect(said.contains(word), "\(step.command): \(said)") }
                #expect(try await scratch.info().state == step.state, "\(step.command)")
            }
        }
    }

    @Test(arguments: ["blank", "format"])
    func `After a failure the disc is asked what it holds`(fault: String) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeNoiseDisc("dvd-rw")
            let outcome = try await scratch.withDrive(
                "disc",
                faults: [fault],
                run: "exec \"$SPINDLE\" \(fault) --yes --json"
            )
            #expect(outcome.status == 1, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "failed" && result.reason == "write-error", "\(outcome)")
            #expect(result.sentences?[1].contains("still calls the DVD-RW complete") == true)
        }
    }
}
