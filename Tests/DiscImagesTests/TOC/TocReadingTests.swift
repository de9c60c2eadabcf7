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
        ("CD_DA\nTRACK AUDIO\nFILE \"a\" 0 17\n", 18),
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
