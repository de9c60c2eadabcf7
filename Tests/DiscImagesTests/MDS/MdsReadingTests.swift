import DiscImages
import DiscModel
import TestSupport
import Testing
import Transfer

struct MdsReadingTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    @Test(arguments: SampleDisc.all.indices, [SampleDisc.Kept.raw, .side])
    func `descriptor and sectors`(_ index: Int, _ kept: SampleDisc.Kept) throws {
        let disc = SampleDisc.all[index].disc
        let (descriptor, data) = disc.mds(kept)
        try folder.write("image.mdf", data)
        let image = try DiscImage(try folder.write("image.mds", descriptor))
        #expect(image.format?.name == "mds")
        #expect(image.warnings.isEmpty)
        try expectSame(image.disc, disc.withoutPregaps, lacks: [.codes, .indexes, .titles])
        guard kept == .side else { return }
        for track in disc.tracks {
            #expect(
                try image.disc.subchannel(track.end - 1)
                    == PlainSector.interleaved(disc.linear(track.end - 1))
            )
        }
    }

    @Test(arguments: [SampleDisc.Kept.raw, .side])
    func `sectors behind the table are told`(_ kept: SampleDisc.Kept) throws {
        let (descriptor, data) = SampleDisc.data.mds(kept)
        let stride = data.count / 40
        try folder.write("image.mdf", data + [UInt8](repeating: 7, count: 2 * stride))
        let image = try DiscImage(try folder.write("image.mds", descriptor))
        try expectSame(image.disc, .data)
        #expect(
            image.warnings == [
                "After the last sector that the table has, image.mdf has \(2 * stride) bytes more (2 sectors), which belong to no track and are left out."
            ]
        )
    }

    @Test func `user data only, and names of two bytes`() throws {
        var wide: [UInt8] = []
        for unit in "Übung.mdf\0".utf16 { wide += [UInt8(unit & 255), UInt8(unit >> 8)] }
        let (descriptor, data) = SampleDisc.data.mds(.user, name: wide, isWide: true)
        try folder.write("Übung.mdf", data)
        try expectSame(try DiscImage(try folder.write("image.mds", descriptor)).disc, .data)
    }

    @Test func `a DVD in two files`() throws {
        let data = SampleDisc.noise(2048 * 50, 1)
        try folder.write("dvd.mdf", Array(data[..<(2048 * 31)]))
        try folder.write("dvd.md1", Array(data[(2048 * 31)...]))
        func le(_ value: Int, _ count: Int) -> [UInt8] {
            SampleDisc.number(value, count, big: false)
        }
        var bytes = Array("MEDIA DESCRIPTOR".utf8) + [1, 3] + le(0x10, 2) + le(1, 2)
        bytes += [UInt8](repeating: 0, count: 58) + le(88, 4) + le(0, 4)
        bytes +=
            le(0, 4) + le(50, 4) + le(1, 2) + [1, 0] + le(1, 2) + le(1, 2) + le(0, 4) + le(112, 4)
        bytes += [0xAA, 0, 0x14, 0, 1, 0, 0, 0, 0, 0, 2, 0] + le(50, 4) + le(2048, 2)
        bytes += [UInt8](repeating: 0, count: 18) + le(0, 4) + le(0, 8) + le(2, 4) + le(192, 4)
        bytes += [UInt8](repeating: 0, count: 24)
        bytes += le(224, 4) + [UInt8](repeating: 0, count: 12)
        bytes += le(232, 4) + [UInt8](repeating: 0, count: 12)
        bytes += Array("dvd.mdf".utf8) + [0] + Array("dvd.md1".utf8) + [0]
        let image = try DiscImage(try folder.write("dvd.mds", bytes))
        #expect(image.medium == .dvdROM)
        #expect(image.source.sectorCount == 50)
        var back = [UInt8](repeating: 0, count: data.count)
        var span = back.mutableSpan
        #expect(try image.source.read(at: 0, into: &span) == 50)
        #expect(back == data)
    }

    @Test func `a descriptor of version 2 is named for what it is`() throws {
        var (descriptor, _) = SampleDisc.data.mds(.raw)
        descriptor[16] = 2
        let error = try #require(throws: ImageFormatError.self) {
            _ = try ImageFormat.mds.reader(try ImageFile(try folder.write("a.mds", descriptor)))
        }
        #expect(error.offset == 16)
        #expect(error.problem.contains("encrypted"))
    }
}
