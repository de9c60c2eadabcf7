import DiscImages
import DiscModel
import TestSupport
import Testing
import Transfer

struct B6TReadingTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func open(_ disc: SampleDisc, _ way: SampleDisc.Blind, as name: String = "image.b6t")
        throws -> DiscImage
    {
        let (descriptor, files) = disc.b6t(way)
        for (name, bytes) in zip(way.names, files) { try folder.write(name, bytes) }
        let image = try DiscImage(try folder.write(name, descriptor))
        #expect(image.format?.name == "b6t")
        #expect(image.warnings.isEmpty)
        return image
    }

    @Test(arguments: SampleDisc.all.indices, 2...4)
    func `raw sectors, with and without subchannel`(_ index: Int, _ reading: Int) throws {
        let disc = SampleDisc.all[index].disc
        var wanted = disc
        // There is no place for recording codes and indexes.
        for s in wanted.sessions.indices {
            for t in wanted.sessions[s].tracks.indices {
                wanted.sessions[s].tracks[t].isrc = nil
                wanted.sessions[s].tracks[t].indexes = []
            }
        }
        for keepsPauses in [false, true] {
            let way = SampleDisc.Blind(reading: reading, keepsPauses: keepsPauses, ballast: 21)
            let image = try open(disc, way)
            try expectSame(image.disc, wanted, lacks: .titles)
            guard reading > 2 else { continue }
            for track in disc.tracks {
                var linear = disc.linear(track.end - 1)
                if reading == 3 { for i in 24..<96 { linear[i] = 0 } }
                #expect(
                    try image.disc.subchannel(track.end - 1) == PlainSector.interleaved(linear)
                )
            }
        }
    }

    @Test func `user data, and mode 2 without its header`() throws {
        try expectSame(try open(.data, SampleDisc.Blind(reading: 0)).disc, .data)
        try expectSame(try open(.xa, SampleDisc.Blind(reading: 1)).disc, .xa)
    }

    @Test func `blocks that end within tracks, in several files`() throws {
        let way = SampleDisc.Blind(
            cuts: [20, 60, 106],
            names: ["a.b6i", "a.001", "a.002", "a.003"]
        )
        let image = try open(.mixed, way, as: "a.b6t")
        try expectSame(image.disc, .mixed, lacks: [.codes, .indexes])
        #expect(image.layout.catalog == SampleDisc.mixed.catalog)
    }

    @Test func `a DVD in two files`() throws {
        let way = SampleDisc.Blind(
            reading: 0,
            cuts: [25],
            names: ["a.b5i", "a.b01"],
            isDVD: true,
            ballast: 40
        )
        let image = try open(.data, way, as: "a.b5t")
        #expect(image.medium == .dvdROM)
        #expect(image.source.sectorCount == 40)
        for i in 0..<40 {
            #expect(
                try image.disc.user(i) == Array(SampleDisc.data.tracks[0].sectors[i][16..<2064])
            )
        }
    }

    @Test(arguments: [0, 4])
    func `CD-TEXT`(_ lead: Int) throws {
        var block = CDText.Block()
        block.set("Titel", as: .title, track: 0)
        let packs = CDText(blocks: [block]).packs(firstTrack: 1, lastTrack: 2)
        let bytes = [UInt8](repeating: 0, count: lead) + packs.flatMap(\.bytes)
        #expect(try open(.audio, SampleDisc.Blind(packs: bytes)).layout.cdText == packs)
    }

    @Test func `a file that was renamed is told`() throws {
        let (descriptor, files) = SampleDisc.data.b6t(SampleDisc.Blind(names: ["C:\\x\\old.b5i"]))
        try folder.write("new.b5i", files[0])
        let image = try DiscImage(try folder.write("new.b5t", descriptor))
        #expect(image.warnings.count == 1)
        try expectSame(image.disc, .data)
    }

    @Test(arguments: [
        (48, 2, 1, "the kind of disc"), (50, 2, 0, "the number of sessions"),
        (100, 2, 0xFFFF, "CD-TEXT"),
        (240, 4, 0x7FFF_FFFF, "the length of the drive's capabilities"),
        (264, 4, 0x7FFF_FFFF, "the number of blocks"),
    ])
    func `broken where it says where things are`(
        _ place: Int,
        _ count: Int,
        _ value: Int,
        _ field: String
    ) throws {
        var (descriptor, files) = SampleDisc.data.b6t(SampleDisc.Blind())
        try folder.write("image.b6i", files[0])
        descriptor.replaceSubrange(
            place..<(place + count),
            with: SampleDisc.number(value, count, big: false)
        )
        let error = try #require(throws: ImageFormatError.self) {
            _ = try ImageFormat.b6t.reader(try ImageFile(try folder.write("a.b6t", descriptor)))
        }
        #expect(error.field.contains(field))
    }

    @Test func `a descriptor cut off at every byte`() throws {
        let (descriptor, files) = SampleDisc.sessions.b6t(SampleDisc.Blind(ballast: 3))
        let data = try folder.write("image.b6i", files[0])
        for count in 16..<descriptor.count {
            let bytes = ArrayBytes(Array(descriptor.prefix(count)))
            do {
                let disc = try ImageFormat.b6t.reader(ImageFile(data, bytes: bytes))
                #expect(disc?.warnings.isEmpty == false, "\(count) bytes")
            } catch {
                #expect(error is ImageFormatError)
            }
        }
    }

    @Test func `version 4 is named for what it is`() throws {
        let bytes = Array("BLINDWRITE TOC FILE".utf8) + SampleDisc.noise(500, 4)
        let error = try #require(throws: ImageFormatError.self) {
            _ = try ImageFormat.open(ImageFile(bytes))
        }
        #expect(error.problem.contains("version 4"))
    }
}
