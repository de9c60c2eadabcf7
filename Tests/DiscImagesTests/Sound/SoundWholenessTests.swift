import DiscImages
import DiscModel
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Files of sound that end early, go on behind their end, or are not what their headers say.
struct SoundWholenessTests {
    private let folder: Folder
    /// Three seconds.
    private static let sound = SampleDisc.sound(225, seed: 21).flatMap { $0 }

    init() throws {
        folder = try Folder()
        try folder.write("a.wav", SampleDisc.wave(Self.sound))
    }

    private func album(_ name: String, _ bytes: some Sequence<UInt8>) throws -> DiscImage {
        try folder.write(name, Array(bytes))
        return try folder.album(name)
    }

    private let id3v1 = Array("TAG".utf8) + [UInt8](repeating: 0x61, count: 125)
    private let id3v2 =
        Array("ID3".utf8) + [4, 0, 0, 0, 0, 2, 0] + [UInt8](repeating: 0, count: 256)

    @Test(
        .enabled(if: Programs.has("oggenc") && Programs.has("opusenc")),
        arguments: ["ogg", "opus"]
    )
    func `an Ogg file is whole, and one piece`(_ kind: String) throws {
        let file = try folder.make(
            kind == "ogg"
                ? ["oggenc", "-Q", "a.wav", "-o", "a.ogg"]
                : ["opusenc", "--quiet", "a.wav", "a.opus"],
            "a.\(kind)"
        )
        let samples = Self.sound.count / 4
        #expect(try album("b.\(kind)", file).sounds.map(\.samples) == [samples])
        #expect(try album("b.\(kind)", file + id3v1).sounds.map(\.samples) == [samples])
        try folder.expectRefused(
            "b.\(kind)",
            file.dropLast(10),
            "is cut off: its last page is not whole"
        )
        try folder.expectRefused(
            "b.\(kind)",
            file + file,
            "holds several pieces one after the other"
        )
        try folder.expectRefused(
            "b.\(kind)",
            file + id3v1 + file,
            "is damaged: at byte \(file.count) of it"
        )
        var changed = file
        changed[file.count * 3 / 4] ^= 1
        try folder.expectRefused("b.\(kind)", changed, "fails its checksum")
        // The last page is gone from its first byte on.
        let mark = Array("OggS".utf8)
        let last = try #require(
            (0..<(file.count - 4)).last { file[$0..<($0 + 4)].elementsEqual(mark) }
        )
        try folder.expectRefused(
            "b.\(kind)",
            Array(file[..<last]),
            "is cut off: its last page is missing"
        )
    }

    @Test(.enabled(if: Programs.has("lame")))
    func `MPEG audio that goes on behind what it counts is refused`() throws {
        let file = try folder.make(["lame", "--quiet", "-b", "192", "a.wav", "a.mp3"], "a.mp3")
        let samples = Self.sound.count / 4
        for whole in [file, id3v2 + file, file + id3v1, file + [UInt8](repeating: 0, count: 3000)] {
            let image = try album("b.mp3", whole)
            #expect(image.sounds.map(\.samples) == [samples])
            #expect(!image.warnings.contains { $0.contains("b.mp3") }, "\(image.warnings)")
        }
        for joined in [file + file, file + id3v1 + file, file + id3v2 + file] {
            try folder.expectRefused("b.mp3", joined, "holds several pieces one after the other")
        }
        try folder.expectRefused(
            "b.mp3",
            file.dropLast(file.count / 2),
            "is cut off or damaged: it says"
        )
        let hole = Array(file[..<20_000]) + [UInt8](repeating: 0, count: 3000) + file[23_000...]
        try folder.expectRefused("b.mp3", hole, "are no frames of audio")
    }

    @Test(.enabled(if: Programs.has("lame")))
    func `MPEG audio that counts nothing is all of its frames`() throws {
        let file = try folder.make(
            ["lame", "--quiet", "-t", "-b", "192", "a.wav", "a.mp3"],
            "a.mp3"
        )
        let once = try #require(try album("b.mp3", file).sounds.first?.samples)
        let twice = try #require(try album("b.mp3", file + id3v1 + file).sounds.first?.samples)
        #expect(twice == 2 * once)
        let cut = try album("b.mp3", file.dropLast(100))
        #expect(cut.warnings.contains { $0.contains("ends in the middle of a frame") })
        let other = try folder.make(
            ["lame", "--quiet", "-t", "--resample", "48", "-b", "192", "a.wav", "c.mp3"],
            "c.mp3"
        )
        try folder.expectRefused("b.mp3", file + other, "holds several pieces one after the other")
    }

    /// Changes the 64 bits of a FLAC header with rate, channels, width and count (RFC 9639 §8.2).
    private func changed(_ flac: [UInt8], _ change: (UInt64) -> UInt64) -> [UInt8] {
        let value = change(flac[18..<26].reduce(0) { $0 << 8 | UInt64($1) })
        var flac = flac
        for i in 0..<8 { flac[18 + i] = UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * i)) }
        return flac
    }

    @Test(.enabled(if: Programs.has("flac")))
    func `a FLAC file is what its header says`() throws {
        let file = try folder.make(["flac", "-s", "a.wav"], "a.flac")
        let samples = UInt64(Self.sound.count / 4)
        let noMD5 = Array(file[..<26]) + [UInt8](repeating: 0, count: 16) + file[42...]
        let tails = [[], id3v1, [UInt8](repeating: 0, count: 3000)]
        for whole in [file, noMD5, id3v2 + id3v2 + file] + tails.map({ file + $0 }) {
            let image = try album("b.flac", whole)
            #expect(image.sounds.map(\.samples) == [Int(samples)])
            #expect(image.sounds.map(\.format) == ["flac"])
            #expect(image.sounds.map(\.exact) == [true])
        }
        var other = file
        other[26] ^= 1
        try folder.expectRefused(
            "b.flac",
            other,
            "has other samples than those that its own checksum (MD5)"
        )
        let fewer = changed(noMD5) { $0 - 5000 }
        try folder.expectRefused(
            "b.flac",
            fewer,
            "holds more audio than the \(samples - 5000) samples"
        )
        try folder.expectRefused(
            "b.flac",
            file + file,
            "holds more audio than the \(samples) samples"
        )
        try folder.expectRefused("b.flac", changed(file) { $0 + 5000 }, "is cut off or damaged")
        let rate = changed(file) { $0 & ~(0xF_FFFF << 44) | 48000 << 44 }
        try folder.expectRefused("b.flac", rate, "has frames of another rate")
        let width = changed(file) { $0 & ~(0x1F << 36) | 23 << 36 }
        try folder.expectRefused("b.flac", width, "has frames of another rate, width")

        // In a sheet it is found before the disc is burned, and is no obstacle to a look.
        for (bytes, words) in [(other, "(MD5)"), (fewer, "holds more audio")] {
            try folder.write("b.flac", bytes)
            let image = try DiscImage(
                try folder.write(
                    "b.cue",
                    "FILE \"b.flac\" WAVE\n TRACK 01 AUDIO\n  INDEX 01 00:00:00\n"
                )
            )
            let failure = #expect(throws: Failure.self) { try image.checkContainers() }
            #expect(failure?.what.contains("b.flac \(words == "(MD5)" ? "has" : "holds")") == true)
            #expect(failure?.what.contains(words) == true, "\(failure?.what ?? "")")
        }
        try folder.write("b.flac", file)
        try DiscImage(folder.path("b.cue")).checkContainers()

        // Whoever stops it does not know that all is right.
        let cancellation = Cancellation()
        let image = try DiscImage(folder.path("b.cue"), cancellation: cancellation)
        cancellation.request()
        let stopped = #expect(throws: Failure.self) { try image.checkContainers() }
        #expect(stopped?.cause == .interruption)
    }

    @Test(.enabled(if: Programs.has("flac")))
    func `FLAC of other widths is what its header says, too`() throws {
        // The same samples in 24 bits.
        let fine = stride(from: 0, to: Self.sound.count, by: 2).flatMap { place -> [UInt8] in
            [0, Self.sound[place], Self.sound[place + 1]]
        }
        try folder.write("a.raw", fine)
        let file = try folder.make(
            [
                "flac", "-s", "--force-raw-format", "--endian=little", "--sign=signed",
                "--channels=2", "--bps=24", "--sample-rate=44100", "-o", "a.flac", "a.raw",
            ],
            "a.flac"
        )
        #expect(try album("b.flac", file).sounds.map(\.exact) == [true])
        var other = file
        other[30] ^= 1
        try folder.expectRefused(
            "b.flac",
            other,
            "has other samples than those that its own checksum (MD5)"
        )
    }

    @Test(.enabled(if: Programs.has("flac")))
    func `FLAC in Ogg is refused by its name`() throws {
        let file = try folder.make(["flac", "-s", "--ogg", "-o", "a.oga", "a.wav"], "a.oga")
        try folder.expectRefused("b.oga", file, "is FLAC in Ogg, which is not decoded")
    }

    @Test func `an AIFF file that says two lengths says so`() throws {
        var file = SampleDisc.aiff(Self.sound)
        // The number of samples: behind the marks of the file, the name and the length, and channels.
        file[25] ^= 1
        let image = try album("b.aiff", file)
        #expect(image.sounds.map(\.samples) == [Self.sound.count / 4])
        #expect(
            image.warnings.contains {
                $0.contains("in another that it has \(Self.sound.count / 4)")
            },
            "\(image.warnings)"
        )
        let sheet = "FILE \"b.aiff\" AIFF\n TRACK 01 AUDIO\n  INDEX 01 00:00:00\n"
        let sheeted = try DiscImage(try folder.write("b.cue", sheet))
        #expect(sheeted.warnings.contains { $0.contains("says in one place") })
        #expect(try album("b.aiff", SampleDisc.aiff(Self.sound)).warnings.isEmpty)
    }

    @Test(.enabled(if: Programs.has("flac")))
    func `codes in tags of FLAC files become those of the disc`() throws {
        func file(_ name: String, _ tags: [String]) throws {
            _ = try folder.make(
                ["flac", "-s", "-f"] + tags.flatMap { ["-T", $0] } + ["-o", name, "a.wav"],
                name
            )
        }
        try file("1.flac", ["isrc=DE-A12-34-56789", "BARCODE=4006381333931"])
        try file("2.flac", ["ISRC=nothing", "BARCODE=4006381333931"])
        try file("3.flac", ["BARCODE=4006381333931", "TITLE=x"])
        let image = try folder.album("1.flac", "2.flac", "3.flac")
        #expect(image.layout.tracks.map(\.isrc) == ["DEA123456789", nil, nil])
        #expect(image.layout.sessions.first?.catalog == "4006381333931")
        #expect(
            image.warnings.contains(
                "The ISRC of “2.flac”, “nothing”, is not valid; it is left out."
            )
        )
        // A bar code of twelve digits is none of a disc, and neither is one that not all have.
        try file("4.flac", ["BARCODE=400638133393"])
        let other = try folder.album("1.flac", "4.flac")
        #expect(other.layout.sessions.first?.catalog == nil)
        // What is longer than any name is left aside, and the rest is taken.
        let long = String(repeating: "x", count: 20_000)
        try file("5.flac", ["ALBUM=\(long)", "COMMENT=\(long)", "ISRC=DE-A12-34-56789"])
        let cut = try folder.album("5.flac")
        #expect(cut.layout.tracks.map(\.isrc) == ["DEA123456789"])
        let warning =
            "The tags of “5.flac” have more or longer texts than are of use; the rest is left aside."
        #expect(cut.warnings.contains(warning), "\(cut.warnings)")
        try file("6.flac", ["COMMENT=\(long)", "ISRC=DE-A12-34-56789"])
        let plain = try folder.album("6.flac")
        #expect(!plain.warnings.contains { $0.contains("left aside") }, "\(plain.warnings)")
    }

    @Test(
        .enabled(if: Programs.has("lame") && Programs.has("oggenc") && Programs.has("opusenc")),
        arguments: ["mp3", "utf16.mp3", "ogg", "opus"]
    )
    func `codes in tags of MP3, Ogg and Opus files become those of the disc`(_ kind: String) throws
    {
        let (isrc, barcode) = ("DE-A12-34-56789", "4006381333931")
        let lame = ["lame", "--quiet", "--tv", "TSRC=\(isrc)", "--tv", "TXXX=BARCODE=\(barcode)"]
        let commands = [
            "mp3": lame + ["--tv", "TPE2=Others", "--id3v2-only", "a.wav", "b.mp3"],
            "utf16.mp3": lame + ["--tv", "TPE2=Others", "--id3v2-utf16", "a.wav", "b.utf16.mp3"],
            "ogg": [
                "oggenc", "-Q", "-c", "isrc=\(isrc)", "-c", "BARCODE=\(barcode)", "-c",
                "ALBUMARTIST=Others", "a.wav", "-o", "b.ogg",
            ],
            "opus": [
                "opusenc", "--quiet", "--comment", "ISRC=\(isrc)", "--comment",
                "BARCODE=\(barcode)", "--comment", "ALBUMARTIST=Others", "a.wav", "b.opus",
            ],
        ]
        let file = try folder.make(commands[kind] ?? [], "b.\(kind)")
        let image = try album("c.\(kind)", file)
        #expect(image.layout.tracks.map(\.isrc) == ["DEA123456789"])
        #expect(image.layout.sessions.first?.catalog == barcode)
        #expect(image.layout.sheetTexts?[0].texts[.performer] == "Others")
    }

    /// Sun audio with a length in its header.
    private func sunAudio(claiming length: Int) -> [UInt8] {
        let numbers = [24, length, 3, 44100, 2].flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        }
        let samples = stride(from: 0, to: Self.sound.count, by: 2)
            .flatMap { [Self.sound[$0 + 1], Self.sound[$0]] }
        return Array(".snd".utf8) + numbers + samples
    }

    @Test func `Sun audio is whole, and one piece`() throws {
        let file = sunAudio(claiming: Self.sound.count)
        let samples = Self.sound.count / 4
        #expect(try album("b.au", file).sounds.map(\.samples) == [samples])
        try folder.expectRefused(
            "b.au",
            file.dropLast(1000),
            "is cut off: 1000 bytes of its audio are missing"
        )
        try folder.expectRefused(
            "b.au",
            file + file,
            "holds several pieces one after the other"
        )
        let more = try album("b.au", file + [UInt8](repeating: 1, count: 400))
        #expect(more.sounds.map(\.samples) == [samples])
        #expect(more.warnings.contains { $0.contains("lie 400 bytes") }, "\(more.warnings)")
        // Programs that stream leave the length open.
        let open = sunAudio(claiming: 0xFFFF_FFFF).dropLast(1000)
        #expect(try album("b.au", open).sounds.map(\.samples) == [samples - 250])
    }

    @Test func `Wave64 is whole, and one piece`() throws {
        let inner: [UInt8] = [
            0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0x00, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A,
        ]
        let outer: [UInt8] = [
            0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0x00, 0x00,
        ]
        func number(_ value: Int) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let format: [UInt8] = [
            1, 0, 2, 0, 0x44, 0xAC, 0, 0, 0x10, 0xB1, 2, 0, 4, 0, 16, 0,
        ]
        let head: [[UInt8]] = [
            Array("riff".utf8), outer, number(104 + Self.sound.count), Array("wave".utf8), inner,
            Array("fmt ".utf8), inner, number(24 + format.count), format,
            Array("data".utf8), inner, number(24 + Self.sound.count),
        ]
        let file = head.flatMap { $0 } + Self.sound
        let samples = Self.sound.count / 4
        #expect(try album("b.w64", file).sounds.map(\.samples) == [samples])
        try folder.expectRefused(
            "b.w64",
            file.dropLast(1000),
            "is cut off: 1000 bytes of its audio are missing"
        )
        try folder.expectRefused(
            "b.w64",
            file + file,
            "holds several pieces one after the other"
        )
        let tail = Array("bext".utf8) + inner + number(40) + [UInt8](repeating: 0, count: 16)
        #expect(try album("b.w64", file + tail).warnings.allSatisfy { !$0.contains("b.w64") })
    }

    @Test func `a playlist of other encoding names files all the same`() throws {
        try folder.write("Frühling – eins.wav", SampleDisc.wave(Self.sound))
        // As Windows writes it: FCh is ü, 96h is the dash.
        let list =
            Array("Fr".utf8) + [0xFC] + Array("hling ".utf8) + [0x96] + Array(" eins.wav\n".utf8)
        let image = try DiscImage(try folder.write("list.m3u", list))
        #expect(image.layout.tracks.count == 1)
        #expect(image.paths.contains(folder.path("Frühling – eins.wav")))
    }
}
