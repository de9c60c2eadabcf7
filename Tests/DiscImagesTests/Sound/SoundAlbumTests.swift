import DiscImages
import DiscModel
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Files of sound that become the tracks of a disc.
struct SoundAlbumTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// Samples of 16 bits that are no silence anywhere.
    private func samples(_ count: Int, seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).flatMap { _ in
            let value = UInt32(truncatingIfNeeded: generator.next() | 0x0001_0001)
            return (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
        }
    }

    private func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A WAVE file with a header that may lie.
    private func wave(
        _ data: [UInt8],
        rate: Int = 44100,
        channels: Int = 2,
        bits: Int = 16,
        claiming: Int? = nil,
        format: Int = 1
    ) -> [UInt8] {
        let frame = channels * bits / 8
        let size = claiming ?? data.count
        let parts: [[UInt8]] = [
            text("RIFF"), little(size + 36, 4), text("WAVEfmt "), little(16, 4),
            little(format, 2), little(channels, 2), little(rate, 4), little(rate * frame, 4),
            little(frame, 2), little(bits, 2), text("data"), little(size, 4), data,
        ]
        return Array(parts.joined())
    }

    private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func big(_ value: Int, _ count: Int) -> [UInt8] { little(value, count).reversed() }

    /// All sound of a disc from LBA 0 on; what has no place is silence.
    private func sound(_ image: DiscImage) throws -> [UInt8] {
        let end = image.layout.leadOut?.rawValue ?? 0
        var bytes = [UInt8](repeating: 0, count: end * RawSector.size)
        var next = 0
        while next < end {
            let storage = image.disc.storage(at: next)
            let count = min(storage.count, end - next)
            if storage.form == .raw {
                var done = 0
                while done < count {
                    let start = (next + done) * RawSector.size
                    var span = bytes.mutableSpan
                    var part = span._mutatingExtracting(start..<(next + count) * RawSector.size)
                    done += try image.disc.readStored(at: next + done, into: &part)
                }
            }
            next += count
        }
        return bytes
    }

    @Test func `samples follow one another without a gap, and the rest begins the next track`()
        throws
    {
        let parts = [samples(588 * 300 + 100, seed: 1), samples(588 * 301 + 588 - 99, seed: 2)]
        try folder.write("1.wav", wave(parts[0]))
        try folder.write("2.wav", wave(parts[1]))
        let image = try folder.album(["1.wav", "2.wav"])
        let tracks = image.layout.tracks
        #expect(tracks.map(\.start.rawValue) == [0, 300])
        #expect(tracks.map(\.length) == [300, 303])
        #expect(tracks.map(\.pregap) == [150, 0])
        #expect(image.sounds.map(\.carriedSamples) == [100, nil])
        #expect(image.sounds.map(\.paddingSamples) == [nil, 587])
        #expect(image.sounds.allSatisfy { $0.exact && $0.dither == nil })
        let whole = try sound(image)
        #expect(Array(whole.prefix(parts[0].count)) == parts[0])
        #expect(Array(whole.dropFirst(parts[0].count).prefix(parts[1].count)) == parts[1])
        #expect(whole.suffix(587 * 4).allSatisfy { $0 == 0 })
        #expect(whole.count == parts[0].count + parts[1].count + 587 * 4)
    }

    @Test func `with gaps each track begins with its own first sample`() throws {
        let parts = [samples(588 * 300 + 100, seed: 1), samples(588 * 300, seed: 2)]
        try folder.write("1.wav", wave(parts[0]))
        try folder.write("2.wav", wave(parts[1]))
        let image = try folder.album(["1.wav", "2.wav"], SoundOptions(gap: 2))
        #expect(image.layout.tracks.map(\.start.rawValue) == [0, 451])
        #expect(image.layout.tracks.map(\.pregap) == [150, 150])
        #expect(image.sounds.map(\.paddingSamples) == [488, nil])
        let whole = try sound(image)
        #expect(Array(whole.suffix(parts[1].count)) == parts[1])
        #expect(whole[parts[0].count..<451 * RawSector.size].allSatisfy { $0 == 0 })
    }

    @Test func `big-endian samples come out with their low byte first`() throws {
        let data = samples(588 * 300, seed: 3)
        var swapped = data
        for i in stride(from: 0, to: swapped.count, by: 2) { swapped.swapAt(i, i + 1) }
        let body: [[UInt8]] = [
            text("AIFF"), text("COMM"), big(18, 4), big(2, 2), big(588 * 300, 4), big(16, 2),
            big(0x400E_AC44, 4), big(0, 6), text("SSND"), big(swapped.count + 8, 4), big(0, 8),
            swapped,
        ]
        let file: [[UInt8]] = [text("FORM"), big(body.joined().count, 4)] + body
        try folder.write("1.aiff", Array(file.joined()))
        let image = try folder.album(["1.aiff"])
        #expect(image.sounds.first?.format == "aiff")
        #expect(try sound(image) == data)
    }

    @Test func `one channel becomes both, and more than two are refused`() throws {
        let left = samples(588 * 150, seed: 4)
        try folder.write("mono.wav", wave(left, channels: 1))
        let image = try folder.album(["mono.wav"])
        #expect(image.sounds.first?.channels == 1)
        #expect(image.sounds.first?.exact == true)
        var doubled: [UInt8] = []
        for place in stride(from: 0, to: left.count, by: 2) {
            let sample = Array(left[place..<place + 2])
            doubled += sample + sample
        }
        #expect(try sound(image) == doubled)
        try folder.write("six.wav", wave(samples(588 * 600, seed: 5), channels: 6))
        let failure = #expect(throws: Failure.self) { try folder.album(["six.wav"]) }
        #expect(failure?.what.hasSuffix("has 6 channels, and a CD has two.") == true)
        #expect(failure?.exitCode == .failed)
    }

    @Test func `bits that are cut are dithered, and bits that are not there are not`() throws {
        // 24 bits whose last eight are zero hold 16 bits.
        let data = samples(588 * 150, seed: 6)
        var whole: [UInt8] = []
        for place in stride(from: 0, to: data.count, by: 2) {
            whole.append(0)
            whole += data[place..<place + 2]
        }
        try folder.write("whole.wav", wave(whole, bits: 24))
        let exact = try folder.album(["whole.wav"])
        #expect(exact.sounds.first?.exact == true)
        #expect(exact.sounds.first?.dither == nil)
        #expect(try sound(exact) == data)

        let fine = (0..<588 * 150 * 2).flatMap { little($0 % 2 == 0 ? 0x10_0080 : 0x20_0040, 3) }
        try folder.write("fine.wav", wave(fine, bits: 24))
        let rounded = try folder.album(["fine.wav"])
        #expect(rounded.sounds.first?.exact == false)
        #expect(rounded.sounds.first?.dither == "tpdf")
        let bytes = try sound(rounded)
        let values = stride(from: 0, to: bytes.count, by: 4).map {
            Int(Int16(truncatingIfNeeded: Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8))
        }
        // The mean is what 16 bits can't spell, and noise goes no more than one step to each side.
        let mean = Double(values.reduce(0, +)) / Double(values.count)
        #expect(abs(mean - 4096.5) < 0.02, "\(mean)")
        #expect(Set(values).isSubset(of: [4095, 4096, 4097, 4098]) && Set(values).count >= 2)
        #expect(try sound(try folder.album(["fine.wav"])) == bytes)
    }

    @Test func `samples beyond full scale are cut and counted, and no number is silence`() throws {
        func float(_ value: Float) -> [UInt8] { little(Int(value.bitPattern), 4) }
        var data: [UInt8] = []
        for i in 0..<588 * 300 {
            switch i {
            case 10: data += float(1.5) + float(-7)
            case 11: data += float(.nan) + float(.infinity)
            default: data += float(0.25) + float(-0.25)
            }
        }
        try folder.write("loud.wav", wave(data, bits: 32, format: 3))
        let image = try folder.album(["loud.wav"])
        #expect(image.sounds.first?.clippedSamples == 3)
        let bytes = try sound(image)
        #expect(Array(bytes[40..<44]) == [0xFF, 0x7F, 0x00, 0x80])
        #expect(Array(bytes[46..<48]) == [0xFF, 0x7F])
    }

    @Test(arguments: [(48000, 48000 * 5), (96000, 96000 * 5), (22050, 22050 * 5)])
    func `other rates are resampled, and five seconds stay five`(_ rate: Int, _ count: Int) throws {
        try folder.write("a.wav", wave(samples(count, seed: 7), rate: rate))
        let image = try folder.album(["a.wav"])
        #expect(image.sounds.first?.samples == 44100 * 5)
        #expect(image.sounds.first?.rate == rate)
        #expect(image.sounds.first?.resampler?.contains("soxr") == true)
        #expect(image.sounds.first?.dither == "tpdf")
    }

    /// A box of MPEG-4.
    private func box(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let parts: [[UInt8]] = [big(body.count + 8, 4), text(name), body]
        return Array(parts.joined())
    }

    /// A file of MPEG-4 with the description of a track, and none of its tables.
    private func mp4(_ coding: String, handler: String = "soun", more: [UInt8] = []) -> [UInt8] {
        let entry = box(coding, [UInt8](repeating: 0, count: 28))
        let stsd = box("stsd", big(1, 8) + entry)
        let hdlr = box("hdlr", big(0, 8) + text(handler) + big(0, 13))
        let mdia = box("mdia", hdlr + box("minf", box("stbl", stsd)))
        return box("ftyp", text("M4A isom")) + box("moov", box("trak", mdia) + more)
    }

    /// Files that can't become tracks, and what is said of them.
    private func bad(_ name: String) -> (bytes: [UInt8], words: String) {
        let data = samples(588 * 300, seed: 8)
        switch name {
        case "empty": return ([], "is empty")
        case "cut": return (Array(wave(data).dropLast(1000)), "is cut off or damaged")
        case "cut-24":
            return (Array(wave(data, rate: 48000).dropLast(1001)), "is cut off: 1001 bytes")
        case "header": return (Array(wave(data).prefix(30)), "can't be used")
        case "huge":
            return (
                wave(data, claiming: 0x3FFF_FFF0), "is cut off or damaged: it says that it has"
            )
        case "rate": return (wave(data, rate: 1), "says that it has 1 samples a second")
        case "no-sound": return (wave([], claiming: 0), "has no audio in it")
        case "text": return (text("nothing to hear"), "libsndfile says")
        case "aac": return (mp4("mp4a"), "is damaged: its table “mdhd” is missing")
        case "alac": return (mp4("alac"), "is damaged: its table “mdhd” is missing")
        case "ac-3": return (mp4("ac-3"), "is AC-3 in MPEG-4, which is not decoded")
        case "drms":
            return (mp4("drms"), "is AAC that iTunes encrypted (FairPlay), which can't be decoded")
        case "film": return (mp4("avc1", handler: "vide"), "is a film, and no audio file")
        case "cover": return (mp4("jpeg", handler: "vide"), "has no track of audio in it")
        case "fragments":
            return (mp4("mp4a", more: box("mvex", [])), "is MPEG-4 in fragments")
        case "no-table": return (box("ftyp", text("M4A isom")), "the table of its audio is missing")
        case "ape":
            return (
                text("MAC ") + little(3970, 2) + data,
                "is Monkey's Audio of an old version (3.97), which is not decoded"
            )
        case "ape-head":
            return (text("MAC ") + little(3990, 2) + big(0, 90), "its head makes no sense")
        case "tta": return (text("TTA2") + data, "is TTA of another version than 1")
        case "adts": return ([0xFF, 0xF1, 0x50, 0x80, 0x20, 0x1F, 0xFC] + data, "is damaged")
        case "wv": return (text("wvpk") + data, "is damaged: at byte 0 of it a block should begin")
        case "mpc": return (text("MPCK") + data, "is Musepack, which is not decoded")
        default: return ([], "")
        }
    }

    @Test(arguments: [
        "empty", "cut", "cut-24", "header", "huge", "rate", "no-sound", "text", "aac", "alac",
        "ac-3", "drms", "film", "cover", "fragments", "no-table", "ape", "ape-head", "tta", "adts",
        "wv", "mpc",
    ])
    func `what can't be a track is named with one sentence`(_ name: String) throws {
        let (bytes, words) = bad(name)
        try folder.write("good.wav", wave(samples(588 * 300, seed: 9)))
        try folder.write(name, bytes)
        let failure = #expect(throws: Failure.self) { try folder.album(["good.wav", name]) }
        let what = try #require(failure?.what)
        #expect(what.hasPrefix("\(folder.path(name)) ") && what.contains(words), "\(what)")
        #expect(what.hasSuffix(".") && !what.dropLast().contains(". "), "\(what)")
        #expect(failure?.exitCode == .failed)
        #expect(failure?.advice.isEmpty == false)
    }

    @Test func `files that are cut anywhere are refused or whole, and never trap`() throws {
        let data = wave(samples(588 * 4, seed: 10), rate: 48000, bits: 16)
        for count in stride(from: 0, to: 120, by: 1) {
            try folder.write("x.wav", Array(data.prefix(count)))
            #expect(throws: Failure.self) { try folder.album(["x.wav"]) }
        }
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<60 {
            var bytes = data
            for _ in 0..<3 { bytes[generator.roll(64)] = UInt8(generator.roll(256)) }
            try folder.write("x.wav", bytes)
            if let image = try? folder.album(["x.wav"]) { _ = try sound(image) }
        }
    }

    @Test func `a folder's files come by their numbers, and the rest is named`() throws {
        for name in ["10 c.wav", "2 b.wav", "1 a.wav"] {
            try folder.write(name, wave(samples(588 * 300, seed: 12)))
        }
        try folder.write("cover.jpg", "no sound")
        try folder.write("album.cue", "no sheet")
        try folder.write("fake.mp3", "no sound")
        let found = try SoundFiles.Folder(folder.path)
        #expect(
            found.files.compactMap(\.lastComponent?.string) == ["1 a.wav", "2 b.wav", "10 c.wav"]
        )
        #expect(found.others == ["album.cue", "cover.jpg", "fake.mp3"])
        #expect(found.sheets == ["album.cue"])
    }

    @Test func `a playlist is a disc in its own order`() throws {
        let parts = [samples(588 * 300, seed: 13), samples(588 * 300, seed: 14)]
        try folder.write("sub/one two.wav", wave(parts[0]))
        try folder.write("b.wav", wave(parts[1]))
        let list = """
            #EXTM3U
            #EXTINF:4,Somebody - Something
            b.wav\r
            file://\(folder.path.string)/sub/one%20two.wav

            sub\\one two.wav
            """
        let image = try DiscImage(try folder.write("list.m3u8", list))
        #expect(image.format?.name == "audio")
        #expect(image.layout.tracks.count == 3)
        #expect(try sound(image) == parts[1] + parts[0] + parts[0])
        #expect(image.paths.contains(folder.path("b.wav")))
    }

    @Test(arguments: [
        ("", "names no files"), ("http://example.org/a.mp3\n", "names something on the network"),
        ("missing.wav\n", "can't be read"),
        (String(repeating: "a.wav\n", count: 100), "more than 99"),
    ])
    func `a playlist that can't be used says why`(_ text: String, _ words: String) throws {
        let path = try folder.write("list.m3u", "#EXTM3U\n" + text)
        let failure = #expect(throws: Failure.self) { try DiscImage(path) }
        #expect(failure?.what.contains(words) == true, "\(failure?.what ?? "")")
    }

    @Test(.enabled(if: Programs.has("flac")))
    func `tags of files become the texts of the disc`() throws {
        for (name, title) in [("1", "Frühling"), ("2", "Осень")] {
            try folder.write("\(name).wav", wave(samples(588 * 300, seed: 15)))
            let made = try Programs.run(
                [
                    "flac", "-s", "-f", "-T", "TITLE=\(title)", "-T", "ARTIST=Somebody", "-T",
                    "ALBUM=Seasons", "-o", "\(name).flac", "\(name).wav",
                ],
                in: folder
            )
            try #require(made.status == 0, "\(made.said)")
        }
        let image = try folder.album(["1.flac", "2.flac"])
        #expect(image.sounds.map(\.exact) == [true, true])
        let block = try #require(CDText(packs: image.layout.cdText).blocks.first)
        #expect(block.text(.title, track: 0) == "Seasons")
        #expect(block.text(.performer, track: 2) == "Somebody")
        #expect(block.text(.title, track: 1) == "Frühling")
        // ISO 8859-1 has no Cyrillic: it is kept for sheets, and told as a loss.
        #expect(image.layout.sheetTexts?[2].texts[.title] == "Осень")
        let inventory = try DiscInventory(of: image.disc, reading: false)
        #expect(inventory.features[.sheetTexts] == [2])
        var bytes = try folder.read("1.flac")
        bytes[bytes.count / 2] ^= 0xFF
        try folder.write("damaged.flac", bytes)
        let failure = #expect(throws: Failure.self) { try folder.album(["damaged.flac"]) }
        #expect(failure?.what.contains("can't be unpacked") == true, "\(failure?.what ?? "")")
    }

    @Test(
        .enabled(if: Programs.has("lame") && Programs.has("oggenc") && Programs.has("opusenc")),
        arguments: ["mp3", "ogg", "opus"]
    )
    func `lossy files have as many samples as what they were made of`(_ kind: String) throws {
        let count = 588 * 320 + 77
        // A low tone, which every coder takes.
        let tone = (0..<count).flatMap { index -> [UInt8] in
            let place = index % 200
            let value = (place < 100 ? place : 200 - place) * 200 - 10000
            return little(value, 2) + little(-value, 2)
        }
        try folder.write("a.wav", wave(tone))
        let arguments = [
            "mp3": ["lame", "--quiet", "--tt", "A Title", "a.wav", "a.mp3"],
            "ogg": ["oggenc", "-Q", "-t", "A Title", "a.wav", "-o", "a.ogg"],
            "opus": ["opusenc", "--quiet", "--title", "A Title", "a.wav", "a.opus"],
        ]
        try folder.make(arguments[kind] ?? [], "a.\(kind)")
        let image = try folder.album(["a.\(kind)"])
        let sound = try #require(image.sounds.first)
        #expect(sound.samples == count)
        #expect(sound.format == ["mp3": "mp3", "ogg": "vorbis", "opus": "opus"][kind])
        #expect((sound.resampler != nil) == (kind == "opus"))
        #expect(image.layout.sheetTexts?[1].texts[.title] == "A Title")
        // What comes out lies where it lay.
        let bytes = try self.sound(image)
        for place in stride(from: 20_000, to: count - 20_000, by: 1111) {
            let value = { (bytes: [UInt8]) in
                Int(
                    Int16(
                        truncatingIfNeeded: Int(bytes[place * 4]) | Int(bytes[place * 4 + 1]) << 8
                    )
                )
            }
            #expect(abs(value(bytes) - value(tone)) < 1500, "\(kind) at \(place)")
        }
        try folder.write("cut.\(kind)", Array(try folder.read("a.\(kind)").dropLast(9000)))
        let failure = #expect(throws: Failure.self) { try folder.album(["cut.\(kind)"]) }
        #expect(failure?.what.contains("is cut off") == true, "\(failure?.what ?? "")")
    }
}
