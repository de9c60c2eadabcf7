import DiscImages
import DiscModel
import TestSupport
import Testing
import Transfer

struct NrgReadingTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func open(_ bytes: [UInt8]) throws -> DiscImage {
        let image = try DiscImage(try folder.write("image.nrg", bytes))
        #expect(image.format?.name == "nrg")
        #expect(image.warnings.isEmpty)
        return image
    }

    @Test(
        arguments: SampleDisc.all.indices,
        [(SampleDisc.Kept.raw, false), (.raw, true), (.side, false), (.side, true)]
    )
    func `a disc written at once`(_ index: Int, _ variant: (SampleDisc.Kept, Bool)) throws {
        let (kept, isOld) = variant
        let disc = SampleDisc.all[index].disc
        let image = try open(disc.nrg(kept, isOld: isOld))
        try expectSame(image.disc, disc, lacks: .titles)
        guard kept == .side else { return }
        for track in disc.tracks {
            #expect(
                try image.disc.subchannel(track.end - 1)
                    == PlainSector.interleaved(disc.linear(track.end - 1))
            )
        }
    }

    @Test(arguments: [false, true])
    func `user data only, written at once and track by track`(_ isOld: Bool) throws {
        try expectSame(try open(SampleDisc.data.nrg(.user, isOld: isOld)).disc, .data)
        try expectSame(try open(SampleDisc.data.trackAtOnceNrg(.user, isOld: isOld)).disc, .data)
    }

    @Test(arguments: ["data", "xa", "sessions", "errors"], [false, true])
    func `tracks written one by one`(_ name: String, _ isOld: Bool) throws {
        let disc = try #require(SampleDisc.all.first { $0.name == name }).disc
        try expectSame(try open(disc.trackAtOnceNrg(.raw, isOld: isOld)).disc, disc)
    }

    @Test func `code 0 for raw sectors, as MagicISO writes it`() throws {
        try expectSame(try open(SampleDisc.data.nrg(.raw, isOld: false, code: 0)).disc, .data)
        try expectSame(try open(SampleDisc.xa.nrg(.raw, isOld: false, code: 0)).disc, .xa)
    }

    /// The chunk of the tracks has only the first and the last number; the marks have all.
    @Test(arguments: [false, true])
    func `numbers of tracks with a hole in them`(_ isOld: Bool) throws {
        let tracks = [(3, 0), (4, 20), (12, 40)].map { number, start in
            SampleDisc.SampleTrack(
                number: number,
                mode: .audio,
                start: start,
                sectors: SampleDisc.sound(20, seed: number)
            )
        }
        let disc = SampleDisc(sessions: [SampleDisc.SampleSession(tracks: tracks)])
        let image = try open(disc.nrg(.raw, isOld: isOld))
        #expect(image.layout.tracks.map(\.number) == [3, 4, 12])
        try expectSame(image.disc, disc)
        // What is written is read again with the same numbers.
        let path = folder.path("copy.nrg")
        let sink = try #require(try ImageFormat.nrg.writer?(image.disc, path, ImageOptions()))
        _ = try DiscCopy.run(from: image.disc, to: sink)
        #expect(try DiscImage(path).layout.tracks.map(\.number) == [3, 4, 12])
    }

    @Test func `CD-TEXT`() throws {
        var block = CDText.Block()
        block.set("Titel", as: .title, track: 0)
        let packs = CDText(blocks: [block]).packs(firstTrack: 1, lastTrack: 2)
        let bytes = packs.flatMap(\.bytes)
        var image = SampleDisc.audio.nrg(.raw, isOld: false)
        let chunk = Array("CDTX".utf8) + SampleDisc.number(bytes.count, 4, big: true) + bytes
        image.insert(contentsOf: chunk, at: image.count - 12 - 8)
        #expect(try open(image).layout.cdText == packs)
    }

    @Test(arguments: [
        (0, UInt8(0x7F), "the descriptor's offset"), (8 + 4, UInt8(0xFF), "the length of a chunk"),
    ])
    func `broken where it says where things are`(_ place: Int, _ byte: UInt8, _ field: String)
        throws
    {
        var bytes = SampleDisc.data.nrg(.raw, isOld: false)
        let start = (40 + 150) * 2352
        if place == 0 { bytes[bytes.count - 8] = byte } else { bytes[start + 4] = byte }
        let error = try #require(throws: ImageFormatError.self) {
            _ = try ImageFormat.nrg.reader(try ImageFile(try folder.write("a.nrg", bytes)))
        }
        #expect(error.offset == (place == 0 ? bytes.count - 8 : start + 4))
    }
}
