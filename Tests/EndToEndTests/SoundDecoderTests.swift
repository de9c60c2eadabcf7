import Foundation
import TestSupport
import Testing

/// Files that libsndfile does not decode, burned as the tracks of an audio CD.
@Suite struct SoundDecoderTests {
    /// A WAVE file of 44100 Hz, 16 bits and two channels.
    private static func wave(_ data: Data) -> Data {
        func little(_ value: Int, _ count: Int) -> Data {
            Data((0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
        }
        let parts: [Data] = [
            Data("RIFF".utf8), little(data.count + 36, 4), Data("WAVEfmt ".utf8), little(16, 4),
            little(1, 2), little(2, 2), little(44100, 4), little(176_400, 4), little(4, 2),
            little(16, 2), Data("data".utf8), little(data.count, 4), data,
        ]
        return parts.reduce(Data()) { $0 + $1 }
    }

    private static func make(_ command: String..., in scratch: Scratch) async throws {
        let made = try await scratch.run(command)
        try #require(made.status == 0, "\(made)")
    }

    private static let ffmpeg = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i"]

    private static func convert(
        _ source: String,
        _ options: [String],
        _ result: String,
        in scratch: Scratch
    ) async throws {
        let made = try await scratch.run(ffmpeg + [source] + options + [result])
        try #require(made.status == 0, "\(made)")
    }

    @Test func `WavPack and Apple Lossless are burned bit for bit`() async throws {
        try Peers.require("wavpack", "ffmpeg")
        try await Scratch.use { scratch in
            let parts = [588 * 310 + 200, 588 * 305 + 10, 588 * 301 + 9]
            let audio = parts.enumerated().map { Noise.bytes($1 * 4, seed: UInt64($0 + 1)) }
            for (index, data) in audio.enumerated() {
                try scratch.write(Self.wave(data), to: "\(index + 1).wav")
            }
            try await Self.make("wavpack", "-q", "-m", "1.wav", "-o", "1.wv", in: scratch)
            try await Self.convert("2.wav", ["-c:a", "alac"], "2.m4a", in: scratch)
            // Hybrid, with its correction file beside it.
            try await Self.make("wavpack", "-q", "-b384", "-c", "3.wav", "-o", "3.wv", in: scratch)
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: """
                    "$SPINDLE" burn 1.wv 2.m4a 3.wv --json || exit
                    exec "$SPINDLE" rip back.cue >&2
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().status == "verified", "\(outcome)")
            for words in ["\"format\":\"wavpack\"", "\"format\":\"alac\""] {
                #expect(outcome.output.contains(words), "\(outcome)")
            }
            #expect(!outcome.output.contains("\"exact\":false"), "\(outcome)")
            let all = audio.reduce(Data()) { $0 + $1 }
            let back = try scratch.bytes("back.bin")
            #expect(firstDifference(of: back.prefix(all.count), from: all) == nil)
            #expect(back.count == (all.count + 2351) / 2352 * 2352)
        }
    }

    @Test func `A cue sheet in the only file makes the tracks that are burned`() async throws {
        try Peers.require("flac")
        try await Scratch.use { scratch in
            try scratch.write(Self.wave(Noise.bytes(588 * 700 * 4, seed: 1)), to: "a.wav")
            let sheet = """
                FILE "a.wav" WAVE
                  TRACK 01 AUDIO
                    INDEX 01 00:00:00
                  TRACK 02 AUDIO
                    INDEX 01 00:04:50
                """
            try scratch.write(Data(sheet.utf8), to: "sheet.cue")
            try await Self.make(
                "flac",
                "-s",
                "--tag-from-file=CUESHEET=sheet.cue",
                "a.wav",
                in: scratch
            )
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn a.flac --json"
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().tracks?.map(\.start) == [0, 350])
        }
    }

    @Test func `AAC has no sample more or less than what it was made of`() async throws {
        try Peers.require("ffmpeg")
        try await Scratch.use { scratch in
            let parts = [588 * 310 + 200, 588 * 305 + 10]
            for (index, count) in parts.enumerated() {
                let data = Noise.bytes(count * 4, seed: UInt64(index + 1))
                try scratch.write(Self.wave(data), to: "\(index + 1).wav")
                let name = "\(index + 1)"
                try await Self.convert("\(name).wav", [], "\(name).m4a", in: scratch)
            }
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: "exec \"$SPINDLE\" burn 1.m4a 2.m4a --json"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "verified", "\(outcome)")
            #expect(result.tracks?.map(\.start) == [0, 310])
            for words in parts.map({ "\"samples\":\($0)" }) + ["\"carried_samples\":200"] {
                #expect(outcome.output.contains(words), "\(outcome)")
            }
        }
    }

    @Test func `What is damaged, and what nobody here decodes, is refused before the laser`()
        async throws
    {
        try Peers.require("wavpack", "ffmpeg")
        try await Scratch.use { scratch in
            let data = Noise.bytes(588 * 310 * 4, seed: 1)
            try scratch.write(Self.wave(data), to: "a.wav")
            try await Self.make("wavpack", "-q", "a.wav", "-o", "a.wv", in: scratch)
            try await Self.convert("a.wav", [], "a.m4a", in: scratch)
            let packed = try scratch.bytes("a.wv")
            try scratch.write(packed.dropLast(5000), to: "cut.wv")
            var flipped = [UInt8](packed)
            flipped[flipped.count / 2] ^= 1
            try scratch.write(Data(flipped), to: "flipped.wv")
            try scratch.write(try scratch.bytes("a.m4a").dropLast(5000), to: "cut.m4a")
            try await scratch.makeDisc(.cdR)
            for (file, path, words) in [
                ("cut.wv", "", "cut.wv is cut off: its last block is not whole"),
                ("flipped.wv", "", "flipped.wv is damaged: some of it fails its checksum"),
                ("cut.m4a", "", "cut.m4a is cut off"),
                (
                    "a.m4a", "PATH=/nowhere ",
                    "a.m4a is AAC in MPEG-4, which the program ffmpeg decodes, and that is not installed"
                ),
            ] {
                let outcome = try await scratch.withDrive(
                    "disc",
                    run: "\(path)\"$SPINDLE\" burn a.wav \(file) --json"
                )
                #expect(outcome.status == 1, "\(outcome)")
                #expect(try outcome.result().status == "refused")
                #expect(outcome.output.contains(words), "\(outcome)")
            }
            #expect(try await scratch.info().state == "blank")
        }
    }
}
