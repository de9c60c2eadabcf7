import Foundation
import TestSupport
import Testing

/// Rips whose audio is read again where databases of other people's rips speak against it.
@Suite struct ReviewedRipTests {
    private struct Result: Decodable {
        struct Track: Decodable {
            var reading: String?
            var readTwiceSectors: Int?
        }

        struct Audio: Decodable {
            struct Track: Decodable {
                var verdict: String
            }
            var tracks: [Track]
        }

        struct Run: Decodable {
            var start: Int
            var count: Int
        }

        struct Review: Decodable {
            var tracks: [Int]
            var isNamed: Bool
            var sectors: Int
            var runs: [Run]
            var changedSectors: Int
            var changedRuns: [Run]
            var unconfirmedSectors: Int
            var unconfirmedRuns: [Run]
            var isEndedEarly: Bool
        }

        var status: String
        var tracks: [Track]
        var audio: Audio?
        var audioReview: Review?
        var doubtfulSectors: Int?
        var sentences: [String]
    }

    /// A drive that reads some of a disc wrong without a word.
    struct Drive: CustomTestStringConvertible, Sendable {
        var quirks: [String] = []
        var fault: String
        var otherFault: String?
        var audio = "cache=0"
        var options = ""
        var testDescription: String { (quirks + [fault, audio, options]).joined(separator: ", ") }
    }

    private func burn(_ scratch: Scratch, withParity: Bool = false) async throws {
        try Album.place(Album.plainAudio, in: scratch)
        try await AlbumAnswers.place(in: scratch, withParity: withParity)
        try await scratch.makeDisc(.cdR)
        try await scratch.burn("album.cue")
    }

    private func rip(
        _ scratch: Scratch,
        _ drive: Drive,
        to output: String = "rip.cue",
        _ databases: String = "--accuraterip answers"
    ) async throws -> (Outcome, Result) {
        let quirks = drive.quirks.flatMap { ["--quirk", $0] }
        let faults = [drive.fault, drive.otherFault ?? ""].filter { !$0.isEmpty }
            .flatMap { ["--fault", $0] }
        let outcome = try await scratch.run(
            [Products.spindle, "virtual", "run", "--clock", "counted", "--disc", "disc"]
                + faults + quirks + ["--audio", drive.audio] + [
                    "--", "sh", "-c",
                    "exec \"$SPINDLE\" rip \(output) --force --json \(databases) \(drive.options)",
                ]
        )
        let line = try #require(outcome.lines.last, "\(outcome)")
        return (outcome, try JSONDecoder.snake.decode(Result.self, from: Data(line.utf8)))
    }

    static let drives = [
        Drive(fault: "flip lba=900 bytes=8 seed=1"),
        Drive(quirks: ["c2-of-data-only"], fault: "c2 lba=900 bytes=8 seed=1"),
        Drive(quirks: ["no-c2"], fault: "flip lba=900 bytes=8 seed=1"),
        Drive(fault: "flip lba=900 bytes=8 seed=1", audio: "cache=1200"),
        Drive(
            fault: "flip lba=900 bytes=8 seed=1",
            audio: "offset=30 lead-out=1",
            options: "--offset 30"
        ),
    ]

    @Test(arguments: drives)
    func `What comes wrong without a word is read again where a database has other samples`(
        _ drive: Drive
    ) async throws {
        try await Scratch.use { scratch in
            try await burn(scratch)
            // One pass without a database believes the drive, unless that has no C2.
            let (alone, once) = try await rip(scratch, drive, "--passes 1")
            #expect(alone.status == 0 && once.status == "done", "\(alone)")
            #expect(firstDifference(of: try scratch.bytes("rip.bin"), from: Album.sound) != nil)
            #expect(once.audioReview == nil)

            let (outcome, found) = try await rip(scratch, drive)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(found.status == "verified", "\(outcome)")
            #expect(found.audio?.tracks.map(\.verdict) == ["match", "match", "match"])
            #expect(firstDifference(of: try scratch.bytes("rip.bin"), from: Album.sound) == nil)
            let review = try #require(found.audioReview, "\(outcome)")
            #expect(review.tracks == [2] && !review.isNamed)
            #expect(review.runs.contains { $0.start <= 650 && $0.start + $0.count >= 1200 })
            #expect((1...2).contains(review.changedSectors), "\(review)")
            // The pause before track 2 counts to track 1, which matches. By an offset, those at the track's ends lie
            // in sectors of its neighbours as well.
            let twice = found.tracks.map { $0.readTwiceSectors ?? 0 }
            #expect(twice[0] < 20 && (548...550).contains(twice[1]) && twice[2] < 20, "\(twice)")
            if review.changedSectors == 1 {
                #expect(
                    found.sentences.contains { $0.contains("read again: sector 900 (00:14:00)") },
                    "\(outcome)"
                )
            }
            #expect(!scratch.has("rip.cue.map") && !scratch.has("rip.bin.part"))
        }
    }

    @Test func `Where what was read can't be kept until it is looked at, the folder is named`()
        async throws
    {
        try await Scratch.use { scratch in
            try await burn(scratch)
            // The file of all samples is longer than that, and the files of the tracks are not.
            let script = """
                trap '' XFSZ
                ulimit -f 5000
                exec "$SPINDLE" rip out --tracks flac --json --accuraterip answers
                """
            let outcome = try await scratch.run([
                Products.spindle, "virtual", "run", "--clock", "counted", "--disc", "disc",
                "--audio", "cache=0", "--",
                "sh", "-c", script,
            ])
            #expect(outcome.status == 1, "\(outcome)")
            let line = try #require(outcome.lines.last, "\(outcome)")
            #expect(line.contains("What was read can't be kept in a temporary file in "), "\(line)")
            #expect(line.contains("in TMPDIR") && line.contains("\"reason\":\"output-error\""))
            #expect(!line.contains("get it again"), "\(line)")
            #expect(!scratch.has("out"))
        }
    }

    @Test func `Silence takes the place of what was wrong`() async throws {
        try await Scratch.use { scratch in
            var quiet = Album.sound
            quiet.resetBytes(in: 880 * 2352..<920 * 2352)
            try Album.place(Album.plainAudio, in: scratch)
            try scratch.write(quiet, to: "sound.bin")
            try await AlbumAnswers.place(in: scratch, of: quiet)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let (outcome, found) = try await rip(
                scratch,
                Drive(fault: "flip lba=900 bytes=8 seed=1")
            )
            #expect(outcome.status == 0 && found.status == "verified", "\(outcome)")
            #expect(found.audioReview?.changedSectors == 1)
            #expect(firstDifference(of: try scratch.bytes("rip.bin"), from: quiet) == nil)
        }
    }

    @Test func `Of what parity names nothing else is read again`() async throws {
        try await Scratch.use { scratch in
            try await burn(scratch, withParity: true)
            let (outcome, found) = try await rip(
                scratch,
                Drive(fault: "flip lba=900 bytes=8 seed=1"),
                "--accuraterip answers --ctdb answers"
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(found.status == "verified", "\(outcome)")
            let review = try #require(found.audioReview, "\(outcome)")
            #expect(review.tracks == [2] && review.isNamed)
            #expect(review.sectors == 1 && review.runs.first?.start == 900)
            #expect(firstDifference(of: try scratch.bytes("rip.bin"), from: Album.sound) == nil)
        }
    }

    @Test func `Tracks that are packed are read again before they are`() async throws {
        try await Scratch.use { scratch in
            try await burn(scratch)
            let (outcome, found) = try await rip(
                scratch,
                Drive(fault: "flip lba=900 bytes=8 seed=1", options: "--tracks flac"),
                to: "album"
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(found.status == "verified", "\(outcome)")
            #expect(found.audioReview?.changedSectors == 1, "\(outcome)")
            // Each phase tells how far it is.
            for phase in ["verify", "write"] {
                let isTold = outcome.lines.contains {
                    $0.contains("\"event\":\"progress\"") && $0.contains("\"phase\":\"\(phase)\"")
                }
                #expect(isTold, "\(phase): \(outcome)")
            }
            let back = try await scratch.spindle("convert", "album/album.cue", "back.cue")
            #expect(back.status == 0, "\(back)")
            #expect(firstDifference(of: try scratch.bytes("back.bin"), from: Album.sound) == nil)
        }
    }

    @Test func `What is wrong each time is read again once, and kept`() async throws {
        try await Scratch.use { scratch in
            try await burn(scratch)
            let (outcome, found) = try await rip(scratch, Drive(fault: "flip lba=900 bytes=8"))
            #expect(outcome.status == 3, "\(outcome)")
            #expect(found.status == "incomplete")
            #expect(found.audio?.tracks.map(\.verdict) == ["match", "mismatch", "match"])
            let review = try #require(found.audioReview, "\(outcome)")
            #expect(review.tracks == [2] && review.sectors == 550 && review.changedSectors == 0)
            #expect(found.doubtfulSectors == nil)
            #expect(try scratch.bytes("rip.bin").count == Album.sound.count)
            // Without retries nothing is read again.
            let (none, plain) = try await rip(
                scratch,
                Drive(fault: "flip lba=900 bytes=8 seed=1", options: "--retries 0")
            )
            #expect(none.status == 3 && plain.audioReview == nil, "\(none)")
            // A disc that others have with other samples is another pressing, or all of it is wrong.
            let (other, pressing) = try await rip(
                scratch,
                Drive(fault: "", audio: "offset=667 cache=0")
            )
            #expect(other.status == 3, "\(other)")
            #expect(pressing.audioReview?.tracks == [1, 2, 3])
            #expect(pressing.audioReview?.changedSectors == 0, "\(other)")
        }
    }

    @Test func `What does not come twice the same takes no place, and is a doubt`() async throws {
        try await Scratch.use { scratch in
            try await burn(scratch)
            // Sector 900 is why track 2 is read again; 1000 comes right once, and never twice the same after that.
            let drive = Drive(
                fault: "flip lba=900 bytes=8",
                otherFault: "flip lba=1000 bytes=1200 seed=3"
            )
            for isShifted in [false, true] {
                var drive = drive
                if isShifted {
                    drive.audio = "offset=30 lead-out=1"
                    drive.options = "--offset 30"
                    // By an offset the drive reads it for each of the two sectors into which it comes.
                    drive.otherFault = drive.otherFault.map { $0 + " after=2" }
                } else {
                    drive.otherFault = drive.otherFault.map { $0 + " after=1" }
                }
                let (outcome, found) = try await rip(scratch, drive)
                #expect(outcome.status == 3, "\(outcome)")
                #expect(found.status == "incomplete")
                let review = try #require(found.audioReview, "\(outcome)")
                #expect(review.tracks == [2] && review.sectors == 550 && review.changedSectors == 0)
                #expect((1...(isShifted ? 3 : 1)).contains(review.unconfirmedSectors), "\(review)")
                #expect(
                    review.unconfirmedRuns.first.map { (999...1000).contains($0.start) } == true
                )
                #expect(!review.isEndedEarly)
                #expect(found.doubtfulSectors == review.unconfirmedSectors, "\(outcome)")
                #expect(
                    found.tracks.map(\.reading) == ["no-c2-errors", "doubtful", "no-c2-errors"]
                )
                #expect(
                    found.sentences.contains { $0.contains("did not come twice the same") },
                    "\(outcome)"
                )
                var wanted = Album.sound
                let ripped = try scratch.bytes("rip.bin")
                // The eight bytes of sector 900 are wrong each time.
                let area = 890 * 2352..<910 * 2352
                wanted.replaceSubrange(area, with: ripped[area])
                #expect(firstDifference(of: ripped, from: wanted) == nil, "\(isShifted)")
            }
        }
    }

    @Test func `What was read first counts as one of the reads`() async throws {
        try await Scratch.use { scratch in
            try await burn(scratch)
            // Sector 1000 comes right at first, wrong the same twice, and right from then on.
            let drive = Drive(
                fault: "flip lba=900 bytes=8",
                otherFault: "flip lba=1000 bytes=8 after=1 count=2"
            )
            let (outcome, found) = try await rip(scratch, drive)
            let review = try #require(found.audioReview, "\(outcome)")
            #expect(review.changedSectors == 0 && review.unconfirmedSectors == 0, "\(outcome)")
            #expect(found.doubtfulSectors == nil, "\(outcome)")
            #expect(found.tracks[1].readTwiceSectors == 550, "\(outcome)")
            var wanted = Album.sound
            let ripped = try scratch.bytes("rip.bin")
            wanted.replaceSubrange(900 * 2352..<901 * 2352, with: ripped[900 * 2352..<901 * 2352])
            #expect(firstDifference(of: ripped, from: wanted) == nil)
        }
    }

    /// Rips with a drive that stops for a while at sector 900 when that is read again, and interrupts that.
    private func interrupt(
        _ scratch: Scratch,
        times: Int,
        to output: String,
        _ options: String
    ) async throws -> (Outcome, Result?) {
        let outcome = try await scratch.run(
            [
                Products.spindle, "virtual", "run", "--clock", "real", "--disc", "disc",
                "--fault", "flip lba=900 bytes=8", "--fault", "slow lba=900 time=2.5 after=1",
                "--", "sh", "-c",
                """
                env --default-signal=INT "$SPINDLE" rip \(output) --force --json \
                    --accuraterip answers \(options) >events 2>errors &
                job=$!
                until grep -q 'read again' events; do kill -0 $job || break; sleep 0.05; done
                for i in $(seq \(times)); do sleep 0.5; kill -INT $job; done
                wait $job
                status=$?
                cat events
                exit $status
                """,
            ]
        )
        let line = try #require(outcome.lines.last, "\(outcome)")
        return (outcome, try? JSONDecoder.snake.decode(Result.self, from: Data(line.utf8)))
    }

    static let outputs = [("album", "--tracks flac"), ("rip.cue", ""), ("rip.chd", "")]

    @Test(arguments: outputs)
    func `The first Ctrl-C ends the second look, and the rip is finished`(
        _ output: String,
        _ options: String
    ) async throws {
        try await Scratch.use { scratch in
            try await burn(scratch)
            let (outcome, result) = try await interrupt(scratch, times: 1, to: output, options)
            let found = try #require(result, "\(outcome)")
            #expect(outcome.status == 3 && found.status == "incomplete", "\(outcome)")
            #expect(found.audio?.tracks.map(\.verdict) == ["match", "mismatch", "match"])
            let review = try #require(found.audioReview, "\(outcome)")
            #expect(review.isEndedEarly && review.sectors < 550 && review.changedSectors == 0)
            #expect(found.sentences.contains { $0.contains("ended early") }, "\(outcome)")
            #expect(outcome.output.contains("stop once more"), "\(outcome)")
            let sheet = output == "album" ? "album/album.cue" : output
            let back = try await scratch.spindle("convert", sheet, "back.cue")
            #expect(back.status == 0, "\(back)")
            var wanted = Album.sound
            let ripped = try scratch.bytes("back.bin")
            let area = 900 * 2352..<901 * 2352
            #expect(ripped.count == wanted.count)
            wanted.replaceSubrange(area, with: ripped[area])
            #expect(firstDifference(of: ripped, from: wanted) == nil)
            #expect(!scratch.has("\(output).map") && !scratch.has("\(output).part"))
        }
    }

    @Test(arguments: outputs)
    func `The second Ctrl-C ends everything`(_ output: String, _ options: String) async throws {
        try await Scratch.use { scratch in
            try await burn(scratch)
            let (outcome, _) = try await interrupt(scratch, times: 2, to: output, options)
            #expect(outcome.status == 130, "\(outcome)")
            #expect(try outcome.result().status == "interrupted")
            // What is packed as it comes leaves nothing, and all else what to go on with.
            #expect(scratch.has("rip.cue.map") == (output == "rip.cue"), "\(outcome)")
            #expect(!scratch.has("rip.cue") && !scratch.has("rip.chd"))
            #expect(!scratch.has("album/album.cue"))
        }
    }

    @Test func `Where all tracks match nothing is read twice, in a drive without C2, too`()
        async throws
    {
        try await Scratch.use { scratch in
            try await burn(scratch)
            let (clean, good) = try await rip(scratch, Drive(fault: ""))
            #expect(clean.status == 0 && good.status == "verified", "\(clean)")
            #expect(good.audioReview == nil)
            #expect(good.tracks.allSatisfy { $0.reading == "no-c2-errors" })
            let (outcome, found) = try await rip(scratch, Drive(quirks: ["no-c2"], fault: ""))
            #expect(outcome.status == 0 && found.status == "verified", "\(outcome)")
            #expect(found.tracks.allSatisfy { $0.reading == "read-once" }, "\(outcome)")
            // But for what AccurateRip leaves out at both ends.
            let review = try #require(found.audioReview, "\(outcome)")
            #expect(review.tracks.isEmpty && review.sectors == 10 && review.changedSectors == 0)
            #expect(review.runs.map(\.start) == [0, 1595])
            // A disc that no database has is read twice, as ever.
            try FileManager.default.createDirectory(
                atPath: scratch.path("none"),
                withIntermediateDirectories: true
            )
            let (unknown, twice) = try await rip(
                scratch,
                Drive(quirks: ["no-c2"], fault: ""),
                "--accuraterip none"
            )
            #expect(unknown.status == 0 && twice.status == "done", "\(unknown)")
            #expect(twice.tracks.allSatisfy { $0.reading == "read-twice" }, "\(unknown)")
            #expect(twice.audioReview == nil)
        }
    }
}
