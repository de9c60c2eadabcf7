import DiscImages
import DiscModel
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// WavPack files that become tracks: lossless, hybrid, and damaged.
@Suite(.enabled(if: Programs.has("wavpack")))
struct WavPackTests {
    private let folder: Folder
    private static let sectors = 225
    /// Three seconds.
    private static let sound = SampleDisc.sound(sectors, seed: 31).flatMap { $0 }
    private static let samples = sound.count / 4

    init() throws {
        folder = try Folder()
        try folder.write("a.wav", SampleDisc.wave(Self.sound))
    }

    @discardableResult
    private func pack(_ options: [String], from source: String = "a.wav", to name: String) throws
        -> [UInt8]
    {
        try folder.make(["wavpack", "-q", "-y"] + options + [source, "-o", name], name)
    }

    private func audio(of image: DiscImage) throws -> [UInt8] {
        try (0..<Self.sectors).flatMap { try image.disc.raw($0) }
    }

    @Test func `a wish to stop is heeded while a file is decoded to be opened`() throws {
        let sheet = "FILE \"b.wv\" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n"
        try pack(["-w", "Cuesheet=\(sheet)"], to: "b.wv")
        let list = try folder.write("b.m3u8", "b.wv\n")
        let named = try folder.write("b.cue", sheet)
        for path in [folder.path("b.wv"), named, list] {
            #expect(try DiscImage(path).layout.tracks.count == 1)
            let cancellation = Cancellation()
            cancellation.request()
            let failure = #expect(throws: Failure.self, "\(path)") {
                try DiscImage(path, cancellation: cancellation)
            }
            #expect(failure?.cause == .interruption, "\(path): \(failure?.what ?? "")")
        }
    }

    @Test(arguments: [["-m"], [], ["-h"], ["-f"]])
    func `lossless files are the samples that were packed`(_ options: [String]) throws {
        try pack(options, to: "a.wv")
        let image = try folder.album("a.wv")
        #expect(image.sounds.map(\.format) == ["wavpack"])
        #expect(image.sounds.map(\.bits) == [16])
        #expect(image.sounds.map(\.samples) == [Self.samples])
        #expect(image.sounds.map(\.exact) == [true])
        #expect(image.warnings.allSatisfy { !$0.contains("a.wv") }, "\(image.warnings)")
        #expect(try audio(of: image) == Self.sound)
    }

    @Test(arguments: ["24s", "20s", "32s"])
    func `wider samples keep their upper bits`(_ form: String) throws {
        // 16 bits in a container of 24 or 32.
        let width = form == "32s" ? 4 : 3
        let fine = stride(from: 0, to: Self.sound.count, by: 2).flatMap { place -> [UInt8] in
            [UInt8](repeating: 0, count: width - 2) + [Self.sound[place], Self.sound[place + 1]]
        }
        try folder.write("fine.raw", fine)
        try pack(["-m", "--raw-pcm=44100,\(form),2,le"], from: "fine.raw", to: "fine.wv")
        let image = try folder.album("fine.wv")
        #expect(image.sounds.map(\.bits) == [Int(form.dropLast())])
        #expect(image.sounds.map(\.exact) == [true])
        #expect(try audio(of: image) == Self.sound)
    }

    @Test func `a hybrid file is lossless with its correction file, and says so without it`() throws
    {
        try pack(["-b384", "-c", "-m"], to: "h.wv")
        let whole = try folder.album("h.wv")
        #expect(whole.sounds.map(\.exact) == [true])
        #expect(whole.sounds.map(\.bits) == [16])
        #expect(whole.paths.contains(folder.path("h.wvc")))
        #expect(try audio(of: whole) == Self.sound)

        let correction = try folder.read("h.wvc")
        try FileSystem.remove(folder.path("h.wvc"))
        let lossy = try folder.album("h.wv")
        #expect(lossy.sounds.map(\.exact) == [false])
        #expect(lossy.sounds.map(\.bits) == [nil])
        #expect(lossy.sounds.map(\.samples) == [Self.samples])
        #expect(lossy.warnings.contains { $0.contains("“h.wv” is lossy") }, "\(lossy.warnings)")
        #expect(try audio(of: lossy) != Self.sound)

        // One that is cut, and one of other audio.
        let words = "or its correction file is that or another one's"
        try folder.write("h.wvc", Array(correction.prefix(correction.count / 2)))
        try folder.expectRefused("h.wv", try folder.read("h.wv"), words)
        let other = SampleDisc.sound(Self.sectors, seed: 32).flatMap { $0 }
        try folder.write("b.wav", SampleDisc.wave(other))
        try pack(["-b384", "-c"], from: "b.wav", to: "b.wv")
        try folder.write("h.wvc", try folder.read("b.wvc"))
        try folder.expectRefused("h.wv", try folder.read("h.wv"), words)
    }

    @Test func `what is cut off or damaged is refused`() throws {
        let file = try pack(["-m"], to: "a.wv")
        try folder.expectRefused(
            "b.wv",
            file.dropLast(file.count / 2),
            "is cut off: its last block is not"
        )
        try folder.expectRefused("b.wv", file + file, "holds several pieces one after the other")
        let second = try #require(start(of: 1, in: file))
        let third = try #require(start(of: 2, in: file))
        try folder.expectRefused(
            "b.wv",
            Array(file[..<second]),
            "it says that it has \(Self.samples) samples"
        )
        try folder.expectRefused(
            "b.wv",
            Array(file[second...]),
            "is cut off: it begins with its sample"
        )
        try folder.expectRefused(
            "b.wv",
            Array(file[..<second]) + file[third...],
            "of it is missing"
        )
        for place in [second - 400, second + 500, file.count - 400] {
            var flipped = file
            flipped[place] ^= 0x10
            try folder.expectRefused("b.wv", flipped, "is damaged: ")
        }
        // The file's own MD5 is no part of what its blocks have sums of.
        let mark = try #require(
            (0..<(file.count - 2)).last { file[$0] == 0x26 && file[$0 + 1] == 8 }
        )
        var other = file
        other[mark + 4] ^= 1
        try folder.expectRefused(
            "b.wv",
            other,
            "has other samples than those that its own checksum (MD5)"
        )
    }

    /// Where a block begins.
    private func start(of number: Int, in file: [UInt8]) -> Int? {
        var at = 0
        for _ in 0..<number {
            guard at + 8 <= file.count else { return nil }
            at += 8 + (0..<4).reduce(0) { $0 | Int(file[at + 4 + $1]) << (8 * $1) }
        }
        return at < file.count ? at : nil
    }

    @Test func `a file whose length is open says so`() throws {
        let file = try pack([], to: "a.wv")
        let open = Array(file[..<12]) + [0xFF, 0xFF, 0xFF, 0xFF] + file[16...]
        // The first block's checksum is of its header too, so that files from a pipe are made of one.
        let piped = "cat a.wav | wavpack -q -y -i - -o - 2>log | cat >open.wv"
        try folder.make(["sh", "-c", piped], "open.wv")
        let image = try folder.album("open.wv")
        #expect(image.sounds.map(\.samples) == [Self.samples])
        #expect(
            image.warnings.contains { $0.contains("“open.wv” does not say how many samples") },
            "\(image.warnings)"
        )
        try folder.expectRefused("b.wv", open, "is damaged: ")
    }

    @Test func `more than two channels are refused, and one becomes both`() throws {
        try pack(["--raw-pcm=44100,16s,1,le"], from: "a.wav", to: "mono.wv")
        #expect(try folder.album("mono.wv").sounds.map(\.channels) == [1])
        try pack(["--raw-pcm=44100,16s,4,le"], from: "a.wav", to: "four.wv")
        try folder.expectRefused(
            "four.wv",
            try folder.read("four.wv"),
            "has 4 channels, and a CD has two"
        )
    }

    @Test func `a cue sheet in its tag makes the tracks`() throws {
        let sheet = """
            FILE "album.wav" WAVE
              TRACK 01 AUDIO
                TITLE "One"
                INDEX 01 00:00:00
              TRACK 02 AUDIO
                ISRC DEA123456789
                INDEX 01 00:01:25
            """
        try folder.write("sheet.cue", sheet)
        try pack(["-w", "Cuesheet=@sheet.cue"], to: "a.wv")
        #expect(SoundFiles.hasSheet(folder.path("a.wv")))
        let image = try DiscImage(folder.path("a.wv"))
        #expect(image.layout.tracks.map(\.start.rawValue) == [0, 100])
        #expect(image.layout.tracks.map(\.length) == [100, 125])
        #expect(image.layout.tracks.map(\.isrc) == [nil, "DEA123456789"])
        #expect(image.layout.sheetTexts?[1].texts[.title] == "One")
        #expect(try audio(of: image) == Self.sound)
        try pack([], to: "b.wv")
        #expect(!SoundFiles.hasSheet(folder.path("b.wv")))
    }

    @Test func `tags become texts and codes`() throws {
        for (name, artist) in [("1.wv", "One"), ("2.wv", "Two")] {
            try pack(
                [
                    "-w", "Title=Frühling", "-w", "Artist=\(artist)", "-w", "Album=Seasons", "-w",
                    "Album Artist=Both", "-w", "ISRC=DE-A12-34-56789", "-w",
                    "Barcode=4006381333931",
                ],
                to: name
            )
        }
        let image = try folder.album("1.wv", "2.wv")
        #expect(image.layout.tracks.map(\.isrc) == ["DEA123456789", "DEA123456789"])
        #expect(image.layout.sessions.first?.catalog == "4006381333931")
        let texts = image.layout.sheetTexts
        #expect(texts?[1].texts[.title] == "Frühling")
        #expect(texts?[2].texts[.performer] == "Two")
        #expect(texts?[0].texts[.title] == "Seasons")
        #expect(texts?[0].texts[.performer] == "Both")
    }
}
