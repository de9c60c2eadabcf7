import Foundation
import TestSupport
import Testing

/// What failed on real drives fails here the same way, and programs say what they said then.
@Suite struct RecordedFailureTests {
    /// The records that are no failures, or whose program Debian 12 does not have or is not known:
    /// `VirtualDriveTests` produces those that are failures.
    private static let others: Set = [
        2, 6, 8, 70, 115, 116, 140, 141, 142, 143, 144, 157, 158, 159, 168, 169, 170, 175, 176, 177,
        178,
    ]

    @Test func `All recorded failures are known here`() {
        let shown = RecordedFailure.all.flatMap(\.records)
        #expect(Set(shown).union(Self.others) == Set(1...183))
        #expect(Self.others.isDisjoint(with: shown))
        #expect(RecordedFailure.all.allSatisfy { !$0.says.isEmpty })
    }

    @Test(arguments: RecordedFailure.all)
    func `A program reports a recorded failure as it did`(failure: RecordedFailure) async throws {
        try Peers.require(failure.program)
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(1500 * 2048, seed: 21), to: "noise.img")
            try scratch.write(Noise.bytes(750 * 2352, seed: 22), to: "audio.raw")
            try scratch.write(
                Data("CD_DA\nTRACK AUDIO\nFILE \"audio.raw\" 0\n".utf8),
                to: "audio.toc"
            )
            let disc = try await makeDisc(failure.medium, scratch)
            if let before = failure.before {
                let outcome = try await run(before, disc, [], scratch)
                try #require(outcome.status == 0, "\(outcome)")
            }
            let options =
                failure.faults.flatMap { ["--fault", $0] }
                + failure.quirks.flatMap { ["--quirk", $0] }
            let outcome = try await run(failure.script, disc, options, scratch)
            #expect(!outcome.wasLate)
            let said = outcome.output + outcome.errors
            for words in failure.says {
                #expect(said.contains(words), "\(words)\n\(outcome)")
            }
            if failure.isHarmless {
                #expect(outcome.status == 0, "\(outcome)")
            }
        }
    }

    /// The options that put the disc into the drive.
    private func makeDisc(_ medium: String, _ scratch: Scratch) async throws -> [String] {
        /// The sectors of pressed discs that reach as far as the records do.
        let pressed = ["cd": 358_400, "dvd": 2_295_104]
        if medium == "none" { return [] }
        if let sectors = pressed[medium] {
            try scratch.makeSparse("pressed.iso", size: sectors * 2048)
            return ["--disc", "pressed.iso"]
        }
        let made = try await scratch.spindle("virtual", "create", "disc", "--medium", medium)
        try #require(made.status == 0, "\(made)")
        return ["--disc", "disc"]
    }

    /// Runs a program on a drive whose time is counted: what it would wait for, is over at once.
    private func run(
        _ script: String,
        _ disc: [String],
        _ options: [String],
        _ scratch: Scratch
    ) async throws -> Outcome {
        try await scratch.run(
            [Products.spindle, "virtual", "run", "--clock", "counted"] + disc + options
                + ["--", "sh", "-c", script]
        )
    }
}
