import Foundation
import TestSupport
import Testing

/// Drives that read and write sound elsewhere than it lies.
@Suite struct OffsetTests {
    private struct Result: Decodable {
        var status: String
        var readOffset: Int?
        var readOffsetSource: String?
        var missingSamples: Int?
        var audioOffset: Int?
    }

    private func result(_ outcome: Outcome) throws -> Result {
        let line = try #require(outcome.lines.last, "\(outcome)")
        return try JSONDecoder.snake.decode(Result.self, from: Data(line.utf8))
    }

    private func burned(_ scratch: Scratch) async throws {
        try Album.place(Album.plainAudio, in: scratch)
        try await scratch.makeDisc(.cdR)
        try await scratch.burn("album.cue")
    }

    private func run(_ scratch: Scratch, _ options: [String], _ script: String) async throws
        -> Outcome
    {
        try await scratch.run(
            [Products.spindle, "virtual", "run", "--disc", "disc"] + options
                + ["--", "sh", "-c", script]
        )
    }

    @Test(arguments: [
        ("offset=667 lead-out=2", 667, 0), ("offset=667", 667, 667), ("offset=-1164", -1164, 0),
        ("offset=-1164 lead-in=0", -1164, 1164), ("offset=30 beyond=repeat", 30, 30),
        ("offset=1776 lead-out=1", 1776, 1188), ("offset=588 lead-out=1", 588, 0),
    ])
    func `Sound comes to its place, and what the drive does not give is zeros and counted`(
        _ traits: String,
        _ offset: Int,
        _ missing: Int
    ) async throws {
        try await Scratch.use { scratch in
            try await burned(scratch)
            let outcome = try await run(
                scratch,
                ["--audio", traits],
                "exec \"$SPINDLE\" rip rip.cue --offset=\(offset) --json"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let found = try result(outcome)
            #expect(found.readOffset == offset)
            #expect(found.readOffsetSource == "given")
            #expect(found.missingSamples == missing, "\(outcome)")
            var owed = Album.sound
            if offset > 0 {
                owed.replaceSubrange(
                    owed.count - missing * 4..<owed.count,
                    with: Data(count: missing * 4)
                )
            } else {
                owed.replaceSubrange(0..<missing * 4, with: Data(count: missing * 4))
            }
            #expect(firstDifference(of: try scratch.bytes("rip.bin"), from: owed) == nil)
        }
    }

    @Test(arguments: [("offset=0", nil), ("offset=30", -30), ("offset=-667", 667)])
    func `Audio that was written a track at a time is compared wherever a drive reads it`(
        _ traits: String,
        _ offset: Int?
    ) async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            // A track has to begin where the one before it ends.
            let sheet = try scratch.text("album.cue")
            let lines = sheet.split(separator: "\n").filter { !$0.contains("INDEX 00") }
            try scratch.write(Data(lines.joined(separator: "\n").utf8), to: "album.cue")
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue", "--mode", "tao")
            let verify = "exec \"$SPINDLE\" verify $SPINDLE_DRIVE album.cue --json"
            let same = try await run(scratch, ["--audio", traits], verify)
            #expect(same.status == 0, "\(same)")
            #expect(try result(same).audioOffset == offset, "\(same)")
            #expect(same.output.contains("the same: 1600 sectors compared."), "\(same)")
            #expect(same.output.contains("s of its tracks that the drive") == (offset != nil))
            #expect(same.output.contains("of which nothing can be read, as of run-out"), "\(same)")
            // What is wrong besides is found.
            let flip = ["--audio", traits, "--fault", "flip lba=300"]
            let wrong = try await run(scratch, flip, verify)
            #expect(wrong.status == 2 && wrong.output.contains("track 1, sector 300:"), "\(wrong)")
        }
    }

    @Test func `A model's offset is known, and that of another is found by AccurateRip's answer`()
        async throws
    {
        try await Scratch.use { scratch in
            try await burned(scratch)
            let model = try await run(
                scratch,
                ["--drive-model", "pioneer-bdr-207d"],
                "exec \"$SPINDLE\" rip model.cue --offset auto --json"
            )
            #expect(model.status == 0, "\(model)")
            #expect(try result(model).readOffset == 667)
            #expect(try result(model).readOffsetSource == "table")
            let unknown = try await run(
                scratch,
                ["--audio", "offset=123"],
                "exec \"$SPINDLE\" rip unknown.cue --offset auto --json"
            )
            #expect(unknown.status == 1, "\(unknown)")
            #expect(unknown.output.contains("is not known"), "\(unknown)")
            #expect(!scratch.has("unknown.cue") && !scratch.has("unknown.bin"))
            try await placeAnswer(scratch)
            let searched = try await run(
                scratch,
                ["--audio", "offset=123 lead-out=1"],
                "exec \"$SPINDLE\" rip found.cue --offset auto --accuraterip answers --json"
            )
            #expect(try result(searched).readOffset == 123, "\(searched)")
            #expect(try result(searched).readOffsetSource == "database")
            #expect(firstDifference(of: try scratch.bytes("found.bin"), from: Album.sound) == nil)
        }
    }

    @Test func `A write offset is made up for, and a disc written without that tells it`()
        async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            let right = try await run(
                scratch,
                ["--audio", "write-offset=24"],
                "exec \"$SPINDLE\" burn album.cue --offset 24 --no-verify --json"
            )
            #expect(right.status == 0, "\(right)")
            #expect(right.output.contains("\"write_offset\":24"), "\(right)")
            let rip = try await scratch.withDrive("disc", run: "exec \"$SPINDLE\" rip rip.cue")
            #expect(rip.status == 0, "\(rip)")
            let back = try scratch.bytes("rip.bin")
            #expect(
                firstDifference(of: back.dropFirst(24 * 4), from: Album.sound.dropFirst(24 * 4))
                    == nil
            )
        }
    }

    @Test(
        arguments: [(24, 24, nil), (24, 10, -14), (24, 0, -24), (0, 12, 12)] as [(Int, Int, Int?)]
    )
    func `What is left of a write offset is told`(_ own: Int, _ given: Int, _ left: Int?)
        async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            let outcome = try await run(
                scratch,
                ["--audio", "write-offset=\(own)"],
                "exec \"$SPINDLE\" burn album.cue --offset \(given) --json"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let found = try result(outcome)
            #expect(found.status == "verified")
            #expect(found.audioOffset == left, "\(outcome)")
        }
    }

    @Test func `Offsets for writing and for reading together spoil no good disc`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            let outcome = try await run(
                scratch,
                ["--audio", "write-offset=667 offset=-100"],
                "exec \"$SPINDLE\" burn album.cue --json"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let found = try result(outcome)
            #expect(found.status == "verified")
            #expect(abs(found.audioOffset ?? 0) > 500, "\(outcome)")
        }
    }

    @Test func `A rip that is gone on with knows what is missing at the disc's end`() async throws {
        try await Scratch.use { scratch in
            try await burned(scratch)
            let bad = try await run(
                scratch,
                ["--audio", "offset=667", "--fault", "read lba=700-705"],
                "exec \"$SPINDLE\" rip rip.cue --offset 667 --json"
            )
            #expect(bad.status == 3, "\(bad)")
            let missing = try #require(try result(bad).missingSamples)
            #expect(missing == 667)
            let whole = try await run(
                scratch,
                ["--audio", "offset=667"],
                "exec \"$SPINDLE\" rip rip.cue --offset 667 --resume --json"
            )
            #expect(try result(whole).missingSamples == missing, "\(whole)")
        }
    }

    /// AccurateRip's answer about the album, with sector 450 of two tracks.
    private func placeAnswer(_ scratch: Scratch) async throws {
        let outcome = try await scratch.spindle("info", "album.cue", "--json")
        let pattern = try Regex("\"accuraterip\":\"([0-9a-f-]+)\"")
        let found = try #require(
            outcome.output.replacing(" ", with: "").firstMatch(of: pattern),
            "\(outcome)"
        )
        let name = String(try #require(found[1].substring))
        func word(_ value: UInt32) -> Data {
            Data((0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) })
        }
        let sound = [UInt8](Album.sound)
        var bytes = Data([3])
        for id in name.split(separator: "-").dropFirst() {
            bytes += word(try #require(UInt32(id, radix: 16)))
        }
        for start in [0, 650, 1200] {
            var sum: UInt32 = 0
            for j in 0..<588 where start + 450 < Album.soundSectors {
                let place = ((start + 450) * 588 + j) * 4
                let sample = (0..<4).reduce(UInt32(0)) {
                    $0 | UInt32(sound[place + $1]) << UInt32(8 * $1)
                }
                sum &+= sample &* UInt32(j + 1)
            }
            bytes += Data([9]) + word(0x1234_5678) + word(sum)
        }
        try FileManager.default.createDirectory(
            atPath: scratch.path("answers"),
            withIntermediateDirectories: true
        )
        try scratch.write(bytes, to: "answers/dBAR-\(name).bin")
    }
}
