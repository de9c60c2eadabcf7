import DiscImages
import DiscModel
import TestSupport
import Testing
import Transfer

struct CdiReadingTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func open(_ bytes: [UInt8]) throws -> DiscImage {
        let image = try DiscImage(try folder.write("image.cdi", bytes))
        #expect(image.format?.name == "cdi")
        #expect(image.warnings.isEmpty)
        return image
    }

    @Test(arguments: SampleDisc.all.indices, [2, 3, 35])
    func `every version`(_ index: Int, _ version: Int) throws {
        let disc = SampleDisc.all[index].disc
        for (hasExtra, hasSound) in [(false, true), (true, true), (false, false)] {
            guard version != 35 || hasSound else { continue }
            let way = SampleDisc.Juggled(
                version: version,
                hasExtra: hasExtra,
                hasSound: hasSound
            )
            let image = try open(disc.cdi(way))
            // What belongs to the disc is only known of the last version.
            if version == 35 { #expect(image.layout.catalog == disc.catalog) }
            var disc = disc
            if version != 35 { disc.catalog = nil }
            try expectSame(image.disc, disc, lacks: .titles)
        }
    }

    @Test(arguments: SampleDisc.all.indices, [3, 4])
    func `subchannel`(_ index: Int, _ reading: Int) throws {
        let disc = SampleDisc.all[index].disc
        let image = try open(disc.cdi(SampleDisc.Juggled(reading: reading)))
        try expectSame(image.disc, disc, lacks: .titles)
        for track in disc.tracks {
            var wanted = disc.linear(track.end - 1)
            if reading == 3 { for i in 24..<96 { wanted[i] = 0 } }
            #expect(try image.disc.subchannel(track.end - 1) == PlainSector.interleaved(wanted))
        }
    }

    @Test func `user data, and mode 2 without its header`() throws {
        try expectSame(try open(SampleDisc.data.cdi(SampleDisc.Juggled(reading: 0))).disc, .data)
        try expectSame(try open(SampleDisc.xa.cdi(SampleDisc.Juggled(reading: 1))).disc, .xa)
    }

    @Test func `packs of CD-TEXT, and titles of tracks`() throws {
        var block = CDText.Block()
        block.set("Titel", as: .title, track: 0)
        let packs = CDText(blocks: [block]).packs(firstTrack: 1, lastTrack: 2)
        var way = SampleDisc.Juggled(packs: packs.flatMap(\.bytes), hasTitles: true)
        #expect(try open(SampleDisc.audio.cdi(way)).layout.cdText == packs)
        way.packs = []
        let text = CDText(packs: try open(SampleDisc.audio.cdi(way)).layout.cdText)
        #expect(text.blocks.first?.text(.title, track: 1) == "Überraschung")
        #expect(text.blocks.first?.text(.title, track: 2) == SampleDisc.audio.tracks[1].title)
    }

    @Test func `something between the sessions and the disc`() throws {
        let image = try open(SampleDisc.mixed.cdi(SampleDisc.Juggled(scrap: 333)))
        try expectSame(image.disc, .mixed)
    }

    @Test func `a DVD`() throws {
        let image = try open(
            SampleDisc.data.cdi(SampleDisc.Juggled(reading: 0, isDVD: true))
        )
        #expect(image.medium == .dvdROM)
        #expect(image.source.sectorCount == 40)
        for i in 0..<40 {
            #expect(
                try image.disc.user(i) == Array(SampleDisc.data.tracks[0].sectors[i][16..<2064])
            )
        }
    }

    @Test func `a plain image that ends with one is a plain image`() throws {
        let inner = SampleDisc.mixed.cdi(SampleDisc.Juggled())
        let outer = SampleDisc.data.tracks[0].sectors
        for cut in [16..<2064, 0..<2352] {
            let bytes = outer.flatMap { Array($0[cut]) } + inner
            let image = try DiscImage(try folder.write("a.iso", bytes))
            #expect(image.format?.name == "iso")
            // So is one that ends with a broken one.
            var broken = bytes
            broken[broken.count - SampleDisc.mixed.cdi(SampleDisc.Juggled()).count / 2] = 1
            let mark = broken.count - 500
            for i in mark..<(mark + 100) { broken[i] = 0xEE }
            #expect(try DiscImage(try folder.write("b.iso", broken)).format?.name == "iso")
        }
    }

    @Test func `a version alone makes none`() throws {
        for version in [UInt8(4), 5, 6] {
            var bytes = SampleDisc.data.tracks[0].sectors.flatMap { Array($0[16..<2064]) }
            bytes.replaceSubrange(
                (bytes.count - 8)...,
                with: [version, 0, 0, 0x80, 0, 4, 0, 0]
            )
            let file = try ImageFile(try folder.write("a.iso", bytes))
            #expect(try ImageFormat.cdi.reader(file) == nil)
            #expect(try DiscImage(file.path).format?.name == "iso")
        }
    }

    @Test func `sectors that belong to no track are told`() throws {
        let bytes = SampleDisc.noise(5000, 3) + SampleDisc.audio.cdi(SampleDisc.Juggled())
        let image = try DiscImage(try folder.write("image.cdi", bytes))
        #expect(image.format?.name == "cdi")
        #expect(image.warnings.contains { $0.contains("5000 bytes") })
    }

    @Test(arguments: [("indexes", 0, 0x7F7F), ("mode", 16, 9), ("length", 36, 0x7FFF_FFFF)])
    func `broken where it says what a track is`(_ field: String, _ place: Int, _ value: Int) throws
    {
        var bytes = SampleDisc.mixed.cdi(SampleDisc.Juggled())
        let name = Array("C:\\Images\\ÄÖ.cdi".utf8).count
        // The header of a track, and the two numbers before it.
        let body = (150 + 126) * 2352 + 4 + 4 + 20 + 4 + 1 + name + 19 + 12
        let offset = body + place
        let count = field == "indexes" ? 2 : 4
        bytes.replaceSubrange(
            offset..<(offset + count),
            with: SampleDisc.number(value, count, big: false)
        )
        let error = try #require(throws: ImageFormatError.self) {
            _ = try ImageFormat.cdi.reader(try ImageFile(try folder.write("a.cdi", bytes)))
        }
        #expect(error.offset == offset)
        #expect(error.field.contains(field))
    }

    @Test(arguments: [2, 3, 35])
    func `a descriptor cut off at every byte`(_ version: Int) throws {
        let whole = SampleDisc.audio.cdi(SampleDisc.Juggled(version: version, hasTitles: true))
        let start = (150 + 83) * 2352
        let descriptor = Array(whole[start..<(whole.count - 8)])
        for count in 0..<descriptor.count {
            var bytes = whole.prefix(start) + descriptor.prefix(count)
            bytes += SampleDisc.number(
                0x8000_0004 + (version == 35 ? 2 : version - 2),
                4,
                big: false
            )
            bytes += SampleDisc.number(version == 35 ? count + 8 : start, 4, big: false)
            do {
                let disc = try ImageFormat.cdi.reader(ImageFile(Array(bytes)))
                // Without the disc's part the tracks are whole.
                #expect(disc == nil || disc?.layout.tracks.count == 2, "\(count) bytes")
            } catch {
                #expect(error is ImageFormatError)
            }
        }
    }

    @Test func `a DVD is written and read back`() throws {
        let image = try open(SampleDisc.data.cdi(SampleDisc.Juggled(reading: 0, isDVD: true)))
        let target = Target(name: "cdi", format: "cdi")
        let back = try target.write(image.disc, in: folder, as: "back")
        #expect(back.medium == .dvdROM)
        #expect(back.layout == image.layout)
        for i in 0..<40 {
            #expect(try back.disc.user(i) == image.disc.user(i))
        }
    }

    @Test func `an image that has Q alone keeps it`() throws {
        let image = try open(SampleDisc.mixed.cdi(SampleDisc.Juggled(reading: 3)))
        let back = try Target(name: "cdi", format: "cdi").write(image.disc, in: folder, as: "back")
        try expectSame(back.disc, .mixed)
        #expect(back.disc.storage(at: 0).subchannel == .q)
        for address in [0, 39, 40, 70, 104, 125] {
            #expect(try back.disc.subchannel(address) == image.disc.subchannel(address))
        }
    }

    @Test func `what an image of DiscJuggler lacks`() throws {
        let path = try folder.write("image.bin", SampleDisc.xa.bytes)
        var layout = DiscLayout(sessions: [
            DiscLayout.Session(
                number: 1,
                tracks: [
                    Track(number: 4, session: 1, mode: .mode2Mixed, start: .zero, length: 50)
                ],
                leadOut: LBA(50)
            )
        ])
        layout.sessions[0].kind = .cdI
        let disc = try ImageDisc(
            medium: .cdROM,
            layout: layout,
            files: [try FileBytes(path)],
            placements: [Placement(0..<50, .raw, offset: 0)]
        )
        let inventory = try DiscInventory(of: disc, reading: true)
        let losses = DiscLoss.losses(of: inventory, in: .cdi).map(\.feature)
        #expect(losses == [.trackNumbers, .interactiveSessions])
        let back = try Target(name: "cdi", format: "cdi").write(disc, in: folder, as: "back")
        var wanted = Set(inventory.features.keys).subtracting(losses)
        wanted.insert(.sessionKinds)
        #expect(Set(try DiscInventory(of: back.disc, reading: true).features.keys) == wanted)
    }
}
