import DiscImages
import DiscModel
import TestSupport
import Testing
import Transfer

struct TocReadingTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func open(_ text: String) throws -> DiscImage {
        let image = try DiscImage(try folder.write("image.toc", text))
        #expect(image.format?.name == "toc")
        return image
    }

    @Test(arguments: ["data", "xa", "mixed", "audio", "errors"], [false, true])
    func `raw tracks in one file`(_ name: String, _ side: Bool) throws {
        let disc = try #require(SampleDisc.all.first { $0.name == name }).disc
        try folder.write("image.bin", disc.tocBytes(side: side))
        let image = try open(disc.tocFile(side: side))
        #expect(image.warnings.isEmpty)
        try expectSame(image.disc, disc)
        if side {
            for address in [disc.tracks[0].start, disc.tracks[0].end - 1] {
                #expect(
                    try image.disc.subchannel(address)
                        == PlainSector.interleaved(disc.linear(address))
                )
            }
        }
    }

    @Test(arguments: [
        ("MODE1", 16..<2064, "data"), ("MODE2", 16..<2352, "xa"),
        ("MODE2_FORM_MIX", 16..<2352, "xa"),
    ])
    func `data without sync and header`(_ mode: String, _ range: Range<Int>, _ name: String) throws
    {
        let disc = try #require(SampleDisc.all.first { $0.name == name }).disc
        try folder.write("data", disc.tracks[0].sectors.flatMap { Array($0[range]) })
        let kind = name == "xa" ? "CD_ROM_XA" : "CD_ROM"
        try expectSame(try open("\(kind)\nTRACK \(mode)\nDATAFILE \"data\"\n").disc, disc)
        let length = disc.tracks[0].sectors.count * range.count
        try expectSame(
            try open("\(kind)\nTRACK \(mode)\nDATAFILE \"data\" \(length)\n").disc,
            disc
        )
    }

    @Test func `silence, pieces and marks`() throws {
        let sound = SampleDisc.sound(60, seed: 8)
        try folder.write("a.raw", sound[..<20].flatMap { SampleDisc.swapped($0) })
        try folder.write("b.wav", SampleDisc.wave(sound[20...].flatMap { $0 }))
        let image = try open(
            """
            CD_DA
            TRACK AUDIO
            TWO_CHANNEL_AUDIO
            SILENCE 00:00:10
            START
            FILE "a.raw" 0 5880
            FILE "a.raw" 5880
            TRACK AUDIO
            PREGAP 00:00:05
            FILE "b.wav" 0 00:00:30
            INDEX 00:00:07
            TRACK AUDIO
            FILE "b.wav" 00:00:30 00:00:10
            SILENCE 588
            """
        )
        let tracks = image.layout.tracks
        try #require(tracks.map(\.start.rawValue) == [10, 35, 65])
        #expect(tracks.map(\.length) == [20, 30, 11])
        #expect(tracks.map(\.pregap) == [160, 5, 0])
        #expect(tracks[1].laterIndexes.map(\.rawValue) == [42])
        for (address, sector) in [(10, 0), (29, 19), (35, 20), (74, 59)] {
            #expect(try image.disc.raw(address) == sound[sector])
        }
        for address in [9, 32, 75] {
            #expect(try image.disc.raw(address).allSatisfy { $0 == 0 })
        }
    }

    @Test func `pieces join sample by sample`() throws {
        let sound = SampleDisc.noise(20 * 2352, 3)
        try folder.write("a.raw", SampleDisc.swapped(sound))
        try folder.write("b.wav", SampleDisc.wave(sound))
        let image = try open(
            """
            CD_DA
            TRACK AUDIO
            FILE "a.raw" 0 1001
            SILENCE 1000
            START
            FILE "b.wav" 1001 4099
            TRACK AUDIO
            FILE "a.raw" 0 00:00:05
            """
        )
        // 6100 samples, which are ten sectors and 220 samples.
        var padded = Array(sound[..<4004]) + [UInt8](repeating: 0, count: 4000)
        padded += sound[4004..<(5100 * 4)]
        padded += [UInt8](repeating: 0, count: 368 * 4)
        #expect(padded.count == 11 * 2352)
        #expect(image.layout.tracks.map(\.start.rawValue) == [3, 11])
        #expect(image.layout.tracks.map(\.length) == [8, 5])
        for sector in 0..<11 {
            #expect(
                try image.disc.raw(sector)
                    == Array(padded[(sector * 2352)..<(sector * 2352 + 2352)])
            )
        }
        for sector in 0..<5 {
            #expect(
                try image.disc.raw(11 + sector)
                    == Array(sound[(sector * 2352)..<(sector * 2352 + 2352)])
            )
        }
        #expect(
            image.warnings == [
                "The START of track 1 lies within a sector; index 1 is at the beginning of that sector.",
                "Track 1 ends within a sector, which is filled up with 368 samples of silence.",
            ]
        )
    }

    @Test func `pieces that add up to sectors need nothing filled up`() throws {
        let sound = SampleDisc.noise(10 * 2352, 4)
        try folder.write("a.raw", SampleDisc.swapped(sound))
        let image = try open(
            "CD_DA\nTRACK AUDIO\nFILE \"a.raw\" 0 2941\nFILE \"a.raw\" 2941 2939\n"
        )
        #expect(image.warnings.isEmpty)
        #expect(image.layout.tracks.map(\.length) == [10])
        for sector in 0..<10 {
            #expect(
                try image.disc.raw(sector) == Array(sound[(sector * 2352)..<(sector * 2352 + 2352)])
            )
        }
    }

    @Test func `the first track may have another number`() throws {
        try folder.write("a.raw", SampleDisc.noise(10 * 2352, 4))
        let image = try open(
            """
            CD_DA
            FIRST_TRACK_NO 5
            CD_TEXT { LANGUAGE_MAP { 0 : EN } LANGUAGE 0 { TITLE "All" } }
            TRACK AUDIO
            CD_TEXT { LANGUAGE 0 { TITLE "Five" } }
            FILE "a.raw" 0 00:00:05
            TRACK AUDIO
            FILE "a.raw" 00:00:05
            """
        )
        #expect(image.layout.tracks.map(\.number) == [5, 6])
        let text = try #require(CDText(packs: image.layout.cdText).blocks.first)
        #expect(text.text(.title, track: 0) == "All")
        #expect(text.text(.title, track: 5) == "Five")
    }

    @Test func `an index behind the end is told`() throws {
        try folder.write("a.raw", SampleDisc.noise(10 * 2352, 4))
        let image = try open(
            "CD_DA\nTRACK AUDIO\nFILE \"a.raw\" 0\nINDEX 00:00:04\nINDEX 00:00:10\n"
        )
        #expect(image.layout.tracks[0].laterIndexes.map(\.rawValue) == [4])
        #expect(
            image.warnings == [
                "Track 1 does not have the places of 1 index, which is left out."
            ]
        )
    }

    @Test(arguments: ["START 00:00:10", "START"])
    func `a track whose START is its end has no sectors`(_ line: String) throws {
        try folder.write("a.raw", SampleDisc.noise(23520, 1))
        let image = try open("CD_DA\nTRACK AUDIO\nFILE \"a.raw\" 0\n\(line)\n")
        #expect(image.layout.tracks[0].length == 0)
        #expect(image.layout.tracks[0].pregap == 160)
        #expect(image.warnings.count == 1)
        #expect(image.warnings.first?.hasPrefix("Track 1 has no sectors") == true)
    }

    @Test func `samples the other way round`() throws {
        let sound = SampleDisc.sound(10, seed: 1)
        try folder.write("a.raw", sound.flatMap { $0 })
        let image = try open("CD_DA\nTRACK AUDIO\nFILE \"a.raw\" SWAP 0\n")
        #expect(try image.disc.raw(9) == sound[9])
    }

    @Test(arguments: [
        ("CD_DA\nTRACK AUDIO\nFILE \"gone\" 0\n", 18),
        ("CD_DA\nTRACK WHAT\n", 12),
        ("CD_DA\nTRACK AUDIO\nFILE \"a\" #99999999 0\n", 18),
        ("CD_ROM\nTRACK MODE1\nZERO 2049\nFILE \"a\" 0\n", 19),
        ("CD_DA\nTRACK AUDIO\nTRACK AUDIO\nFILE \"a\" 0\n", 6),
        ("CD_DA\nTRACK AUDIO\nFILE \"a\" 0\nSTART 00:00:11\n", 6),
        ("CD_DA\nTRACK AUDIO\nFILE \"image.toc\" 0\n", 18),
        ("CD_DA\nFIRST_TRACK_NO 100\nTRACK AUDIO\nFILE \"a\" 0\n", 21),
        ("CD_DA\nTRACK AUDIO\nSILENCE x\n", 26),
        ("CD_DA\nTRACK AUDIO\nWHAT\n", 18),
        ("CD_DA\nTRACK AUDIO\nCD_TEXT { LANGUAGE 9 {", 37),
        ("CD_DA\nCD_TEXT { LANGUAGE_MAP { 1: FR } }\nTRACK AUDIO\n", 31),
        ("CD_DA\nCD_TEXT { LANGUAGE_MAP { 0 : 300 } }\nTRACK AUDIO\n", 31),
        ("CD_DA\nCD_TEXT { LANGUAGE_MAP { 0 : -1 } }\nTRACK AUDIO\n", 31),
        ("CD_DA\nCD_TEXT { LANGUAGE_MAP { 0 } }\nTRACK AUDIO\n", 31),
        ("CD_DA\nCD_TEXT { LANGUAGE_MAP { 8 : EN } }\nTRACK AUDIO\n", 31),
    ])
    func `a broken file is told with its place`(_ text: String, _ offset: Int) throws {
        try folder.write("a", SampleDisc.noise(23520, 1))
        let file = try ImageFile(try folder.write("image.toc", text))
        let error = try #require(throws: ImageFormatError.self) {
            _ = try ImageFormat.toc.reader(file)
        }
        #expect(error.offset == offset)
    }
}
