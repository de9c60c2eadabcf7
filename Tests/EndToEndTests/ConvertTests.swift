import Foundation
import TestSupport
import Testing

/// `convert`, `split`, `join`, and `verify` of what they make, by the built command.
@Suite struct ConvertTests {
    /// A disc with data and two tracks of sound, in a cue sheet.
    private func makeDisc(_ scratch: Scratch, seed: UInt64 = 1) throws {
        try scratch.write(Noise.bytes(300 * 2048, seed: seed), to: "data.iso")
        try scratch.write(Noise.bytes(400 * 2352, seed: 2), to: "a.raw")
        try scratch.write(Noise.bytes(500 * 2352, seed: 3), to: "b.raw")
        try scratch.write(
            Data(
                """
                CATALOG 4012345678901
                FILE "data.iso" BINARY
                  TRACK 01 MODE1/2048
                    INDEX 01 00:00:00
                FILE "a.raw" BINARY
                  TRACK 02 AUDIO
                    TITLE "One"
                    ISRC DEABC0312345
                    PREGAP 00:02:00
                    INDEX 01 00:00:00
                    INDEX 02 00:03:00
                FILE "b.raw" BINARY
                  TRACK 03 AUDIO
                    INDEX 01 00:00:00
                """.utf8
            ),
            to: "disc.cue"
        )
    }

    private func files(_ scratch: Scratch) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: scratch.directory.path))
    }

    @Test func `What would be lost is refused, told, and kept where it is allowed`() async throws {
        try await Scratch.use { scratch in
            try makeDisc(scratch)
            let before = try files(scratch)
            let refused = try await scratch.spindle("convert", "--json", "disc.cue", "out.iso")
            #expect(refused.status == 1, "\(refused)")
            let events = try refused.events()
            #expect(events.map(\.event) == ["plan", "result"])
            let losses = try #require(events[0].losses)
            #expect(losses.contains { $0.feature == "audio" && $0.tracks == [2, 3] })
            #expect(events[0].sourceFormat == "cue" && events[0].targetFormat == "iso")
            #expect(events[1].status == "refused")
            #expect(try files(scratch) == before)

            let allowed = try await scratch.spindle(
                "convert",
                "--json",
                "--allow-loss",
                "--prove",
                "disc.cue",
                "out.iso"
            )
            #expect(allowed.status == 0, "\(allowed)")
            let result = try allowed.result()
            #expect(result.status == "verified")
            #expect(result.losses?.map(\.feature) == losses.map(\.feature))
            #expect(result.lossReport == "out.iso.loss.txt")
            #expect(try scratch.text("out.iso.loss.txt").contains("- audio, of tracks 2 and 3"))
            #expect(try await result.sha256 == scratch.sha256("out.iso"))
            #expect(try scratch.bytes("out.iso") == scratch.bytes("data.iso"))
        }
    }

    /// The samples are held against the MD5 as they are copied (RFC 9639 §8.2).
    @Test(.enabled(if: Programs.has("flac")))
    func `Of a FLAC file with other samples than its MD5 is of, no image is made`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(400 * 2352, seed: 5), to: "a.raw")
            let made = try await scratch.run([
                "flac", "-s", "--force-raw-format", "--endian=little", "--sign=signed",
                "--channels=2", "--bps=16", "--sample-rate=44100", "-o", "a.flac", "a.raw",
            ])
            try #require(made.status == 0, "\(made)")
            let sheet = "FILE \"a.flac\" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n"
            try scratch.write(Data(sheet.utf8), to: "a.cue")
            let good = try await scratch.spindle("convert", "a.cue", "good.cue")
            #expect(good.status == 0, "\(good)")
            #expect(try scratch.bytes("good.bin") == scratch.bytes("a.raw"))
            let same = try await scratch.spindle("verify", "a.cue", "good.cue")
            #expect(same.status == 0, "\(same)")

            var bytes = try scratch.bytes("a.flac")
            bytes[26] ^= 1
            try scratch.write(bytes, to: "a.flac")
            let before = try files(scratch)
            let bad = try await scratch.spindle("convert", "--json", "a.cue", "bad.cue")
            #expect(bad.status == 1, "\(bad)")
            let result = try bad.result()
            #expect(result.status == "failed", "\(bad)")
            #expect(result.sentences?.first?.contains("(MD5)") == true, "\(bad)")
            #expect(try files(scratch) == before)
            let other = try await scratch.spindle("verify", "--json", "a.cue", "good.cue")
            #expect(other.status == 1, "\(other)")
            #expect(try other.result().sentences?.first?.contains("(MD5)") == true, "\(other)")
        }
    }

    /// FLAC counts no samples as it counts an unknown number, and cdrdao's START may not be the end.
    @Test(arguments: [
        ["out.toc"], ["out.cue", "--audio", "flac"], ["out.cue", "--split"], ["out.chd"],
    ])
    func `A track without sectors remains one`(_ output: [String]) async throws {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(600 * 2352, seed: 5), to: "a.raw")
            try scratch.write(
                Data(
                    """
                    FILE "a.raw" BINARY
                      TRACK 01 AUDIO
                        INDEX 01 00:00:00
                      TRACK 02 AUDIO
                        INDEX 01 00:04:00
                      TRACK 03 AUDIO
                        INDEX 00 00:04:00
                        INDEX 01 00:08:00
                    """.utf8
                ),
                to: "disc.cue"
            )
            let arguments = ["convert", "--json", "--prove", "disc.cue"] + output
            let outcome = try await scratch.run([Products.spindle] + arguments)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().status == "verified", "\(outcome)")
            let info = try await scratch.spindle("info", "--json", output[0]).document()
            let tracks = info.sessions?.flatMap(\.tracks)
            #expect(tracks?.map(\.start) == [0, 300, 600])
        }
    }

    @Test(arguments: ["out.nrg", "out.ccd", "out.toc", "out.cue", "out.disc"])
    func `Nothing is lost, and verify agrees`(output: String) async throws {
        try await Scratch.use { scratch in
            try makeDisc(scratch)
            let outcome = try await scratch.spindle(
                "convert",
                "--json",
                "--prove",
                "disc.cue",
                output
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "verified" && result.losses?.isEmpty == true)
            #expect(try await result.sha256 == scratch.sha256("data.iso"))
            #expect(try files(scratch).isSuperset(of: result.files ?? ["no files"]))
            let same = try await scratch.spindle("verify", "--json", "disc.cue", output)
            #expect(same.status == 0, "\(same)")
            #expect(try same.result().status == "verified")
        }
    }

    @Test func `Verify looks at sound and codes`() async throws {
        try await Scratch.use { scratch in
            try makeDisc(scratch)
            let made = try await scratch.spindle("convert", "--quiet", "disc.cue", "out.nrg")
            #expect(made.status == 0, "\(made)")
            // A byte of sound: track 2 begins at 450, behind its pregap.
            var sound = try scratch.bytes("a.raw")
            sound[10 * 2352 + 5] ^= 1
            try scratch.write(sound, to: "a.raw")
            let outcome = try await scratch.spindle("verify", "--json", "out.nrg", "disc.cue")
            #expect(outcome.status == 2, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "differs" && result.differingSectors == 1)
            #expect(result.firstDifferingSector == 460)
            #expect(result.firstDifference?.track == 2)

            try makeDisc(scratch)
            let sheet = try scratch.text("disc.cue").replacingOccurrences(
                of: "DEABC0312345",
                with: "DEABC0312346"
            )
            try scratch.write(Data(sheet.utf8), to: "disc.cue")
            let code = try await scratch.spindle("verify", "--json", "out.nrg", "disc.cue")
            #expect(code.status == 2, "\(code)")
            #expect(try code.result().firstDifference?.text.contains("recording code") == true)

            // What only one of them can hold is told, and no difference.
            let lossy = try await scratch.spindle(
                "convert",
                "--quiet",
                "--allow-loss",
                "disc.cue",
                "out.mds"
            )
            #expect(lossy.status == 0, "\(lossy)")
            let told = try await scratch.spindle("verify", "--json", "disc.cue", "out.mds")
            #expect(told.status == 0, "\(told)")
            #expect(try told.result().losses?.contains { $0.feature == "isrc" } == true)
        }
    }

    @Test func `Tracks are split and joined`() async throws {
        try await Scratch.use { scratch in
            try makeDisc(scratch)
            let split = try await scratch.spindle(
                "split",
                "--json",
                "--audio",
                "wav",
                "disc.cue",
                "parts.cue"
            )
            #expect(split.status == 0, "\(split)")
            let names = ["parts (Track 1).bin", "parts (Track 2).wav", "parts (Track 3).wav"]
            #expect(try split.result().files == names + ["parts.cue"])
            #expect(try scratch.bytes(names[2]).dropFirst(44) == scratch.bytes("b.raw"))
            let join = try await scratch.spindle("join", "--prove", "parts.cue", "whole.cue")
            #expect(join.status == 0, "\(join)")
            #expect(scratch.has("whole.bin"))
            let same = try await scratch.spindle("verify", "disc.cue", "whole.cue")
            #expect(same.status == 0, "\(same)")
            let other = try await scratch.spindle("join", "parts.cue", "whole.nrg")
            #expect(other.status == 64, "\(other)")
            #expect(other.errors.contains("CUE/BIN (.cue)"))
        }
    }

    @Test func `What is there stays, and the source is never written over`() async throws {
        try await Scratch.use { scratch in
            try makeDisc(scratch)
            try scratch.write(Data("mine".utf8), to: "out.nrg")
            let there = try await scratch.spindle("convert", "disc.cue", "out.nrg")
            #expect(there.status == 1 && there.errors.contains("--force"), "\(there)")
            #expect(try scratch.text("out.nrg") == "mine")
            let forced = try await scratch.spindle("convert", "--force", "disc.cue", "out.nrg")
            #expect(forced.status == 0, "\(forced)")
            let sheet = try scratch.bytes("disc.cue")
            // By its own name, by a link, and where one of its files would be hit.
            let linked = try await scratch.run(["/bin/ln", "-s", "disc.cue", "link.cue"])
            #expect(linked.status == 0)
            for (output, format) in [
                ("disc.cue", "cue"), ("link.cue", "cue"), ("data.iso", "iso"), ("a.raw", "nrg"),
            ] {
                let data = try scratch.bytes(output)
                let outcome = try await scratch.spindle(
                    "convert",
                    "--force",
                    "--format",
                    format,
                    "disc.cue",
                    output
                )
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains("source itself"), "\(outcome)")
                #expect(try scratch.bytes(output) == data)
            }
            #expect(try scratch.bytes("disc.cue") == sheet)
        }
    }

    @Test(arguments: ["out.xyz", "out"])
    func `An ending that says nothing`(output: String) async throws {
        try await Scratch.use { scratch in
            try makeDisc(scratch)
            let outcome = try await scratch.spindle("convert", "disc.cue", output)
            #expect(outcome.status == 64, "\(outcome)")
            #expect(outcome.errors.contains(".cue") && outcome.errors.contains(".iso"))
        }
    }

    @Test(arguments: ["INT", "TERM", "HUP"])
    func `A conversion that is stopped leaves nothing`(signal: String) async throws {
        try await Scratch.use { scratch in
            // Long enough to be caught: packing is slow.
            try scratch.write(Noise.bytes(40 << 20, seed: 9), to: "long.iso")
            let outcome = try await scratch.run([
                "/bin/sh", "-c",
                """
                env --default-signal=INT,TERM,HUP "$SPINDLE" convert --json long.iso out.cso \
                    >events 2>errors &
                job=$!
                until [ -s out.cso.part ]; do kill -0 $job || break; sleep 0.02; done
                kill -\(signal) $job
                wait $job
                """,
            ])
            #expect(outcome.status == 130, "\(outcome)")
            #expect(try files(scratch).filter { $0.hasPrefix("out") }.isEmpty)
            #expect(try scratch.text("events").contains("\"status\":\"interrupted\""))
        }
    }

    @Test func `A file that may not grow further leaves nothing`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(8 << 20, seed: 9), to: "long.iso")
            // 1 MiB, in blocks of 512 bytes.
            let outcome = try await scratch.run([
                "/bin/sh", "-c",
                "ulimit -f 2048; exec \"$SPINDLE\" convert long.iso out.nrg",
            ])
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("File too large"), "\(outcome)")
            #expect(!outcome.errors.contains(".part"))
            #expect(try files(scratch) == ["long.iso"])
        }
    }

    @Test func `Sectors that are missing become zeros, and the status says so`() async throws {
        try await Scratch.use { scratch in
            try makeDisc(scratch)
            let short = try scratch.bytes("b.raw").dropLast(3 * 2352)
            let made = try await scratch.spindle("convert", "--quiet", "disc.cue", "whole.ccd")
            #expect(made.status == 0, "\(made)")
            let whole = try scratch.bytes("whole.img")
            try scratch.write(Data(whole.dropLast(3 * 2352)), to: "whole.img")
            let outcome = try await scratch.spindle("convert", "--json", "whole.ccd", "out.cue")
            #expect(outcome.status == 3, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "incomplete" && result.unreadableSectors == 3)
            #expect(result.unreadableRuns?.map(\.start) == [1347])
            #expect(try scratch.bytes("out.bin").suffix(3 * 2352) == Data(count: 3 * 2352))
            #expect(try scratch.bytes("out.bin").dropLast(3 * 2352).suffix(short.count) == short)
        }
    }
}
