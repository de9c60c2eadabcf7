import Foundation
import TestSupport
import Testing

/// What lies behind an image on a disc, and what is burned behind another session.
@Suite struct PaddingTests {
    /// Drives refuse the end of a DVD that is written in one go and is no whole number of blocks.
    @Test(arguments: ["dvd-r", "dvd-rw"])
    func `A DVD in one go is filled up to its block`(medium: String) async throws {
        try await Scratch.use { scratch in
            let image = try Image.oddNoise.place(in: scratch)
            try await scratch.make(medium)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn odd.img --mode dao --json"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "verified" && result.bytes == image.count)
            let truth = try DiscTruth(scratch.path("disc"))
            // 1000 sectors and a part of one.
            #expect(truth.record.sessions.first?.tracks.first?.written == 1008)
            #expect(truth.holds(image, at: 0) && truth.state == "complete")
            let rest = truth.data(1000, 8).dropFirst(777)
            #expect(rest.allSatisfy { $0 == 0 })
        }
    }

    @Test func `Sound is burned behind a session of data`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            let noise = try await scratch.makeNoiseDisc("cd-r", "--keep-open")
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn album.cue --json --allow-loss"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "verified" && result.session == 2)
            #expect(result.tracks?.map(\.mode) == ["audio", "audio", "audio"])
            let info = try await scratch.info()
            #expect(info.sessions?.map(\.tracks.count) == [1, 3])
            #expect(try DiscTruth(scratch.path("disc")).holds(noise, at: 0))
        }
    }
}
