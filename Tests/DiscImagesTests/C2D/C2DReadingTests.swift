import DiscImages
import DiscModel
import TestSupport
import Testing
import Transfer

struct C2DReadingTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func open(_ bytes: [UInt8]) throws -> DiscImage {
        let image = try DiscImage(try folder.write("image.c2d", bytes))
        #expect(image.format?.name == "c2d")
        #expect(image.warnings.isEmpty)
        return image
    }

    @Test(arguments: SampleDisc.all.indices, [2352, 2448])
    func `raw sectors, with and without subchannel`(_ index: Int, _ size: Int) throws {
        let disc = SampleDisc.all[index].disc
        for isRoxio in [false, true] {
            let image = try open(disc.c2d(size, isRoxio: isRoxio))
            try expectSame(image.disc, disc, lacks: [.titles, .flags])
            for track in disc.tracks {
                let emphasis: TrackFlags = track.flags.intersection(.preEmphasis)
                #expect(image.layout.tracks[track.number - 1].flags == emphasis)
                guard size == 2448 else { continue }
                #expect(
                    try image.disc.subchannel(track.end - 1)
                        == PlainSector.interleaved(disc.linear(track.end - 1))
                )
            }
        }
    }

    @Test func `user data, and mode 2 without its header`() throws {
        try expectSame(try open(SampleDisc.data.c2d(2048)).disc, .data)
        try expectSame(try open(SampleDisc.xa.c2d(2336)).disc, .xa)
        var disc = SampleDisc.sessions
        disc.sessions = [disc.sessions[0]]
        try expectSame(try open(disc.c2d(2048)).disc, disc)
    }

    @Test func `CD-TEXT`() throws {
        var block = CDText.Block()
        block.set("Titel", as: .title, track: 0)
        let packs = CDText(blocks: [block]).packs(firstTrack: 1, lastTrack: 2)
        let image = try open(SampleDisc.audio.c2d(2352, packs: packs.flatMap(\.bytes)))
        #expect(image.layout.cdText == packs)
    }

    @Test func `sectors between two tracks are the later one's pause`() throws {
        var disc = SampleDisc.mixed
        for t in 1...2 {
            disc.sessions[0].tracks[t].sectors.removeFirst(disc.sessions[0].tracks[t].pregap)
            disc.sessions[0].tracks[t].pregap = 0
        }
        let image = try open(disc.c2d(2352))
        #expect(image.layout.tracks.map(\.pregap) == [150, 30, 10])
        #expect(try image.disc.raw(45).allSatisfy { $0 == 0 })
    }

    @Test func `compressed sectors are named, and refused`() throws {
        let error = try #require(throws: ImageFormatError.self) {
            _ = try ImageFormat.c2d.reader(
                ImageFile(SampleDisc.data.c2d(2048, isCompressed: true))
            )
        }
        #expect(error.problem.contains("compressed"))
        #expect(error.offset == 212)
    }

    @Test(arguments: [
        (50, [0, 0], "the number of entries"), (56, [0, 0, 0, 0x7F], "the length of an entry"),
        (200, [45, 0], "the length of an entry"),
        (208, [0, 0, 0, 0x7F], "the last sector of an entry"),
        (220, [0, 1], "the mode of track 1"), (240, [7], "the mode of track 1"),
        (212, [0, 0, 0, 0x7F], "the place of track 1"), (239, [0], "the index of track 1"),
        (52, [0, 0, 0, 0x7F], "CD-TEXT"),
    ])
    func `what can't be right is named`(_ place: Int, _ bytes: [UInt8], _ field: String) throws {
        var image = SampleDisc.data.c2d(2048)
        image.replaceSubrange(place..<(place + bytes.count), with: bytes)
        let error = try #require(throws: ImageFormatError.self) {
            _ = try ImageFormat.c2d.reader(ImageFile(image))
        }
        #expect(error.field == field)
        #expect(error.offset != nil)
    }

    @Test func `a header cut off at every byte`() throws {
        let whole = SampleDisc.mixed.c2d(2352)
        for count in 32..<(200 + 44 * 7) {
            #expect(throws: ImageFormatError.self, "\(count) bytes") {
                _ = try ImageFormat.c2d.reader(ImageFile(Array(whole.prefix(count))))
            }
        }
    }
}
