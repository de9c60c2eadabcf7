import Foundation
import TestSupport
import Testing

/// Discs with sound against databases' answers in files: checked, ripped and repaired.
@Suite struct SoundVerifyTests {
    /// A report of what databases say.
    private struct Report: Decodable {
        struct Track: Decodable {
            struct Evidence: Decodable {
                var database: String
                var kind: String
                var confidence: Int
                var offset: Int
            }

            var number: Int
            var verdict: String
            var evidence: [Evidence]
        }

        struct Database: Decodable {
            var name: String
            var state: String
        }

        struct Repair: Decodable {
            var isPossible: Bool?
            var samples: Int?
        }

        var databases: [Database]
        var tracks: [Track]
        var notCovered: [String]
        var repair: Repair?
    }

    private struct Result: Decodable {
        var status: String
        var reason: String?
        var audio: Report?
        var repairedSectors: Int?
    }

    private func result(_ outcome: Outcome) throws -> Result {
        let line = try #require(outcome.lines.last, "\(outcome)")
        return try JSONDecoder.snake.decode(Result.self, from: Data(line.utf8))
    }

    /// Asks for the album's names, and puts AccurateRip's answer into the folder `answers`.
    private func placeAnswers(_ scratch: Scratch) async throws -> DiscNames {
        let names = try await scratch.names(of: "album.cue")
        try FileManager.default.createDirectory(
            atPath: scratch.path("answers"),
            withIntermediateDirectories: true
        )
        try scratch.write(
            try AlbumAnswers.accurateRip(names.accuraterip),
            to: "answers/dBAR-\(names.accuraterip).bin"
        )
        return names
    }

    @Test func `A disc has the same names in a drive and in an image`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            let names = try await placeAnswers(scratch)
            // Sums of 0, 650, 1200 and 1600, and of each multiplied by its place.
            #expect(names.accuraterip == "003-00000d7a-00002c25-\(names.freedb)")
            #expect(names.accurateripUrl.hasSuffix("/a/7/d/dBAR-\(names.accuraterip).bin"))
            #expect(names.ctdbToc == "0:650:1200:1600")
            let text = try await scratch.spindle("info", "album.cue")
            #expect(text.output.contains("id        AccurateRip \(names.accuraterip)"))
            #expect(text.output.contains("id        MusicBrainz \(names.musicbrainz)"))
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let drive = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" info $SPINDLE_DRIVE"
            )
            #expect(drive.output.contains("id        AccurateRip \(names.accuraterip)"))
            #expect(drive.output.contains("id        CTDB \(names.ctdb)"))
        }
    }

    @Test func `A disc, its image and its rip match what others ripped`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            _ = try await placeAnswers(scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let image = try await scratch.spindle(
                "verify",
                "album.cue",
                "--accuraterip",
                "answers",
                "--json"
            )
            #expect(image.status == 0, "\(image)")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" verify $SPINDLE_DRIVE --accuraterip answers --json >drive.json
                    "$SPINDLE" rip rip.cue --accuraterip answers --json >rip.json
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            let lines = try ["drive.json", "rip.json"].map { name in
                try #require(scratch.text(name).split(separator: "\n").last)
            }
            for line in lines + [try #require(image.lines.last?[...])] {
                let found = try JSONDecoder.snake.decode(Result.self, from: Data(line.utf8))
                #expect(found.status == "verified", "\(line)")
                let audio = try #require(found.audio)
                #expect(audio.tracks.map(\.verdict) == ["match", "match", "match"])
                #expect(audio.tracks.map { $0.evidence.first?.confidence } == [20, 21, 22])
                #expect(audio.tracks.allSatisfy { $0.evidence.first?.kind == "v2" })
                #expect(audio.notCovered.count == 2)
            }
            #expect(try scratch.bytes("rip.bin") == Album.sound)
        }
    }

    @Test func `A rip whose track differs is kept, and graded`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            _ = try await placeAnswers(scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let wrong = try await scratch.withDrive(
                "disc",
                faults: ["flip lba=900"],
                run: "exec \"$SPINDLE\" rip wrong.cue --accuraterip answers --json"
            )
            #expect(wrong.status == 3, "\(wrong)")
            let graded = try result(wrong)
            #expect(graded.status == "incomplete")
            #expect(graded.audio?.tracks.map(\.verdict) == ["match", "mismatch", "match"])
            #expect(graded.audio?.databases.map(\.state) == ["found"])
            #expect(scratch.has("wrong.bin"))
            // What C2 doubts and a database proves is not doubtful.
            let doubted = try await scratch.withDrive(
                "disc",
                faults: ["c2 lba=900 bytes=0 false=3"],
                run: "exec \"$SPINDLE\" rip doubted.cue --accuraterip answers --json"
            )
            #expect(doubted.status == 0, "\(doubted)")
            #expect(try result(doubted).status == "verified")
            // Nothing is read where an answer is none.
            try scratch.write(Data("<html>404</html>".utf8), to: "page.bin")
            let page = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" rip none.cue --accuraterip page.bin --json"
            )
            #expect(page.status == 1, "\(page)")
            #expect(!scratch.has("none.bin") && !scratch.has("none.bin.part"))
        }
    }

    @Test func `A drive's offset is found by what others ripped`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            _ = try await placeAnswers(scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--disc", "disc", "--audio", "offset=667",
                    "--", "sh", "-c",
                    "exec \"$SPINDLE\" rip rip.cue --accuraterip answers --json",
                ],
                within: 60
            )
            // Only the second kind of sum is known here, and no sector 450: nothing can find it.
            #expect(outcome.status == 3, "\(outcome)")
            #expect(
                try result(outcome).audio?.tracks.map(\.verdict)
                    == ["mismatch", "mismatch", "mismatch"]
            )
            var answer = try scratch.bytes("answers/\(try answerName(scratch))")
            // The first kind, as older answers have it.
            for track in 0..<3 {
                let sum = try await firstSum(scratch, track)
                answer.replaceSubrange(
                    14 + 9 * track..<18 + 9 * track,
                    with: AlbumAnswers.word(sum)
                )
            }
            try scratch.write(answer, to: "answers/\(try answerName(scratch))")
            let shifted = try await scratch.spindle(
                "verify",
                "rip.cue",
                "--accuraterip",
                "answers",
                "--json"
            )
            #expect(shifted.status == 0, "\(shifted)")
            let tracks = try #require(try result(shifted).audio?.tracks)
            #expect(tracks.map(\.verdict) == Array(repeating: "match-shifted", count: 3))
            #expect(tracks.allSatisfy { $0.evidence.first?.offset == 667 })
            let text = try await scratch.spindle("verify", "rip.cue", "--accuraterip", "answers")
            #expect(text.output.contains("667 samples later"), "\(text)")
        }
    }

    private func answerName(_ scratch: Scratch) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("answers"))
        return try #require(names.first { $0.hasPrefix("dBAR") })
    }

    /// The first kind of sum of a track, which `verify` tells.
    private func firstSum(_ scratch: Scratch, _ track: Int) async throws -> UInt32 {
        struct Sums: Decodable {
            struct Audio: Decodable {
                struct Track: Decodable {
                    struct Values: Decodable { var arV1: String }
                    var sums: Values
                }
                var tracks: [Track]
            }
            var audio: Audio
        }
        let outcome = try await scratch.spindle(
            "verify",
            "album.cue",
            "--accuraterip",
            "answers",
            "--json"
        )
        let line = try #require(outcome.lines.last)
        let sums = try JSONDecoder.snake.decode(Sums.self, from: Data(line.utf8))
        return try #require(UInt32(sums.audio.tracks[track].sums.arV1, radix: 16))
    }

    @Test func `Wrong samples are put right by the CUETools Database's parity`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            let names = try await placeAnswers(scratch)
            try scratch.write(AlbumAnswers.ctdb(names), to: "answers/\(names.ctdb).xml")
            try scratch.write(AlbumAnswers.parity, to: "answers/77")
            let good = try await scratch.spindle("verify", "album.cue", "--ctdb", "answers")
            #expect(good.status == 0, "\(good)")

            var damaged = Album.sound
            for place in 1_000_000..<1_004_000 { damaged[place] = 0 }
            try scratch.write(damaged, to: "sound.bin")
            let bad = try await scratch.spindle(
                "verify",
                "album.cue",
                "--ctdb",
                "answers",
                "--json"
            )
            #expect(bad.status == 2, "\(bad)")
            #expect(try result(bad).audio?.repair?.isPossible == true)
            #expect(
                try result(bad).audio?.repair?.samples.map { (999...1001).contains($0) } == true
            )
            let repair = try await scratch.spindle(
                "convert",
                "album.cue",
                "right.cue",
                "--repair",
                "--ctdb",
                "answers",
                "--json"
            )
            #expect(repair.status == 0, "\(repair)")
            #expect(try result(repair).repairedSectors.map { $0 >= 2 } == true)
            #expect(try scratch.bytes("right.bin") == Album.sound)
            // Without its parity nothing is written, and the reason is told.
            try FileManager.default.removeItem(atPath: scratch.path("answers/77"))
            let none = try await scratch.spindle(
                "convert",
                "album.cue",
                "none.cue",
                "--repair",
                "--ctdb",
                "answers"
            )
            #expect(none.status == 1, "\(none)")
            #expect(none.errors.contains("http://p.cuetools.net/77"), "\(none)")
            #expect(!scratch.has("none.cue"))
        }
    }

    @Test func `What makes no sense is refused`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            _ = try await placeAnswers(scratch)
            for arguments in [
                ["verify", "album.cue", "other.cue", "--accuraterip", "answers"],
                ["verify", "album.cue", "--ctdb", "http://"],
                ["convert", "album.cue", "x.cue", "--ctdb", "answers"],
                ["rip", "x.cue", "--track", "1", "--accuraterip", "answers"],
            ] {
                let outcome = try await scratch.run([Products.spindle] + arguments, within: 30)
                #expect(outcome.status == 64, "\(outcome)")
            }
            let data = try await scratch.spindle("verify", "data.iso", "--accuraterip", "answers")
            #expect(data.status == 1, "\(data)")
            let none = try await scratch.spindle("verify", "album.cue", "--ctdb", "answers")
            #expect(none.status == 1, "\(none)")
            #expect(none.errors.contains("no answer of the CUETools Database"), "\(none)")
        }
    }
}
