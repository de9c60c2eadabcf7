import Foundation
import TestSupport
import Testing

/// Discs that a person changes while a job waits, and drives that fail when the work is done.
@Suite struct ChangedDiscTests {
    /// Makes two discs of a kind with the same amount of other data on each.
    private func prepare(_ scratch: Scratch, _ medium: String) async throws {
        for (name, seed) in [("disc", 1), ("other", 2)] {
            try scratch.write(Noise.bytes(1500 * 2048, seed: UInt64(seed)), to: "\(name).img")
            try await scratch.make(medium, name)
            let outcome = try await scratch.withDrive(
                name,
                run: "exec \"$SPINDLE\" burn \(name).img --quiet --yes"
            )
            try #require(outcome.status == 0, "\(outcome)")
        }
    }

    /// What a disc holds, as `dd` reads it in a fresh drive.
    private func holds(_ scratch: Scratch, _ name: String) async throws -> Bool {
        let outcome = try await scratch.withDrive(
            name,
            run: """
                dd if=$SPINDLE_DRIVE bs=2048 count=1500 of=back 2>/dev/null
                cmp back \(name).img
                """
        )
        return outcome.status == 0
    }

    @Test(arguments: [("cd-rw", "blank"), ("dvd-rw", "blank"), ("dvd-rw", "format")])
    func `Consent is for the disc that was asked about`(medium: String, verb: String) async throws {
        try Peers.require("script")
        try await Scratch.use { scratch in
            try await prepare(scratch, medium)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: """
                    mkfifo answers
                    script -qfec '"$SPINDLE" \(verb)' log <answers >shown &
                    terminal=$!
                    exec 3>answers
                    until grep -q '[?]' log; do kill -0 $terminal || exit 97; sleep 0.05; done
                    "$SPINDLE" virtual eject >&2 && "$SPINDLE" virtual insert other >&2 || exit 98
                    echo yes >&3
                    wait $terminal
                    """
            )
            #expect(outcome.status == 4, "\(outcome)")
            #expect(try scratch.text("shown").contains("is not as it was"), "\(outcome)")
            #expect(try await holds(scratch, "disc"))
            #expect(try await holds(scratch, "other"))
        }
    }

    @Test(arguments: ["dvd+rw", "dvd-ram", "dvd+r", "cd-r"])
    func `A disc that is changed while a pipe is awaited is left alone`(medium: String)
        async throws
    {
        try await Scratch.use { scratch in
            try await scratch.make(medium, "blank")
            try scratch.write(Noise.bytes(1500 * 2048, seed: 2), to: "other.img")
            try await scratch.make(medium, "other")
            let made = try await scratch.withDrive(
                "other",
                run: "exec \"$SPINDLE\" burn other.img --quiet --keep-open"
            )
            try #require(made.status == 0, "\(made)")
            let before = try await scratch.info("other")
            let outcome = try await scratch.withDrive(
                "blank",
                within: 120,
                run: """
                    mkfifo pipe
                    "$SPINDLE" burn - --json <pipe >events &
                    job=$!
                    exec 3>pipe
                    until grep -q '"event":"plan"' events; do kill -0 $job || exit 97; sleep 0.05; done
                    "$SPINDLE" virtual eject >&2 && "$SPINDLE" virtual insert other >&2 || exit 98
                    cat other.img >&3
                    exec 3>&-
                    wait $job
                    code=$?
                    tail -n 1 events
                    exit $code
                    """
            )
            #expect(outcome.status == 4, "\(outcome)")
            #expect(try outcome.result().reason == "other-disc", "\(outcome)")
            #expect(try await scratch.info("other").state == before.state)
            #expect(try await holds(scratch, "other"))
        }
    }

    /// An INQUIRY that comes short: the drive is none any more.
    @Test(arguments: [
        ("dvd+r", "burn disc.img", 3...6), ("cd-rw", "blank --yes", 2...4),
        ("dvd-rw", "format --yes", 2...4),
    ])
    func `What was done is not called refused`(
        medium: String,
        verb: String,
        after: ClosedRange<Int>
    ) async throws {
        for count in after {
            try await Scratch.use { scratch in
                try scratch.write(Noise.bytes(1500 * 2048, seed: 1), to: "disc.img")
                try await scratch.make(medium)
                if !verb.hasPrefix("burn") { try await scratch.burn("disc.img", "--yes") }
                let before = try await scratch.info().state
                let outcome = try await scratch.withDrive(
                    "disc",
                    faults: ["reply command=12 bytes=16 after=\(count)"],
                    run: "exec \"$SPINDLE\" \(verb) --json"
                )
                let result = try outcome.result()
                let after = try await scratch.info().state
                guard result.status == "refused" else {
                    let known = ["verified", "done", "not-verified", "failed"]
                    #expect(known.contains(result.status ?? ""), "\(outcome)")
                    return
                }
                #expect(outcome.status == 4)
                #expect(before == after, "\(verb), \(count): \(outcome)")
                if !verb.hasPrefix("burn") {
                    #expect(try await holds(scratch, "disc"), "\(verb), \(count): \(outcome)")
                }
            }
        }
    }
}
