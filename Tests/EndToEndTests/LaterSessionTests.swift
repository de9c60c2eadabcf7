import Foundation
import TestSupport
import Testing

/// DVDs and BDs of several sessions, whose places follow from no rule.
@Suite struct LaterSessionTests {
    /// Burns a disc of two sessions.
    private func makeDisc(_ medium: String, _ scratch: Scratch) async throws {
        try await scratch.makeNoiseDisc(medium, "--keep-open")
        _ = try Image.oddNoise.place(in: scratch)
        try await scratch.burn(Image.oddNoise.rawValue)
    }

    @Test(arguments: ["dvd-r", "dvd+r", "bd-r"])
    func `They are ripped where they are, or refused`(medium: String) async throws {
        try await Scratch.use { scratch in
            try await makeDisc(medium, scratch)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    for format in nrg mds cdi; do
                        "$SPINDLE" rip rip.$format >>log; echo $?
                        "$SPINDLE" verify $SPINDLE_DRIVE rip.$format >>said; echo $?
                    done
                    for format in cue toc chd; do
                        "$SPINDLE" rip no.$format >>log; echo $?
                    done
                    """
            )
            let wanted = Array(repeating: "0", count: 6) + Array(repeating: "4", count: 3)
            #expect(outcome.lines == wanted, "\(outcome)")
            let said = try scratch.text("said")
            #expect(said.components(separatedBy: "Verified").count == 4, "\(said)")
            #expect(!said.contains("lie at other sectors"), "\(said)")
            for format in ["cue", "toc", "chd"] { #expect(!scratch.has("no.\(format)")) }
            let info = try await scratch.spindle("info", "--json", "rip.nrg").document()
            let disc = try await scratch.info()
            #expect(info.sessions?.count == 2)
            #expect(
                info.sessions?.last?.tracks.first?.start
                    == disc.sessions?.last?.tracks.first?.start
            )
        }
    }

    /// A DVD-R has its second session elsewhere than a DVD+R.
    @Test func `That they lie elsewhere is told as what it is there`() async throws {
        try await Scratch.use { scratch in
            try await makeDisc("dvd-r", scratch)
            let rip = try await scratch.withDrive("disc", run: "exec \"$SPINDLE\" rip rip.nrg")
            try #require(rip.status == 0, "\(rip)")
            _ = try await scratch.run(["mv", "disc", "first"])
            try await makeDisc("dvd+r", scratch)
            let outcome = try await scratch.spindle("verify", "disc", "rip.nrg")
            #expect(outcome.status == 0, "\(outcome)")
            let text = outcome.said
            #expect(
                text.contains("on DVD and BD the recorder sets where a later session begins."),
                "\(outcome)"
            )
            #expect(!text.contains("a track at a time"), "\(outcome)")
        }
    }

    @Test func `They are not read for a copy that can't be written`() async throws {
        try await Scratch.use { scratch in
            try await makeDisc("dvd-r", scratch)
            let outcome = try await scratch.spindle("virtual", "create", "b", "--medium", "dvd-r")
            try #require(outcome.status == 0, "\(outcome)")
            let copy = try await scratch.withDrive(
                "disc",
                "b",
                run: "exec \"$SPINDLE\" copy --json --yes --from /dev/sr0 --to /dev/sr1"
            )
            #expect(copy.status == 4, "\(copy)")
            let result = try copy.result()
            #expect(result.status == "refused")
            #expect(result.sentences?.first?.contains("2 sessions") == true, "\(copy)")
            #expect(result.sentences?[1] == "Nothing was read or written.")
        }
    }

    @Test func `What the drive calls a disc is not put above what was read of it`() async throws {
        try await Scratch.use { scratch in
            _ = try Image.noise.place(in: scratch)
            try await scratch.make("bd-r")
            let outcome = try await scratch.run([
                Products.spindle, "virtual", "run", "--disc", "disc", "--quirk", "shows-old-state",
                "--fault", "close done", "--", "sh", "-c",
                "exec \"$SPINDLE\" burn --json \(Image.noise.rawValue)",
            ])
            #expect(outcome.status == 1, "\(outcome)")
            let result = try outcome.result()
            let said = result.sentences?.joined(separator: " ") ?? ""
            #expect(said.contains("read back all the same, and they are right"), "\(said)")
            #expect(!said.contains("the disc is blank"), "\(said)")
            #expect(result.discState != "blank")
            if said.contains("calls the disc blank") { #expect(result.discState == "unknown") }
        }
    }
}
