import TestSupport
import Testing

/// Drives for which libburn 1.5.4 waits without end.
@Suite struct StallTests {
    @Test(arguments: [
        ("dvd+rw", "refuse command=1B sense=2/04/01", "format --yes", "is not formatted"),
        ("cd-rw", "refuse command=A1 sense=2/04/08", "blank --yes", "may be lost"),
        ("cd-rw", "remove command=A1", "blank --yes", "Put the disc in again"),
    ])
    func `What libburn never ends comes to an end`(
        medium: String,
        fault: String,
        verb: String,
        words: String
    ) async throws {
        try await Scratch.use { scratch in
            try await scratch.make(medium)
            if verb.hasPrefix("blank") { try await scratch.burn(Image.ipxe.rawValue) }
            let outcome = try await scratch.withDrive(
                "disc",
                faults: [fault],
                within: 150,
                run: "exec \"$SPINDLE\" \(verb) --json"
            )
            #expect(outcome.status == 1, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "failed" && result.sentences?.count == 3)
            let text = (result.sentences ?? []).joined(separator: " ")
            #expect(text.contains("libburn went on waiting") && text.contains(words), "\(text)")
            // The drive is free again, and the disc can be used.
            let next = try await scratch.withDrive(
                "disc",
                run: "\"$SPINDLE\" \(verb) --quiet && exec \"$SPINDLE\" info --json"
            )
            #expect(next.status == 0, "\(next)")
        }
    }

    /// A drive at work is waited for: its work takes longer here than a drive without any is given.
    @Test func `A drive at work is waited for`() async throws {
        try await Scratch.use { scratch in
            try await scratch.make("bd-re")
            let outcome = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--clock", "counted", "--disc", "disc",
                    "--", "sh", "-c", "exec \"$SPINDLE\" format --kind full --yes --json",
                ],
                within: 150
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().status == "done")
        }
    }
}
