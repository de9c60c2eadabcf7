import TestSupport
import Testing

/// What a person is asked on a terminal, and may answer.
@Suite struct QuestionTests {
    /// Runs a command on a terminal, with a drive, and answers its question once that is there.
    ///
    /// - Parameters:
    ///   - command: The verb and its operands.
    ///   - answer: What is typed, as `printf` has it.
    ///   - scratch: Where the disc is.
    /// - Returns: What became of it; its output is what stood on the terminal.
    /// - Throws: If nothing can be started.
    private func run(_ command: String, _ answer: String, in scratch: Scratch) async throws
        -> Outcome
    {
        try await scratch.withDrive(
            "disc",
            run: """
                : >log
                { until grep -qF 'y/N' log; do sleep 0.05; done; printf '\(answer)'; sleep 1; } |
                    TERM=xterm script -qefc 'exec "$SPINDLE" \(command)' log
                """
        )
    }

    static let commands = [
        ("cd-rw", "blank"), ("bd-re", "format --spare none"), ("dvd+rw", "burn noise.img"),
    ]

    @Test(arguments: commands)
    func `Ctrl-C ends the question and the job`(medium: String, command: String) async throws {
        try await Scratch.use { scratch in
            let noise = try await scratch.makeNoiseDisc(medium)
            let outcome = try await run(command, "\\003", in: scratch)
            #expect(outcome.status == 130 && !outcome.wasLate, "\(outcome)")
            #expect(outcome.output.contains("The job was stopped"), "\(outcome)")
            // The disc is as it was.
            let read = try await scratch.withDrive(
                "disc",
                run: "exec dd if=$SPINDLE_DRIVE bs=2048 count=1498 of=back"
            )
            #expect(read.status == 0, "\(read)")
            #expect(try scratch.bytes("back") == noise.prefix(1498 * 2048))
        }
    }

    @Test(arguments: commands)
    func `Yes is yes, and anything else is no`(medium: String, command: String) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeNoiseDisc(medium)
            for answer in ["\\n", "n\\n", "nonsense\\n", "\\004"] {
                let refused = try await run(command, answer, in: scratch)
                #expect(refused.status == 4, "\(answer): \(refused)")
                #expect(refused.output.contains("--yes"), "\(answer): \(refused)")
            }
            let done = try await run(command, " Yes\\n", in: scratch)
            #expect(done.status == 0, "\(done)")
        }
    }
}
