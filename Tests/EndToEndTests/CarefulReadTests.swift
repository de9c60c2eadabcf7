import Foundation
import TestSupport
import Testing

/// Sectors of sound that come with doubts, and are read again.
@Suite struct CarefulReadTests {
    private struct Result: Decodable {
        var status: String
        var rereadSectors: Int?
        var settledSectors: Int?
        var doubtfulSectors: Int?
        var evidence: Evidence?
        var tracks: [Track]
        var sentences: [String]

        struct Evidence: Decodable {
            var once: Int
            var twice: Int
            var isBufferMeasured: Bool?
        }

        struct Track: Decodable {
            var status: String
            var reading: String?
            var readTwiceSectors: Int?
            var doubtfulSectors: Int?
        }
    }

    private func rip(
        _ scratch: Scratch,
        _ fault: String,
        audio: String = "cache=0",
        quirks: [String] = [],
        options: String = "--offset 0"
    ) async throws -> (Outcome, Result) {
        let drive = quirks.flatMap { ["--quirk", $0] } + ["--audio", audio]
        let outcome = try await scratch.run(
            [Products.spindle, "virtual", "run", "--clock", "counted", "--disc", "disc"]
                + ["--fault", fault] + drive + [
                    "--", "sh", "-c", "exec \"$SPINDLE\" rip rip.cue --force --json \(options)",
                ]
        )
        let line = try #require(outcome.lines.last, "\(outcome)")
        return (outcome, try JSONDecoder.snake.decode(Result.self, from: Data(line.utf8)))
    }

    @Test
    func `Errors that differ from read to read are settled, also behind a cache and an offset`()
        async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            for (audio, options) in [
                ("cache=0", ""), ("cache=1200", ""), ("offset=30 lead-out=1", "--offset 30"),
            ] {
                let (outcome, found) = try await rip(
                    scratch,
                    "c2 lba=900 bytes=8 seed=1",
                    audio: audio,
                    options: options
                )
                #expect(outcome.status == 0, "\(audio): \(outcome)")
                #expect(found.status == "done")
                #expect(found.tracks.allSatisfy { $0.reading == "no-c2-errors" }, "\(outcome)")
                #expect(found.settledSectors == found.rereadSectors && found.rereadSectors ?? 0 > 0)
                #expect(
                    firstDifference(of: try scratch.bytes("rip.bin"), from: Album.sound) == nil,
                    "\(audio)"
                )
            }
        }
    }

    /// A drive: its quirks, a fault, and whether its C2 tells of it.
    struct Drive: CustomTestStringConvertible, Sendable {
        var quirks: [String]
        var fault: String
        var options = ""
        var testDescription: String { (quirks + [fault, options]).joined(separator: ", ") }
    }

    static let drives = [
        Drive(quirks: [], fault: "c2 lba=900 bytes=8 missed=4 seed=2"),
        Drive(quirks: ["no-c2"], fault: "flip lba=900 bytes=8 seed=1"),
        Drive(
            quirks: ["c2-of-data-only"],
            fault: "c2 lba=900 bytes=8 seed=1",
            options: "--passes 2"
        ),
        Drive(quirks: ["no-c2-of-294"], fault: "c2 lba=900 bytes=8 seed=1"),
        Drive(quirks: ["no-c2-of-294", "c2-sum-first"], fault: "c2 lba=900 bytes=8 seed=1"),
        Drive(quirks: ["no-c2-of-294", "c2-without-sum"], fault: "c2 lba=900 bytes=8 seed=1"),
        Drive(quirks: ["c2-late"], fault: "c2 lba=900 bytes=8 seed=1"),
        Drive(quirks: [], fault: "read lba=900 times=2/3"),
        Drive(quirks: ["no-index-0"], fault: "c2 lba=900 bytes=8 seed=1"),
    ]

    @Test(arguments: drives)
    func `A drive whose C2 tells little is read with the care that it needs`(_ drive: Drive)
        async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let (outcome, found) = try await rip(
                scratch,
                drive.fault,
                quirks: drive.quirks,
                options: drive.options
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(found.status == "done" && found.doubtfulSectors == nil, "\(outcome)")
            let isTwice = drive.quirks == ["no-c2"] || drive.options == "--passes 2"
            let reading = isTwice ? "read-twice" : "no-c2-errors"
            #expect(found.tracks.allSatisfy { $0.reading == reading }, "\(outcome)")
            #expect(firstDifference(of: try scratch.bytes("rip.bin"), from: Album.sound) == nil)
        }
    }

    @Test func `A buffer that is larger than the drive says is found out and emptied`() async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let quirks = ["no-c2", "understates-buffer"]
            for (cache, isForced) in [(600, true), (600, false), (200, false)] {
                let (outcome, found) = try await rip(
                    scratch,
                    "flip lba=900 bytes=8 seed=1",
                    audio: "cache=\(cache)",
                    quirks: quirks + (isForced ? [] : ["ignores-fua"])
                )
                #expect(outcome.status == 0 && found.status == "done", "\(outcome)")
                #expect(found.tracks.allSatisfy { $0.reading == "read-twice" }, "\(outcome)")
                #expect(found.evidence?.isBufferMeasured == true, "\(outcome)")
                #expect(
                    firstDifference(of: try scratch.bytes("rip.bin"), from: Album.sound) == nil,
                    "\(cache)"
                )
            }
        }
    }

    @Test(arguments: ["no-c2", "c2-of-data-only"])
    func `Where nothing empties the buffer, plan and result say that audio is read once`(
        _ quirk: String
    ) async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let (outcome, found) = try await rip(
                scratch,
                "flip lba=900 bytes=8",
                audio: "cache=20000",
                quirks: [quirk, "ignores-fua", "understates-buffer"],
                options: "--passes 2"
            )
            #expect(outcome.status == 0 && found.status == "done", "\(outcome)")
            let reading = quirk == "no-c2" ? "read-once" : "no-c2-errors"
            #expect(found.tracks.allSatisfy { $0.reading == reading }, "\(outcome)")
            #expect(found.tracks.allSatisfy { $0.readTwiceSectors ?? 0 == 0 }, "\(outcome)")
            #expect(found.evidence?.twice == 0 && found.evidence?.once == Album.soundSectors)
            #expect(found.evidence?.isBufferMeasured == nil, "\(outcome)")
            let plan = try #require(outcome.lines.first { $0.contains("\"event\":\"plan\"") })
            #expect(plan.contains("Audio is read once") && plan.contains("buffer"), "\(plan)")
            #expect(!plan.contains("read twice"), "\(plan)")
            #expect(!found.sentences.contains { $0.contains("read twice") }, "\(outcome)")
        }
    }

    @Test func `Where time tells nothing, the evidence says so`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--disc", "disc", "--quirk", "no-c2",
                    "--quirk", "understates-buffer", "--audio", "cache=0", "--", "sh", "-c",
                    "exec \"$SPINDLE\" rip rip.cue --json",
                ]
            )
            let line = try #require(outcome.lines.last, "\(outcome)")
            let found = try JSONDecoder.snake.decode(Result.self, from: Data(line.utf8))
            #expect(outcome.status == 0 && found.status == "done", "\(outcome)")
            #expect(found.evidence?.isBufferMeasured == false, "\(outcome)")
            #expect(found.evidence?.twice == Album.soundSectors, "\(outcome)")
            #expect(found.sentences.contains { $0.contains("does not show in the drive's times") })
        }
    }

    @Test(arguments: ["q lba=1000-1400", "c2 lba=900 bytes=8 seed=1", "c2 lba=520 bytes=8 seed=1"])
    func `A drive without an accurate stream gives one piece`(_ fault: String) async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let (outcome, found) = try await rip(scratch, fault, audio: "jitter=300")
            // A sector at the end may lack samples that lie beyond the disc.
            #expect(found.doubtfulSectors ?? 0 <= 1, "\(outcome)")
            let ripped = try scratch.bytes("rip.bin")
            let middle = 800 * 2352
            let place = try #require(Album.sound.range(of: ripped[middle..<middle + 2352]))
            let shift = place.lowerBound - middle
            #expect(abs(shift) <= 300 * 4)
            let (first, end) = (max(0, -shift), ripped.count - max(0, shift))
            #expect(
                firstDifference(
                    of: Data(ripped[first..<end]),
                    from: Data(Album.sound[first + shift..<end + shift])
                ) == nil
            )
        }
    }

    @Test func `What is wrong each time stays a doubt`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let (outcome, wrong) = try await rip(scratch, "c2 lba=900 bytes=8")
            #expect(outcome.status == 3, "\(outcome)")
            #expect(wrong.status == "incomplete")
            #expect(wrong.rereadSectors == 1 && wrong.settledSectors == 0, "\(outcome)")
            #expect(wrong.doubtfulSectors == 1)
            #expect(outcome.output.contains("00:14:00"), "\(outcome)")
            let readings = ["no-c2-errors", "doubtful", "no-c2-errors"]
            #expect(wrong.tracks.map(\.reading) == readings, "\(outcome)")
            #expect(wrong.tracks.map(\.doubtfulSectors) == [nil, 1, nil])
            #expect(wrong.tracks.map(\.status) == ["done", "incomplete", "done"])
            #expect(
                wrong.sentences.contains("Tracks 1 and 3 were read once, and C2 reported no error.")
            )
            // Without retries each sector is read once.
            let (once, found) = try await rip(
                scratch,
                "c2 lba=900 bytes=8 seed=1",
                options: "--retries 0"
            )
            #expect(once.status == 3, "\(once)")
            #expect(found.rereadSectors == nil && found.doubtfulSectors == 1)
        }
    }
}
