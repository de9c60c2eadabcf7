import DiscImages
import DiscModel
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// What a sheet calls audio, by its content.
struct SheetAudioTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func cue(_ name: String, _ kind: String = "WAVE") throws -> FilePath {
        try folder.write("a.cue", "FILE \"\(name)\" \(kind)\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n")
    }

    private static let noise = SampleDisc.noise(2352 * 40, 3)
    private static func id3(_ size: Int) -> [UInt8] {
        Array("ID3".utf8) + [4, 0, 0, 0, 0, UInt8(size >> 7), UInt8(size & 127)]
            + [UInt8](repeating: 0, count: size)
    }

    @Test(
        arguments: [
            ("a.ape", Array("MAC ".utf8) + [0x96, 0x0F], "Monkey's Audio"),
            ("a.ogg", Array("OggS".utf8) + [0, 2], "Ogg"),
            ("a.m4a", [0, 0, 0, 0x20] + Array("ftypM4A ".utf8), "MPEG-4"),
            ("a.wv", Array("wvpk".utf8), "WavPack"),
            ("a.tta", Array("TTA1".utf8), "TTA"),
            ("b.tta", id3(20) + Array("TTA1".utf8), "TTA"),
            ("a.mpc", Array("MPCK".utf8), "Musepack"),
            ("a.wma", [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], "Windows Media"),
            // The name does not matter.
            ("a.wav", Array("wvpk".utf8), "WavPack"),
            ("b.wav", [1, 2, 3, 4], "no WAVE, AIFF or FLAC file"),
        ] as [(String, [UInt8], String)],
        ["WAVE", "MP3", "OGG", "FLAC"]
    )
    func `what is not read is refused by its name`(
        _ file: (name: String, head: [UInt8], words: String),
        _ kind: String
    ) throws {
        try folder.write(file.name, file.head + Self.noise)
        let failure = try #require(throws: Failure.self) { try DiscImage(try cue(file.name, kind)) }
        #expect(failure.what.contains(file.words), "\(failure.what)")
        #expect(failure.exitCode == .failed)
    }

    /// A program that packs, what it makes, and how exactly that has the samples' number.
    @Test(
        arguments: [
            ("lame", ["lame", "--quiet", "a.wav", "a.mp3"], "a.mp3", "MP3"),
            ("oggenc", ["oggenc", "-Q", "-o", "a.ogg", "a.wav"], "a.ogg", "OGG"),
            ("opusenc", ["opusenc", "--quiet", "a.wav", "a.opus"], "a.opus", "WAVE"),
        ] as [(String, [String], String, String)]
    )
    func `what is decoded elsewhere is decoded in a sheet`(
        _ packer: (program: String, command: [String], file: String, kind: String)
    ) throws {
        guard Programs.has(packer.program) else { return }
        let samples = SampleDisc.sound(400, seed: 3).flatMap { $0 }
        try folder.write("a.wav", SampleDisc.wave(samples))
        try Programs.run(packer.command, in: folder.path)
        let image = try DiscImage(try cue(packer.file, packer.kind))
        #expect(image.layout.tracks.map(\.length) == [400])
        #expect(image.warnings.count == 1)
        #expect(image.warnings.allSatisfy { $0.contains("decoded") }, "\(image.warnings)")
        #expect(try image.disc.raw(100).contains { $0 != 0 })
    }

    @Test func `packed audio that is called plain samples`() throws {
        try folder.write("a.ape", Array("MAC ".utf8) + Self.noise)
        for (name, text) in [
            ("a.cue", "FILE a.ape BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n"),
            ("a.toc", "CD_DA\nTRACK AUDIO\nAUDIOFILE \"a.ape\" 0\n"),
        ] {
            let path = try folder.write(name, text)
            let failure = try #require(throws: Failure.self) { try DiscImage(path) }
            #expect(failure.what.contains("Monkey's Audio"), "\(failure.what)")
        }
        // Samples may begin with any bytes.
        try folder.write("a.bin", Array("MAC ".utf8) + Self.noise.dropFirst(4))
        #expect(try DiscImage(try cue("a.bin", "BINARY")).layout.tracks[0].length == 40)
    }

    @Test func `an empty file`() throws {
        try folder.write("a.wav", [])
        let failure = try #require(throws: Failure.self) { try DiscImage(try cue("a.wav")) }
        #expect(failure.what.contains("is empty"))
    }

    private static func u32(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func fmt(extensible: Bool) -> [UInt8] {
        let base = [2, 0] + u32(44100) + u32(176_400) + [4, 0, 16, 0]
        return Array("fmt ".utf8)
            + (extensible
                ? u32(40) + [0xFE, 0xFF] + base + [22, 0, 16, 0, 3, 0, 0, 0, 1, 0]
                    + [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
                : u32(16) + [1, 0] + base)
    }

    @Test(arguments: ["extensible", "rf64", "bw64", "late", "streamed", "sox"])
    func `forms of WAVE`(_ form: String) throws {
        let samples = SampleDisc.sound(20, seed: 3).flatMap { $0 }
        let isLong = form == "rf64" || form == "bw64"
        var bytes = Array((form == "rf64" ? "RF64" : form == "bw64" ? "BW64" : "RIFF").utf8)
        bytes += Self.u32(-1) + Array("WAVE".utf8)
        if isLong {
            bytes += Array("ds64".utf8) + Self.u32(28) + Self.u32(0) + Self.u32(0)
            bytes += Self.u32(samples.count) + Self.u32(0) + Self.u32(0) + Self.u32(0) + Self.u32(0)
        }
        // A picture of an album comes before the audio at times.
        if form == "late" {
            bytes += Array("id3 ".utf8) + Self.u32(200_000) + [UInt8](repeating: 7, count: 200_000)
        }
        bytes += Self.fmt(extensible: form == "extensible") + Array("data".utf8)
        bytes += Self.u32(
            isLong || form == "streamed" ? -1 : form == "sox" ? 0x7FFF_F024 : samples.count
        )
        try folder.write("a.wav", bytes + samples)
        let image = try DiscImage(try cue("a.wav"))
        #expect(image.warnings.isEmpty)
        #expect(image.layout.tracks[0].length == 20)
        #expect(try image.disc.raw(19) == Array(samples[(19 * 2352)...]))
    }

    @Test func `a WAVE file of another encoding`() throws {
        var bytes = SampleDisc.wave(Self.noise)
        bytes[20] = 0x55
        try folder.write("a.wav", bytes)
        let failure = try #require(throws: Failure.self) { try DiscImage(try cue("a.wav")) }
        #expect(failure.what.contains("is 85, and only PCM is read"), "\(failure.what)")
    }

    @Test(arguments: ["wav", "aiff"])
    func `audio that is cut off is truncated as plain sectors are`(_ form: String) throws {
        let samples = SampleDisc.sound(40, seed: 3).flatMap { $0 }
        let whole = form == "wav" ? SampleDisc.wave(samples) : SampleDisc.aiff(samples)
        try folder.write("a.\(form)", Array(whole.dropLast(2352 * 10 + 100)))
        let image = try DiscImage(try cue("a.\(form)"))
        #expect(image.layout.tracks[0].length == 40)
        #expect(
            image.warnings == ["a.\(form) is truncated: 23620 bytes are missing at its end."]
        )
        #expect(try image.disc.raw(28) == Array(samples[(28 * 2352)..<(29 * 2352)]))
        #expect(throws: UnreadableSectors.self) { try image.disc.raw(29) }
        #expect(throws: UnreadableSectors.self) { try image.disc.raw(39) }
    }

    @Test func `what can't be used is named once`() throws {
        try folder.write("a.wav", Array("RIFX".utf8) + Self.noise)
        let failure = try #require(throws: Failure.self) { try DiscImage(try cue("a.wav")) }
        #expect(
            failure.what.contains("is RIFX, which is not decoded: unpack it to WAVE or FLAC"),
            "\(failure.what)"
        )
    }

    @Test(arguments: ["wav", "aiff"])
    func `audio that the header does not count is told`(_ form: String) throws {
        let samples = SampleDisc.sound(40, seed: 3).flatMap { $0 }
        let more = SampleDisc.sound(20, seed: 4).flatMap { $0 }
        let whole = form == "wav" ? SampleDisc.wave(samples) : SampleDisc.aiff(samples)
        try folder.write("a.\(form)", whole + more)
        let words =
            "After the audio of “a.\(form)” lie 47040 bytes that its header doesn't count; they are left out."
        let image = try DiscImage(try cue("a.\(form)"))
        #expect(image.layout.tracks[0].length == 40)
        #expect(image.warnings == [words])
        // As a file of its own it is the same.
        #expect(try DiscImage(folder.path("a.\(form)")).warnings == [words])
    }

    @Test func `a second chunk of audio is told`() throws {
        let samples = SampleDisc.sound(40, seed: 3).flatMap { $0 }
        let chunk = Array("data".utf8) + Self.u32(samples.count) + samples
        try folder.write("a.wav", SampleDisc.wave(samples) + chunk)
        let image = try DiscImage(try cue("a.wav"))
        #expect(image.layout.tracks[0].length == 40)
        #expect(
            image.warnings == [
                "“a.wav” has more than one chunk of audio; all but the first are left out."
            ]
        )
    }

    @Test(arguments: ["wav", "aiff"])
    func `a second file behind the first is no chunk of it`(_ form: String) throws {
        let samples = SampleDisc.sound(40, seed: 3).flatMap { $0 }
        let whole = form == "wav" ? SampleDisc.wave(samples) : SampleDisc.aiff(samples)
        try folder.write("a.\(form)", whole + whole)
        let image = try DiscImage(try cue("a.\(form)"))
        #expect(image.layout.tracks[0].length == 40)
        #expect(
            image.warnings == [
                "“a.\(form)” holds several pieces one after the other; all but the first are left out."
            ]
        )
        // As a file of its own it would lose a track.
        let failure = #expect(throws: Failure.self) {
            try DiscImage(folder.path("a.\(form)"))
        }
        let what = failure?.what ?? ""
        #expect(what.contains("holds several pieces one after the other"), "\(what)")
    }

    @Test(arguments: ["chunks", "unfilled", "ID3v1", "short"])
    func `chunks and tags behind the audio are none`(_ kind: String) throws {
        let samples = Array(SampleDisc.sound(40, seed: 3).flatMap { $0 }.dropLast())
        let filling: [UInt8] = kind == "unfilled" ? [] : [0]
        let list = Array("LIST".utf8) + Self.u32(5) + [1, 2, 3, 4, 5]
        let rest: [UInt8] =
            switch kind {
            case "ID3v1": Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
            case "short": [0, 0]
            default: list + filling + Array("id3 ".utf8) + Self.u32(4) + [9, 9, 9, 9]
            }
        try folder.write("a.wav", SampleDisc.wave(samples) + filling + rest)
        #expect(try DiscImage(try cue("a.wav")).warnings.isEmpty)
    }

    @Test(.enabled(if: Programs.has("flac")))
    func `FLAC behind a tag of ID3`() throws {
        try folder.write("a.raw", SampleDisc.audio.bytes)
        try Programs.run(
            [
                "flac", "--force-raw-format", "--endian=little", "--sign=signed", "--channels=2",
                "--bps=16", "--sample-rate=44100", "-o", "a.flac", "a.raw",
            ],
            in: folder.path
        )
        try folder.write("b.flac", Self.id3(777) + (try folder.read("a.flac")))
        let image = try DiscImage(try cue("b.flac"))
        #expect(try image.disc.raw(5) == Array(SampleDisc.audio.bytes[(5 * 2352)..<(6 * 2352)]))
    }

    // MARK: Data without its audio

    private static let sheets: [(String, String)] = [
        (
            "a.cue",
            "FILE data BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\n"
                + "FILE 2.ogg OGG\nTRACK 02 AUDIO\nINDEX 01 00:00:00\n"
        ),
        (
            "a.toc",
            "CD_ROM\nTRACK MODE1_RAW\nDATAFILE \"data\"\nTRACK AUDIO\nFILE \"2.ogg\" 0 0:5:0\n"
        ),
        ("a.gdi", "2\n1 0 4 2352 data 0\n2 600 0 2352 3.bin 0\n"),
    ]

    @Test(arguments: sheets.indices, [true, false])
    func `a track of audio that can't be read does not block the data`(
        _ sheet: Int,
        _ isThere: Bool
    ) throws {
        if isThere { try folder.write("2.ogg", Array("OggS".utf8) + Self.noise) }
        try folder.write("data", SampleDisc.data.bytes)
        let path = try folder.write(Self.sheets[sheet].0, Self.sheets[sheet].1)
        let failure = try #require(throws: Failure.self) { try DiscImage(path) }
        let isOgg = isThere && !path.string.hasSuffix("gdi")
        #expect(failure.what.contains(isOgg ? "Ogg" : "is not there"), "\(failure.what)")
        let image = try DiscImage(path, need: .data)
        #expect(image.soundWarning != nil)
        #expect(image.warnings.contains { $0.contains(isOgg ? "Ogg" : "is not there") })
        #expect(try image.disc.raw(7) == SampleDisc.data.tracks[0].sectors[7])
        let second = image.layout.tracks[1].start.rawValue
        #expect(throws: UnreadableSectors.self) { try image.disc.raw(second) }
    }

    @Test func `a disc of nothing but audio needs it`() throws {
        try folder.write("2.ogg", Array("OggS".utf8) + Self.noise)
        let path = try cue("2.ogg", "OGG")
        #expect(throws: Failure.self) { try DiscImage(path, need: .data) }
    }
}
