import Foundation
import TestSupport
import Testing

/// Files of sound that are burned as the tracks of an audio CD.
@Suite struct SoundBurnTests {
    /// A WAVE file of noise, of so many samples.
    private static func wave(_ samples: Int, seed: UInt64) -> Data {
        wave(Noise.bytes(samples * 4, seed: seed))
    }

    private static func wave(_ data: Data, rate: UInt32 = 44100) -> Data {
        func little(_ value: UInt32, _ count: Int) -> Data {
            Data((0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) })
        }
        let size = UInt32(data.count)
        let parts: [Data] = [
            Data("RIFF".utf8), little(size + 36, 4), Data("WAVEfmt ".utf8), little(16, 4),
            little(1, 2), little(2, 2), little(rate, 4), little(rate * 4, 4), little(4, 2),
            little(16, 2), Data("data".utf8), little(size, 4), data,
        ]
        return parts.reduce(Data()) { $0 + $1 }
    }

    @Test func `Files become tracks without a gap, are read back, and the plan names it all`()
        async throws
    {
        try await Scratch.use { scratch in
            let parts = [588 * 310 + 200, 588 * 305 + 10]
            try scratch.write(Self.wave(parts[0], seed: 1), to: "1.wav")
            try scratch.write(Self.wave(parts[1], seed: 2), to: "2.wav")
            try scratch.write(Data("1.wav\n2.wav\n".utf8), to: "all.m3u8")
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" burn 1.wav 2.wav --json || exit
                    "$SPINDLE" verify all.m3u8 $SPINDLE_DRIVE >&2 || exit
                    exec "$SPINDLE" rip back.cue >&2
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "verified", "\(outcome)")
            #expect(result.tracks?.map(\.start) == [0, 310])
            #expect(outcome.output.contains("\"carried_samples\":200"), "\(outcome)")
            #expect(outcome.output.contains("\"exact\":true"), "\(outcome)")
            let all = Noise.bytes(parts[0] * 4, seed: 1) + Noise.bytes(parts[1] * 4, seed: 2)
            let back = try scratch.bytes("back.bin")
            #expect(firstDifference(of: back.prefix(all.count), from: all) == nil)
            #expect(back.count == 616 * 2352)
        }
    }

    @Test(.enabled(if: Programs.has("flac")))
    func `A file without the disc's texts is compared with its audio`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Self.wave(588 * 310, seed: 1), to: "1.wav")
            try scratch.write(Self.wave(588 * 310, seed: 2), to: "2.wav")
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    flac -s --tag TITLE=One --tag ARTIST=Somebody --tag ISRC=USABC0512345 1.wav
                    "$SPINDLE" burn 1.flac >&2; echo $?
                    for file in 1.flac 1.wav 2.wav; do
                        "$SPINDLE" verify $file $SPINDLE_DRIVE --json >$file.json; echo $?
                    done
                    """
            )
            #expect(outcome.lines == ["0", "0", "0", "2"], "\(outcome)")
            #expect(try scratch.text("2.wav.json").contains("\"status\":\"differs\""))
            #expect(try scratch.text("1.wav.json").contains("CD-TEXT"))
        }
    }

    @Test func `A folder is written as files, and says how its sound becomes tracks`() async throws
    {
        try await Scratch.use { scratch in
            let folder = scratch.directory.appendingPathComponent("album")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for number in [10, 2] {
                try scratch.write(
                    Self.wave(588 * 300, seed: UInt64(number)),
                    to: "album/\(number).wav"
                )
            }
            try await scratch.makeDisc(.cdR, "data")
            try await scratch.makeDisc(.cdR, "sound")
            try await scratch.makeDisc(.cdR, "file")
            let asFiles = try await scratch.withDrive("data", run: "\"$SPINDLE\" burn album --json")
            #expect(asFiles.status == 0, "\(asFiles)")
            #expect(asFiles.output.contains("--audio burns them as the tracks"), "\(asFiles)")
            #expect(!asFiles.output.contains("\"sounds\""))
            try scratch.write(Data("a cover".utf8), to: "album/cover.jpg")
            let asTracks = try await scratch.withDrive(
                "sound",
                run: "\"$SPINDLE\" burn album --audio --gap 2 --json"
            )
            #expect(asTracks.status == 0, "\(asTracks)")
            let result = try asTracks.result()
            #expect(result.status == "verified")
            #expect(result.tracks?.map(\.start) == [0, 450])
            #expect(asTracks.output.contains("Left out of album: cover.jpg."), "\(asTracks)")
            let asFile = try await scratch.withDrive(
                "file",
                run: "\"$SPINDLE\" burn album/2.wav --no-audio --json"
            )
            #expect(asFile.status == 0, "\(asFile)")
            #expect(try asFile.result().tracks == nil)
        }
    }

    @Test func `What can't be a track is refused before the laser`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Self.wave(588 * 300, seed: 1), to: "good.wav")
            try scratch.write(Self.wave(588 * 300, seed: 2).dropLast(5000), to: "cut.wav")
            try scratch.write(Self.wave(588 * 20, seed: 2), to: "short.wav")
            try await scratch.makeDisc(.cdR)
            for (file, words) in [
                ("cut.wav", "cut.wav is cut off or damaged"),
                ("short.wav", "Track 2 has 20 sectors"),
            ] {
                let outcome = try await scratch.withDrive(
                    "disc",
                    run: "exec \"$SPINDLE\" burn good.wav \(file) --json"
                )
                #expect(outcome.status == 1, "\(outcome)")
                #expect(try outcome.result().status == "refused")
                #expect(outcome.output.contains(words), "\(outcome)")
            }
            #expect(try await scratch.info().state == "blank")
        }
    }

    @Test func `Several files of sound become an image, other rates named`() async throws {
        try await Scratch.use { scratch in
            let data = Noise.bytes(588 * 300 * 4, seed: 3)
            try scratch.write(Self.wave(data), to: "1.wav")
            try scratch.write(
                Self.wave(Noise.bytes(48000 * 5 * 4, seed: 4), rate: 48000),
                to: "2.wav"
            )
            let outcome = try await scratch.spindle(
                "convert",
                "1.wav",
                "2.wav",
                "out.cue",
                "--prove"
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(
                outcome.errors.contains("Resampled from 48000 Hz to 44100 Hz (soxr"),
                "\(outcome)"
            )
            // Both are named, and not the first alone.
            #expect(outcome.errors.contains("Converting 1.wav and 1 more to out.cue"), "\(outcome)")
            #expect(outcome.output.contains("holds all of 1.wav and 1 more"), "\(outcome)")
            let made = try scratch.bytes("out.bin")
            #expect(made.count == (300 + 375) * 2352)
            #expect(firstDifference(of: made.prefix(data.count), from: data) == nil)
            let info = try await scratch.spindle("info", "1.wav", "--json")
            #expect(info.status == 0, "\(info)")
            #expect(info.output.contains("\"audio\""), "\(info)")
        }
    }
}
