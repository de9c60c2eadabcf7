import DiscImages
import DiscModel
import SystemPackage
import TestSupport
import Testing
import Transfer

struct CueReadingTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func open(_ sheet: String) throws -> DiscImage {
        let image = try DiscImage(try folder.write("image.cue", sheet))
        #expect(image.format?.name == "cue")
        return image
    }

    @Test(arguments: SampleDisc.all.indices)
    func `one file`(_ index: Int) throws {
        let disc = SampleDisc.all[index].disc
        try folder.write("image.bin", disc.bytes)
        let image = try open(disc.cueSheet())
        #expect(image.warnings.isEmpty)
        try expectSame(image.disc, disc)
    }

    @Test(arguments: SampleDisc.all.indices, ["BINARY", "MOTOROLA", "WAVE", "AIFF"])
    func `a file for each track`(_ index: Int, _ kind: String) throws {
        let disc = SampleDisc.all[index].disc
        for track in disc.tracks {
            let bytes = track.sectors.flatMap { $0 }
            let file =
                switch (track.mode, kind) {
                case (.audio, "MOTOROLA"): SampleDisc.swapped(bytes)
                case (.audio, "WAVE"): SampleDisc.wave(bytes, extra: track.number == 2)
                case (.audio, "AIFF"): SampleDisc.aiff(bytes)
                default: bytes
                }
            try folder.write("track \(track.number)", file)
        }
        let image = try open(
            disc.splitCueSheet { track in
                ("track \(track.number)", track.mode == .audio ? kind : "BINARY")
            }
        )
        #expect(image.warnings.isEmpty)
        try expectSame(image.disc, disc)
    }

    @Test func `a pregap that is in no file`() throws {
        let disc = SampleDisc.mixed
        let bytes = disc.tracks.flatMap { track in
            track.sectors.dropFirst(track.pregap).flatMap { $0 }
        }
        try folder.write("image.bin", bytes)
        var text = "FILE image.bin BINARY\n"
        var frames = 0
        for track in disc.tracks {
            text += "TRACK \(track.number) \(disc.cueMode(track))\n"
            if track.pregap > 0 { text += "PREGAP \(SampleDisc.time(track.pregap))\n" }
            text += "INDEX 1 \(SampleDisc.time(frames))\n"
            frames += track.sectors.count - track.pregap
        }
        let image = try open(text)
        var silent = disc
        for i in 1...2 {
            for j in 0..<disc.tracks[i].pregap {
                silent.sessions[0].tracks[i].sectors[j] = [UInt8](repeating: 0, count: 2352)
            }
        }
        try expectSame(image.disc, silent, lacks: [.codes, .flags, .indexes])
    }

    @Test func `a first track's own pregap counts from its usual two seconds on`() throws {
        try folder.write("image.bin", SampleDisc.data.bytes)
        let image = try open(
            "FILE image.bin BINARY\nTRACK 1 MODE1/2352\nPREGAP 0:2:0\nINDEX 1 0:0:0\n"
        )
        try expectSame(image.disc, .data)
        try folder.write("a.bin", SampleDisc.audio.tracks[1].sectors.flatMap { $0 })
        let later = try open("FILE a.bin BINARY\nTRACK 1 AUDIO\nPREGAP 0:3:0\nINDEX 1 0:0:0\n")
        #expect(later.layout.tracks[0].start.rawValue == 75)
        #expect(later.layout.tracks[0].pregap == 225)
    }

    @Test func `a postgap and an index 0 in the file before`() throws {
        let sound = SampleDisc.sound(50, seed: 9)
        try folder.write("1.bin", sound[..<30].flatMap { $0 })
        try folder.write("2.bin", sound[30...].flatMap { $0 })
        let image = try open(
            """
            FILE 1.bin BINARY
              TRACK 01 AUDIO
                INDEX 01 00:00:00
              TRACK 02 AUDIO
                INDEX 00 00:00:25
            FILE 2.bin BINARY
                INDEX 01 00:00:00
                POSTGAP 00:00:10
            """
        )
        let tracks = image.layout.tracks
        #expect(tracks.map(\.start.rawValue) == [0, 30])
        #expect(tracks.map(\.length) == [25, 30])
        #expect(tracks[1].pregap == 5)
        #expect(try image.disc.raw(27) == sound[27])
        #expect(try image.disc.raw(49) == sound[49])
        #expect(try image.disc.raw(55).allSatisfy { $0 == 0 })
    }

    @Test func `a gap between sessions that is in the file`() throws {
        let disc = SampleDisc.sessions
        let gap = [UInt8](repeating: 0, count: 2352)
        var bytes: [UInt8] = []
        var text = "FILE \"image.bin\" BINARY\n"
        for track in disc.tracks {
            while bytes.count < track.first * 2352 { bytes += gap }
            bytes += track.sectors.flatMap { $0 }
            text +=
                "REM SESSION 0\(track.number)\n  TRACK 0\(track.number) \(disc.cueMode(track))\n"
            text += "    INDEX 01 \(SampleDisc.time(track.start))\n"
            if track.number < 3 { text += "REM LEAD-OUT \(SampleDisc.time(track.end))\n" }
        }
        try folder.write("image.bin", bytes)
        try expectSame(try open(text).disc, disc)
        // The headers alone show it as well.
        let bare = text.split(separator: "\n").filter { !$0.contains("LEAD-OUT") }
        try expectSame(try open(bare.joined(separator: "\n")).disc, disc)
    }

    @Test func `the dense area of a GD-ROM`() throws {
        try folder.write("1.bin", SampleDisc.data.bytes)
        try folder.write("2.bin", SampleDisc.mode1(45000, 30, seed: 2).flatMap { $0 })
        let image = try open(
            """
            REM SINGLE-DENSITY AREA
            FILE 1.bin BINARY
              TRACK 01 MODE1/2352
                INDEX 01 00:00:00
            REM HIGH-DENSITY AREA
            FILE 2.bin BINARY
              TRACK 03 MODE1/2352
                INDEX 01 00:00:00
            """
        )
        #expect(image.layout.tracks.map(\.start.rawValue) == [0, 45000])
        #expect(image.layout.tracks.map(\.number) == [1, 3])
    }

    @Test(arguments: [
        ("MODE1/2048", 16..<2064), ("MODE1/2352", 0..<2352),
    ])
    func `what data can be kept as`(_ mode: String, _ range: Range<Int>) throws {
        try folder.write(
            "image.bin",
            SampleDisc.data.tracks[0].sectors.flatMap { Array($0[range]) }
        )
        let image = try open("FILE image.bin BINARY\nTRACK 1 \(mode)\nINDEX 1 0:0:0\n")
        try expectSame(image.disc, .data)
    }

    @Test(arguments: [("MODE2/2336", 16..<2352), ("CDI/2336", 16..<2352), ("CDI/2352", 0..<2352)])
    func `what mode 2 can be kept as`(_ mode: String, _ range: Range<Int>) throws {
        try folder.write("image.bin", SampleDisc.xa.tracks[0].sectors.flatMap { Array($0[range]) })
        let image = try open("FILE image.bin BINARY\nTRACK 1 \(mode)\nINDEX 1 0:0:0\n")
        try expectSame(image.disc, .xa, lacks: .sessionKind)
        #expect(image.layout.sessions[0].kind == (mode.hasPrefix("CDI") ? .cdI : .cdROMXA))
    }

    @Test func `form 1 and form 2 alone`() throws {
        let one = SampleDisc.form1(0, 30, seed: 4)
        try folder.write("1.bin", one.flatMap { Array($0[24..<2072]) })
        let first = try open("FILE 1.bin BINARY\nTRACK 1 MODE2/2048\nINDEX 1 0:0:0\n")
        #expect(try first.disc.raw(29) == one[29])
        let two = (0..<30).map { PlainSector.form2($0, SampleDisc.noise(2324, $0)) }
        try folder.write("2.bin", two.flatMap { Array($0[24..<2348]) })
        let second = try open("FILE 2.bin BINARY\nTRACK 1 MODE2/2324\nINDEX 1 0:0:0\n")
        #expect(try second.disc.raw(29) == two[29])
    }

    @Test func `sound with graphics`() throws {
        let sound = SampleDisc.sound(20, seed: 5)
        let side = (0..<20).map { PlainSector.interleaved(SampleDisc.audio.linear(63 + $0)) }
        try folder.write("image.bin", zip(sound, side).flatMap { $0 + $1 })
        let image = try open("FILE image.bin BINARY\nTRACK 1 CDG\nINDEX 1 0:0:0\n")
        #expect(try image.disc.raw(19) == sound[19])
        #expect(try image.disc.subchannel(19) == side[19])
    }

    @Test func `tracks without sectors are told`() throws {
        let sound = SampleDisc.sound(20, seed: 5)
        try folder.write("a.bin", sound.flatMap { $0 })
        try folder.write("z.bin", [])
        let told =
            "Track 2 has no sectors, and no CD has such a track: something of it is missing, or the table is wrong."
        for second in ["INDEX 1 0:0:20", "FILE z.bin BINARY\nTRACK 2 AUDIO\nINDEX 1 0:0:0"] {
            let track = second.hasPrefix("FILE") ? second : "TRACK 2 AUDIO\n" + second
            let image = try open(
                "FILE a.bin BINARY\nTRACK 1 AUDIO\nINDEX 1 0:0:0\n\(track)\n"
            )
            #expect(image.layout.tracks.map(\.length) == [20, 0])
            #expect(image.warnings.contains(told), "\(image.warnings)")
        }
    }

    @Test func `a sheet can't mean itself`() throws {
        #expect(throws: (any Error).self) {
            try open("FILE image.cue BINARY\nTRACK 1 AUDIO\nINDEX 1 0:0:0\n")
        }
    }

    @Test func `indexes that are not in order are told`() throws {
        let sound = SampleDisc.sound(20, seed: 5)
        try folder.write("image.bin", sound.flatMap { $0 })
        let head = "FILE image.bin BINARY\nTRACK 1 AUDIO\n"
        let mixed = try open(head + "INDEX 2 0:0:9\nINDEX 1 0:0:3\nINDEX 0 0:0:0\n")
        #expect(mixed.layout.tracks[0].start.rawValue == 3)
        #expect(mixed.layout.tracks[0].laterIndexes.map(\.rawValue) == [9])
        #expect(mixed.warnings.contains { $0.contains("not in the order of their numbers") })
        let gap = try open(head + "INDEX 1 0:0:0\nINDEX 3 0:0:9\n")
        #expect(gap.layout.tracks[0].laterIndexes.map(\.rawValue) == [9])
        #expect(gap.warnings.contains { $0.contains("Numbers are missing among the indexes") })
        let before = try open(head + "INDEX 0 0:0:0\nINDEX 1 0:0:5\nINDEX 2 0:0:3\n")
        #expect(before.layout.tracks[0].laterIndexes.isEmpty)
        #expect(before.warnings.contains { $0.contains("does not have the places of 1 index") })
    }

    @Test func `graphics without P and Q get them`() throws {
        let sound = SampleDisc.sound(20, seed: 5)
        // R to W alone, as files of CD+G have them.
        let side = (0..<20).map { i in (0..<96).map { UInt8((i * 7 + $0) & 0x3F) } }
        try folder.write("image.bin", zip(sound, side).flatMap { $0 + $1 })
        let image = try open("FILE image.bin BINARY\nTRACK 1 CDG\nINDEX 1 0:0:0\n")
        for address in 0..<20 {
            let q = PlainSector.q(0, 1, 1, relative: address, absolute: address)
            let made = PlainSector.interleaved(PlainSector.linear(p: 0, q: q, r: 0))
            #expect(
                try image.disc.subchannel(address) == zip(side[address], made).map { $0 | $1 }
            )
        }
    }

    @Test(arguments: [
        ("MODE1/2352", "xa"), ("MODE2/2352", "data"), ("MODE1/2048", "data"), ("AUDIO", "data"),
        ("MODE2/2336", "xa"),
    ])
    func `a sheet that is wrong about the mode`(_ mode: String, _ name: String) throws {
        let disc = try #require(SampleDisc.all.first { $0.name == name }).disc
        try folder.write("image.bin", disc.bytes)
        let image = try open("FILE image.bin BINARY\nTRACK 1 \(mode)\nINDEX 1 0:0:0\n")
        try expectSame(image.disc, disc)
        #expect(!image.warnings.isEmpty)
    }

    @Test(arguments: [
        ("IMAGE.BIN", "image.bin"), ("C:\\discs\\image.bin", "image.bin"),
        ("old name.bin", "image.bin"), ("../elsewhere/image.bin", "image.bin"),
    ])
    func `a file with another name`(_ named: String, _ there: String) throws {
        try folder.write(there, SampleDisc.data.bytes)
        let image = try open("FILE \"\(named)\" BINARY\nTRACK 1 MODE1/2352\nINDEX 1 0:0:0\n")
        try expectSame(image.disc, .data)
        #expect(!image.warnings.isEmpty)
    }

    @Test func `what stands twice in a sheet is told`() throws {
        try folder.write("image.bin", SampleDisc.audio.bytes)
        let image = try open(
            "CATALOG 1234567890128\nCATALOG 4006408126539\nCATALOG 4006408126539\n"
                + "FILE image.bin BINARY\nTRACK 1 AUDIO\nISRC USABC0000001\nISRC USABC0000002\n"
                + "INDEX 1 0:0:0\n"
        )
        #expect(image.layout.catalog == "4006408126539")
        #expect(image.layout.tracks[0].isrc == "USABC0000002")
        #expect(
            image.warnings == [
                "The sheet has more than one catalogue number; “4006408126539”, which comes later, counts, and “1234567890128” is left out.",
                "Track 1 has more than one ISRC in the sheet; “USABC0000002”, which comes later, counts, and “USABC0000001” is left out.",
            ]
        )
    }

    @Test(arguments: ["\r\n", "\n", "\r"], ["", "\u{FEFF}"])
    func `line ends and marks`(_ end: String, _ mark: String) throws {
        try folder.write("image.bin", SampleDisc.audio.bytes)
        let sheet = SampleDisc.audio.cueSheet().split(separator: "\n").joined(separator: end)
        try expectSame(try open(mark + sheet).disc, .audio)
        let bytes = (mark + sheet).unicodeScalars.map { UInt8(exactly: $0.value) ?? 0x3F }
        if mark.isEmpty {
            let image = try DiscImage(try folder.write("latin.cue", bytes))
            try expectSame(image.disc, .audio)
        } else {
            let units = (mark + sheet).utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            try expectSame(try DiscImage(try folder.write("wide.cue", units)).disc, .audio)
        }
    }

    @Test func `packs of CD-TEXT in a file`() throws {
        try folder.write("image.bin", SampleDisc.audio.bytes)
        var block = CDText.Block()
        block.set("Titel", as: .title, track: 0)
        block.set("Genre", as: .message, track: 2)
        let packs = CDText(blocks: [block, block]).packs(firstTrack: 1, lastTrack: 2)
        for lead in [[], [0, 0x90, 0, 0]] as [[UInt8]] {
            try folder.write("image.cdt", lead + packs.flatMap(\.bytes) + (lead.isEmpty ? [0] : []))
            let image = try open("CDTEXTFILE \"image.cdt\"\n" + SampleDisc.audio.cueSheet())
            #expect(image.layout.cdText == packs)
        }
    }

    /// Opens the disc with a file of CD-TEXT beside it.
    private func open(withTexts bytes: [UInt8]) throws -> DiscImage {
        try folder.write("image.bin", SampleDisc.audio.bytes)
        try folder.write("image.cdt", bytes)
        return try open("CDTEXTFILE \"image.cdt\"\n" + SampleDisc.audio.cueSheet())
    }

    @Test func `packs of CD-TEXT that are damaged are told`() throws {
        var block = CDText.Block()
        block.set("A title that takes more than one pack", as: .title, track: 0)
        let packs = CDText(blocks: [block]).packs(firstTrack: 1, lastTrack: 2)
        let bytes = packs.flatMap(\.bytes)
        func sums(_ sum: (Int, UInt8) -> UInt8) -> [UInt8] {
            bytes.indices.map { $0 % 18 < 16 ? bytes[$0] : sum($0 / 18, bytes[$0]) }
        }
        #expect(try open(withTexts: bytes).warnings.isEmpty)

        // No checksums at all: they are made.
        let bare = try open(withTexts: sums { _, _ in 0 })
        #expect(bare.layout.cdText == packs)
        #expect(bare.warnings.count == 1)
        #expect(bare.warnings.first?.contains("have no checksums") == true)

        // Wrong ones: the packs stay as they are, which no disc is burned with unasked.
        for count in [1, packs.count] {
            let wrong = try open(withTexts: sums { $0 < count ? $1 ^ 0x55 : $1 })
            #expect(wrong.layout.cdText.count == packs.count)
            #expect(wrong.layout.cdText.filter { !$0.isIntact }.count == count)
            #expect(
                wrong.warnings.contains {
                    $0.contains("\(count) of \(packs.count) packs have wrong")
                },
                "\(wrong.warnings)"
            )
            let features = try DiscInventory(of: wrong.disc, reading: false).features
            #expect(features[.cdText] != nil && features[.cdTextPacks] != nil)
        }

        for lead in [[], [0, 0x90, 0, 0]] as [[UInt8]] {
            let cut = try open(withTexts: lead + bytes.dropLast(5))
            #expect(cut.layout.cdText == Array(packs.dropLast()))
            #expect(cut.warnings.contains { $0.contains("is not whole; it is left out") })
        }
        let none = try open(withTexts: [UInt8](repeating: 7, count: 90))
        // Then the titles are those of the sheet.
        #expect(!none.layout.cdText.contains(packs[0]))
        #expect(none.warnings.contains { $0.contains("has none") })
    }

    @Test func `what a disc can't have of a sheet is told`() throws {
        try folder.write("image.bin", SampleDisc.audio.bytes)
        try folder.write("more.bin", SampleDisc.audio.bytes)
        let image = try open(
            """
            FILE image.bin BINARY
              TRACK 01 AUDIO
                INDEX 01 00:00:00
                INDEX 00 00:00:04
                INDEX 03 00:00:05
            FILE more.bin BINARY
            """
        )
        #expect(image.warnings.contains { $0 == "No track lies in “more.bin”; it is left out." })
        #expect(
            image.warnings.contains {
                $0 == "Index 0 of track 1 comes after its index 1; it is left out."
            }
        )
        #expect(
            image.warnings.contains {
                $0 == "Track 1 has no index 2: its index 3 becomes that."
            }
        )
        #expect(image.layout.tracks.first?.laterIndexes.map(\.rawValue) == [5])
    }

    @Test func `an index before its track is told`() throws {
        try folder.write("image.bin", SampleDisc.audio.bytes)
        let image = try open(
            """
            FILE image.bin BINARY
              TRACK 01 AUDIO
                INDEX 01 00:00:00
              TRACK 02 AUDIO
                INDEX 01 00:00:05
                INDEX 02 00:00:02
            """
        )
        #expect(
            image.warnings.contains {
                $0 == "Index 2 of track 2 lies before the start of the track; it is left out."
            },
            "\(image.warnings)"
        )
        #expect(image.layout.tracks.last?.laterIndexes.isEmpty == true)
    }

    @Test(arguments: [
        ("FILE image.bin BINARY\nTRACK 100 AUDIO\nINDEX 1 0:0:0", "the number of a track", 22),
        ("FILE image.bin BINARY\nTRACK 1 MODE3\nINDEX 1 0:0:0", "the mode of track 1", 22),
        ("FILE image.bin BINARY\nTRACK 1 AUDIO\nINDEX 1 0:99:0", "the time of index 1", 36),
        ("FILE image.bin BINARY\nTRACK 1 AUDIO\n", "track 1", 22),
        ("FILE image.bin BINARY\n", "the sheet", nil),
        (
            "FILE gone BINARY\nFILE image.bin BINARY\nTRACK 1 AUDIO\nINDEX 1 0:0:0",
            "the file “gone”", 0
        ),
        (
            "FILE image.bin BINARY\nTRACK 1 AUDIO\nINDEX 1 0:0:9\nTRACK 2 AUDIO\nINDEX 1 0:0:3",
            "track 1", 22
        ),
        (
            "FILE image.bin BINARY\nTRACK 2 AUDIO\nINDEX 1 0:0:0\nTRACK 1 AUDIO\nINDEX 1 0:0:3",
            "the table of tracks", nil
        ),
    ])
    func `a broken sheet is told with field and place`(
        _ sheet: String,
        _ field: String,
        _ offset: Int?
    ) throws {
        try folder.write("image.bin", SampleDisc.data.bytes)
        let file = try ImageFile(try folder.write("image.cue", sheet))
        let error = try #require(throws: ImageFormatError.self) {
            _ = try ImageFormat.cue.reader(file)
        }
        #expect(error.field == field)
        #expect(error.offset == offset)
    }

    @Test func `a file cut off is a warning and a result`() throws {
        try folder.write("image.bin", Array(SampleDisc.mixed.bytes.dropLast(2352 * 40)))
        let image = try open(SampleDisc.mixed.cueSheet())
        #expect(image.warnings.contains { $0.contains("truncated") })
        #expect(try image.disc.raw(30) == SampleDisc.mixed.tracks[0].sectors[30])
        #expect(throws: UnreadableSectors.self) { try image.disc.raw(90) }
    }

    @Test(arguments: ["", "hello", "CD_DA\nTRACK AUDIO\nSILENCE 1:0:0", "[CloneCD]\nVersion=3"])
    func `other texts are no cue sheets`(_ text: String) throws {
        let file = try ImageFile(try folder.write("image.cue", text))
        #expect(try ImageFormat.cue.reader(file) == nil)
    }
}
