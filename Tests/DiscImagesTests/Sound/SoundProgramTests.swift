import DiscImages
import DiscModel
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing

/// Files that the program `ffmpeg` decodes: AAC and Apple Lossless in MPEG-4, AAC in ADTS, TTA.
@Suite(.enabled(if: Programs.has("ffmpeg")))
struct SoundProgramTests {
    private let folder: Folder
    private static let sectors = 225
    /// Three seconds of noise, and as many of a tone, which every coder takes.
    private static let sound = SampleDisc.sound(sectors, seed: 41).flatMap { $0 }
    private static let count = 588 * 226 + 77
    private static let tone = tone(count)

    private static func tone(_ count: Int) -> [UInt8] {
        (0..<count).flatMap { index -> [UInt8] in
            let place = index % 200
            let value = (place < 100 ? place : 200 - place) * 200 - 10000
            return [value, -value].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF)] }
        }
    }

    init() throws {
        folder = try Folder()
        try folder.write("a.wav", SampleDisc.wave(Self.sound))
        try folder.write("tone.wav", SampleDisc.wave(Self.tone))
    }

    @discardableResult
    private func make(_ options: [String] = [], from source: String = "a.wav", to name: String)
        throws -> [UInt8]
    {
        let command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", source] + options + [name]
        return try folder.make(command, name)
    }

    private func audio(of image: DiscImage, _ count: Int) throws -> [UInt8] {
        try (0..<count).flatMap { try image.disc.raw($0) }
    }

    private func value(_ bytes: [UInt8], _ place: Int) -> Int {
        Int(Int16(truncatingIfNeeded: Int(bytes[place * 4]) | Int(bytes[place * 4 + 1]) << 8))
    }

    @Test(arguments: [("alac", "m4a"), ("alac", "mov"), ("tta", "tta")])
    func `lossless files are the samples that were packed`(_ coder: String, _ ending: String) throws
    {
        try make(["-c:a", coder], to: "b.\(ending)")
        let image = try folder.album("b.\(ending)")
        #expect(image.sounds.map(\.format) == [coder])
        #expect(image.sounds.map(\.bits) == [16])
        #expect(image.sounds.map(\.samples) == [Self.sound.count / 4])
        #expect(image.sounds.map(\.exact) == [true])
        #expect(image.warnings.allSatisfy { !$0.contains("b.\(ending)") }, "\(image.warnings)")
        #expect(try audio(of: image, Self.sectors) == Self.sound)
    }

    /// Gives the audio in an MPEG-4 file other ticks, each packet as long as it was, as far as these allow it.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - scale: Ticks in a second.
    ///   - more: Ticks by which the last packet is said to be longer.
    /// - Returns: The file with other tables.
    /// - Throws: If it has no such tables.
    private func retimed(_ file: [UInt8], _ scale: Int, lastLongerBy more: Int = 0) throws
        -> [UInt8]
    {
        var file = file
        func body(_ name: String) throws -> Int {
            let mark = Array(name.utf8)
            return try #require(
                (0..<file.count - 4).first { file[$0..<$0 + 4].elementsEqual(mark) }
            ) + 4
        }
        func number(_ place: Int) -> Int { file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        func put(_ value: Int, _ place: Int) {
            for i in 0..<4 { file[place + i] = UInt8(truncatingIfNeeded: value >> (24 - 8 * i)) }
        }
        let (header, times) = (try body("mdhd"), try body("stts"))
        let old = number(header + 12)
        var sum = 0
        let entries = number(times + 4)
        for entry in 0..<entries {
            let place = times + 8 + 8 * entry
            let ticks =
                (number(place + 4) * scale + old / 2) / old + (entry == entries - 1 ? more : 0)
            put(ticks, place + 4)
            sum += number(place) * ticks
        }
        put(scale, header + 12)
        put(sum, header + 16)
        return file
    }

    @Test(arguments: [11025, 22050, 32000, 48000, 88200, 96000])
    func `Apple Lossless whose ticks are no samples is whole`(_ scale: Int) throws {
        let file = try make(["-c:a", "alac"], to: "b.m4a")
        try folder.write("c.m4a", try retimed(file, scale))
        let image = try folder.album("c.m4a")
        #expect(image.sounds.map(\.samples) == [Self.sound.count / 4])
        #expect(image.sounds.map(\.exact) == [true])
        #expect(image.warnings.allSatisfy { !$0.contains("c.m4a") }, "\(image.warnings)")
        #expect(try audio(of: image, Self.sectors) == Self.sound)
        // A last packet that should be longer by more than ticks can be wrong.
        let plain = try make(["-c:a", "alac", "-use_editlist", "0"], to: "b.m4a")
        try folder.expectRefused(
            "c.m4a",
            try retimed(plain, scale, lastLongerBy: scale / 50),
            "is cut off or damaged: "
        )
    }

    @Test func `MPEG-4 behind MPEG-4 is refused`() throws {
        let file = try make(["-c:a", "alac"], to: "b.m4a")
        try folder.expectRefused("c.m4a", file + file, "holds several pieces one after the other")
    }

    @Test func `Apple Lossless that is cut at coarse ticks says so`() throws {
        let file = try make(["-c:a", "alac"], to: "b.m4a")
        // Rounded up, the packets are longer than the file by its edit list.
        try folder.write("c.m4a", try retimed(file, 600))
        let image = try folder.album("c.m4a")
        #expect(image.sounds.map(\.samples) == [Self.sound.count / 4])
        #expect(image.warnings.contains { $0.contains("ticks of 1/600 s") }, "\(image.warnings)")
    }

    @Test func `24 bits of Apple Lossless are 24`() throws {
        try make(["-c:a", "alac", "-sample_fmt", "s32p"], to: "b.m4a")
        let image = try folder.album("b.m4a")
        #expect(image.sounds.map(\.bits) == [24])
        #expect(image.sounds.map(\.exact) == [true])
        #expect(try audio(of: image, Self.sectors) == Self.sound)
    }

    @Test(arguments: [[], ["-movflags", "+faststart"], ["-f", "mov"]])
    func `AAC in MPEG-4 has as many samples as what it was made of`(_ options: [String]) throws {
        try make(["-b:a", "192k"] + options, from: "tone.wav", to: "b.m4a")
        let image = try folder.album("b.m4a")
        let sound = try #require(image.sounds.first)
        #expect(sound.format == "aac")
        #expect(sound.samples == Self.count)
        #expect(!sound.exact && sound.bits == nil && sound.resampler == nil)
        #expect(image.warnings.allSatisfy { !$0.contains("b.m4a") }, "\(image.warnings)")
        // What comes out lies where it lay.
        let bytes = try audio(of: image, 226)
        for place in stride(from: 20_000, to: Self.count - 20_000, by: 1111) {
            #expect(abs(value(bytes, place) - value(Self.tone, place)) < 1500, "at \(place)")
        }
    }

    @Test func `a cut through one piece leaves no gap`() throws {
        let (first, all) = (588 * 310 + 33, 588 * 620 + 77)
        let tone = Self.tone(all)
        try folder.write("1.wav", SampleDisc.wave(Array(tone[..<(first * 4)])))
        try folder.write("2.wav", SampleDisc.wave(Array(tone[(first * 4)...])))
        try make(["-b:a", "192k"], from: "1.wav", to: "1.m4a")
        try make(["-b:a", "192k"], from: "2.wav", to: "2.m4a")
        let image = try folder.album("1.m4a", "2.m4a")
        #expect(image.sounds.map(\.samples) == [first, all - first])
        #expect(image.sounds.first?.carriedSamples == 33)
        let bytes = try audio(of: image, 620)
        // The second piece begins at its sample.
        for place in stride(from: first + 5000, to: all - 5000, by: 777) {
            #expect(abs(value(bytes, place) - value(tone, place)) < 1500, "at \(place)")
        }
    }

    @Test func `other rates are resampled`() throws {
        try make(["-ar", "48000", "-b:a", "192k"], from: "a.wav", to: "b.m4a")
        let image = try folder.album("b.m4a")
        #expect(image.sounds.map(\.rate) == [48000])
        #expect(image.sounds.map(\.samples) == [Self.sound.count / 4])
    }

    @Test func `AAC in ADTS is burned as it is, and the plan says that nothing is cut`() throws {
        let file = try make(["-b:a", "192k"], from: "tone.wav", to: "b.aac")
        let image = try folder.album("b.aac")
        let samples = try #require(image.sounds.first?.samples)
        #expect(samples % 1024 == 0 && samples > Self.count)
        #expect(image.warnings.contains { $0.contains("nothing is cut") }, "\(image.warnings)")
        let tag = Array("TAG".utf8) + [UInt8](repeating: 0x61, count: 125)
        try folder.write("c.aac", file + tag)
        #expect(try folder.album("c.aac").sounds.map(\.samples) == [samples])
        try folder.expectRefused(
            "c.aac",
            file.dropLast(10),
            "is cut off: its last frame is not whole"
        )
        try folder.expectRefused("c.aac", Array(file[..<9000]) + file[9100...], "frame")
        let other = try make(["-ar", "48000"], from: "a.wav", to: "d.aac")
        try folder.expectRefused("c.aac", file + other, "holds several pieces one after the other")
    }

    @Test func `what is cut off or damaged is refused`() throws {
        let late = try make(["-b:a", "192k"], from: "tone.wav", to: "b.m4a")
        try folder.expectRefused("c.m4a", late.dropLast(late.count / 3), "is cut off")
        let early = try make(
            ["-b:a", "192k", "-movflags", "+faststart"],
            from: "tone.wav",
            to: "b.m4a"
        )
        try folder.expectRefused(
            "c.m4a",
            early.dropLast(5000),
            "is cut off: 5000 bytes of it are missing"
        )
        // The audio of ADTS and of MPEG-4 has no checksum: what is found is what can't be decoded.
        var broken = early
        for place in (early.count - 20_000)..<(early.count - 10_000) { broken[place] = 0xFF }
        try folder.expectRefused("c.m4a", broken, "can't be decoded: ffmpeg says “")
        broken = try make(["-c:a", "alac"], from: "tone.wav", to: "b.m4a")
        for place in (broken.count / 3)..<(broken.count / 3 + broken.count / 4) {
            broken[place] = 0x55
        }
        try folder.expectRefused("c.m4a", broken, "can't be decoded: ffmpeg ")
        var tta = try make(to: "b.tta")
        try folder.expectRefused("c.tta", tta.dropLast(9000), "can't be decoded: ffmpeg says “")
        tta[tta.count / 2] ^= 1
        try folder.expectRefused("c.tta", tta, "can't be decoded: ffmpeg says “CRC error”")
    }

    @Test func `times that are larger than any number are refused`() throws {
        var file = try make(["-b:a", "192k"], from: "tone.wav", to: "b.m4a")
        func put(_ value: Int, _ offset: Int, into name: String) throws {
            let start = try #require(place(of: name, in: file)) + 4 + offset
            file.replaceSubrange(start..<(start + 4), with: big(value))
        }
        // One tick of the whole lasts a second, one of the audio next to nothing; and the part that is to be
        // heard is as long as can be said.
        try put(1, 12, into: "mvhd")
        try put(0x8000_0000, 12, into: "mdhd")
        try put(0xFFFF_FFFF, 8, into: "elst")
        try put(0xFFFF_FFF0, 12, into: "elst")
        try put(0xFFFF_FFFF, 12, into: "stts")
        try folder.expectRefused("c.m4a", file, "can't be decoded: ffmpeg ")
    }

    @Test func `what iTunes says of the samples counts more than the edit list`() throws {
        let file = try make(["-b:a", "192k"], from: "tone.wav", to: "b.m4a")
        // The same audio, said to begin 100 samples later and to end earlier.
        let whole = (Self.count + 1024 + 1023) / 1024 * 1024
        func hexadecimal(_ value: Int, _ width: Int) -> String {
            let text = String(value, radix: 16, uppercase: true)
            return String(repeating: "0", count: width - text.count) + text
        }
        let rest = whole - 1124 - 130_000
        let words =
            " 00000000 \(hexadecimal(1124, 8)) \(hexadecimal(rest, 8)) \(hexadecimal(130_000, 16))"
        let item = box(
            "----",
            box("mean", big(0) + Array("com.apple.iTunes".utf8))
                + box("name", big(0) + Array("iTunSMPB".utf8))
                + box("data", big(1) + big(0) + Array(words.utf8))
        )
        let handler = box("hdlr", big(0) + big(0) + Array("mdirappl".utf8) + big(0) + big(0) + [0])
        let udta = box("udta", box("meta", big(0) + handler + box("ilst", item)))
        // The table of the audio comes last in it; its own texts are left out.
        let start = try #require(place(of: "moov", in: file)) - 4
        let texts = try #require(place(of: "udta", in: file)) - 4
        let moov = box("moov", Array(file[(start + 8)..<texts]) + udta)
        try folder.write("c.m4a", Array(file[..<start]) + moov)
        let image = try folder.album("c.m4a")
        #expect(image.sounds.map(\.samples) == [130_000])
        let bytes = try audio(of: image, 220)
        for place in stride(from: 20_000, to: 120_000, by: 1111) {
            #expect(abs(value(bytes, place) - value(Self.tone, place + 100)) < 1500, "at \(place)")
        }
    }

    private func big(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    private func box(_ name: String, _ body: [UInt8]) -> [UInt8] {
        big(body.count + 8) + Array(name.utf8) + body
    }

    private func place(of name: String, in file: [UInt8]) -> Int? {
        let mark = Array(name.utf8)
        return (0..<(file.count - 4)).last { file[$0..<($0 + 4)].elementsEqual(mark) }
    }

    /// A file of Monkey's Audio with frames of silence, which have no samples; its MD5 comes last.
    private func monkeysAudio() throws -> [UInt8] {
        func little(_ values: [(Int, Int)]) -> [UInt8] {
            values.flatMap { value, count in
                (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            }
        }
        let (frame, last) = (73_728, 30_000)
        // The CRC-32 of so many zeros without its lowest bit, and then what the frame is: silence.
        let sums = [0x8D1C_628C, 0x8D1C_628C, 0x99A6_15CC]
        let frames = sums.flatMap { little([($0, 4), (3, 4), (0, 4)]) }
        let header = little([
            (2000, 2), (0, 2), (frame, 4), (last, 4), (sums.count, 4), (16, 2), (2, 2),
            (44100, 4),
        ])
        let start = 52 + header.count + 4 * sums.count
        let table = sums.indices.flatMap { little([(start + 12 * $0, 4)]) }
        try folder.write("summed", frames + header + table)
        let sum = try Programs.run(["md5sum", "summed"], in: folder).output.prefix(32)
        let bytes = stride(from: 0, to: 32, by: 2).compactMap { place in
            UInt8(sum.dropFirst(place).prefix(2), radix: 16)
        }
        let lengths = little([
            (3990, 2), (0, 2), (52, 4), (header.count, 4), (table.count, 4), (0, 4),
            (frames.count, 4), (0, 4), (0, 4),
        ])
        return Array("MAC ".utf8) + lengths + bytes + header + table + frames
    }

    @Test func `Monkey's Audio is held against its own MD5`() throws {
        let file = try monkeysAudio()
        try folder.write("b.ape", file)
        let image = try folder.album("b.ape")
        let samples = 2 * 73_728 + 30_000
        #expect(image.sounds.map(\.format) == ["ape"])
        #expect(image.sounds.map(\.samples) == [samples])
        #expect(image.sounds.map(\.exact) == [true])
        #expect(try audio(of: image, samples / 588).allSatisfy { $0 == 0 })
        try folder.expectRefused("c.ape", file.dropLast(3), "is cut off: 3 bytes of it are missing")
        var flipped = file
        flipped[file.count - 5] ^= 1
        try folder.expectRefused(
            "c.ape",
            flipped,
            "is damaged: it does not have its own checksum (MD5)"
        )
    }

    @Test func `tags become texts and codes`() throws {
        try make(
            [
                "-c:a", "alac", "-metadata", "title=Frühling", "-metadata", "artist=Somebody",
                "-metadata", "album=Seasons", "-metadata", "album_artist=Others",
            ],
            to: "b.m4a"
        )
        let texts = try folder.album("b.m4a").layout.sheetTexts
        #expect(texts?[1].texts[.title] == "Frühling")
        #expect(texts?[1].texts[.performer] == "Somebody")
        #expect(texts?[0].texts[.title] == "Seasons")
        #expect(texts?[0].texts[.performer] == "Others")
    }

    @Test func `a film is no audio file`() throws {
        try make(
            ["-f", "lavfi", "-i", "color=s=32x32:d=3", "-c:v", "mpeg4", "-shortest"],
            to: "film.mp4"
        )
        #expect(!SoundFiles.isSound(folder.path("film.mp4")))
        try make(to: "b.m4a")
        #expect(SoundFiles.isSound(folder.path("b.m4a")))
    }
}
