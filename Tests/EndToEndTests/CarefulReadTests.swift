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
    }

    private func rip(
        _ scratch: Scratch,
        _ fault: String,
        audio: String = "cache=0",
        options: String = "--offset 0"
    ) async throws -> (Outcome, Result) {
        let outcome = try await scratch.run([
            Products.spindle, "virtual", "run", "--disc", "disc", "--fault", fault, "--audio",
            audio,
            "--", "sh", "-c", "exec \"$SPINDLE\" rip rip.cue --force --json \(options)",
        ])
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
                #expect(found.settledSectors == found.rereadSectors && found.rereadSectors ?? 0 > 0)
                #expect(
                    firstDifference(of: try scratch.bytes("rip.bin"), from: Album.sound) == nil,
                    "\(audio)"
                )
            }
        }
    }

    @Test func `What is wrong each time, or wrong without a flag, stays a doubt`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            for fault in ["c2 lba=900 bytes=8", "c2 lba=900 bytes=8 missed=4 seed=2"] {
                let (outcome, found) = try await rip(scratch, fault)
                #expect(outcome.status == 3, "\(fault): \(outcome)")
                #expect(found.status == "incomplete")
                #expect(found.rereadSectors == 1 && found.settledSectors == 0, "\(outcome)")
                #expect(found.doubtfulSectors == 1)
                #expect(outcome.output.contains("00:14:00"), "\(outcome)")
            }
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
