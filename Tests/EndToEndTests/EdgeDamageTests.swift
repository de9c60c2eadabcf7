import Foundation
import TestSupport
import Testing

/// Damage where a recorder could have stopped: at the end of a track, and in the pregap before the next one.
@Suite struct EdgeDamageTests {
    /// The end of the disc, the end of the first track, and the pregap of the second one, from 500 to 649.
    @Test(arguments: ["1599", "1598-1599", "499", "500-503", "498-501", "500-649"], [false, true])
    func `Sound that can't be read there is missing, and no run-out`(
        sectors: String,
        isBurned: Bool
    ) async throws {
        let bounds = sectors.split(separator: "-").compactMap { Int($0) }
        let count = bounds[bounds.count - 1] - bounds[0] + 1
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            if isBurned {
                try await scratch.makeDisc(.cdR)
                try await scratch.burn("album.cue")
            }
            let disc = isBurned ? "disc" : "album.cue"
            let rip = try await scratch.withDrive(
                disc,
                faults: ["read lba=\(sectors)"],
                run: "exec \"$SPINDLE\" rip rip.cue --offset 0 --json"
            )
            #expect(rip.status == 3, "\(rip)")
            let result = try rip.result()
            #expect(result.status == "incomplete", "\(rip)")
            #expect(result.unreadableSectors == count, "\(rip)")
            #expect(!rip.output.contains("written a track at a time"), "\(rip)")
            // All else is there.
            let range = bounds[0] * 2352..<(bounds[0] + count) * 2352
            var expected = Album.sound
            expected.replaceSubrange(range, with: Data(count: range.count))
            #expect(try firstDifference(of: scratch.bytes("rip.bin"), from: expected) == nil)
            let verified = try await scratch.withDrive(
                disc,
                faults: ["read lba=\(sectors)"],
                run: "exec \"$SPINDLE\" verify \"$SPINDLE_DRIVE\" album.cue --json"
            )
            #expect(verified.status == 3, "\(verified)")
        }
    }

    /// A file system's last sectors are its own, also where a drive could take run-out for damage.
    @Test(arguments: [1, 2])
    func `The last sectors of a file system are no run-out`(count: Int) async throws {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(700_000, seed: 3), to: "noise")
            let made = try await scratch.spindle("create", "made.iso", "noise")
            try #require(made.status == 0, "\(made)")
            let end = try scratch.bytes("made.iso").count / 2048
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("made.iso")
            let rip = try await scratch.withDrive(
                "disc",
                faults: ["read lba=\(end - count)-\(end - 1)"],
                run: "exec \"$SPINDLE\" rip rip.cue --json"
            )
            #expect(rip.status == 3, "\(rip)")
            #expect(try rip.result().unreadableSectors == count, "\(rip)")
        }
    }

    /// The first track has 500 sectors, and its run-out two.
    @Test func `Damage before run-out is all that is missing of tracks at once`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue", "--mode tao --allow-loss")
            let rip = try await scratch.withDrive(
                "disc",
                faults: ["read lba=498-499"],
                run: "exec \"$SPINDLE\" rip rip.cue --offset 0 --json"
            )
            #expect(rip.status == 3, "\(rip)")
            #expect(try rip.result().unreadableSectors == 2, "\(rip)")
            #expect(rip.output.contains("written a track at a time"), "\(rip)")
        }
    }

    /// What some drives say of run-out is not taken for damage.
    @Test(arguments: ["", "--quirk run-out-11-05", "--quirk run-out-26-00"])
    func `Run-out of a track of data is still none of its sectors`(quirk: String) async throws {
        try await Scratch.use { scratch in
            _ = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn(Image.ipxe.rawValue, "--mode tao")
            let rip = try await scratch.run([
                "sh", "-c",
                "exec \(Products.spindle) virtual run --disc disc \(quirk) -- \(Products.spindle) rip rip.cue --json",
            ])
            #expect(rip.status == 0, "\(rip)")
            #expect(try rip.result().status == "done", "\(rip)")
        }
    }
}
