import DiscImages
import DiscModel
import Reports
import TestSupport
import Testing
import Transfer

struct PlainImageTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// The sectors of a disc's first track, cut to what a kind of image keeps.
    private func cut(_ disc: SampleDisc, _ range: Range<Int>, tail: (Int) -> [UInt8] = { _ in [] })
        -> [UInt8]
    {
        disc.tracks[0].sectors.enumerated().flatMap { $0.element[range] + tail($0.offset) }
    }

    private static let form1: SampleDisc = SampleDisc(sessions: [
        SampleDisc.SampleSession(
            tracks: [
                SampleDisc.SampleTrack(
                    number: 1,
                    mode: .mode2Mixed,
                    start: 0,
                    sectors: SampleDisc.form1(0, 40, seed: 20)
                )
            ],
            kind: .cdROMXA
        )
    ])

    @Test(arguments: ["image.iso", "image.mdf", "noending"])
    func `sectors of 2048 bytes`(_ name: String) throws {
        let path = try folder.write(name, cut(.data, 16..<2064))
        let image = try DiscImage(path)
        #expect(image.format?.name == "iso")
        #expect(image.byteCount == 40 * 2048)
        #expect(image.warnings.isEmpty)
        try expectSame(image.disc, .data)
        #expect((image.nameContradiction != nil) == name.hasSuffix("mdf"))
    }

    @Test func `an image that ends within a sector`() throws {
        let path = try folder.write("image.iso", Array(cut(.data, 16..<2064).dropLast(100)))
        let image = try DiscImage(path)
        #expect(image.byteCount == 40 * 2048 - 100)
        #expect(image.source.sectorCount == 40)
        let last = try image.disc.user(39)
        #expect(last.suffix(100).allSatisfy { $0 == 0 })
        #expect(last.prefix(1948) == SampleDisc.data.tracks[0].sectors[39][16..<1964])
    }

    @Test(arguments: [0, 1, 500, 2351])
    func `raw sectors of mode 1, with bytes behind them`(_ junk: Int) throws {
        let bytes = cut(.data, 0..<2352) + SampleDisc.noise(junk, 3)
        let image = try DiscImage(try folder.write("image.bin", bytes))
        try expectSame(image.disc, .data)
        #expect(image.warnings.isEmpty == (junk == 0))
    }

    @Test func `raw sectors of mode 2, errors and all`() throws {
        try expectSame(DiscImage(try folder.write("a.bin", cut(.xa, 0..<2352))).disc, .xa)
        try expectSame(DiscImage(try folder.write("b.bin", cut(.errors, 0..<2352))).disc, .errors)
    }

    @Test func `mode 2 without sync and header`() throws {
        try expectSame(DiscImage(try folder.write("a.img", cut(.xa, 16..<2352))).disc, .xa)
    }

    @Test func `mode 2 without what can be made`() throws {
        let short = cut(Self.form1, 16..<2072)
        try expectSame(DiscImage(try folder.write("a.img", short)).disc, Self.form1)
        let long = cut(.xa, 16..<2348)
        try expectSame(DiscImage(try folder.write("b.img", long)).disc, .xa)
    }

    @Test(arguments: ["interleaved", "linear", "q", "zero", "fixed"])
    func `raw sectors with subchannel`(_ kind: String) throws {
        let bytes = cut(.data, 0..<2352) { address in
            let linear = SampleDisc.data.linear(address)
            switch kind {
            case "interleaved": return PlainSector.interleaved(linear)
            case "linear": return linear
            case "q": return Array(linear[12..<24]) + [0, 0, 0, 0]
            // What some programs write there.
            case "fixed": return [0x80, 0xC0] + [UInt8](repeating: 0x80, count: 94)
            default: return [UInt8](repeating: 0, count: 96)
            }
        }
        let image = try DiscImage(try folder.write("image.mdf", bytes))
        try expectSame(image.disc, .data)
        for address in [0, 7, 39] {
            let linear = SampleDisc.data.linear(address)
            let wanted =
                switch kind {
                case "interleaved", "linear": linear
                case "q": PlainSector.linear(p: 0, q: Array(linear[12..<24]), r: 0)
                default: PlainSector.linear(p: 0, q: Array(linear[12..<24]), r: 0)
                }
            #expect(try image.disc.subchannel(address) == PlainSector.interleaved(wanted))
        }
        let isKept = image.disc.storage(at: 0).subchannel != .absent
        #expect(isKept == ["interleaved", "linear", "q"].contains(kind))
        #expect(image.warnings.isEmpty == isKept)
    }

    @Test func `an image that begins with the pause`() throws {
        let pause = (-150..<0).flatMap {
            PlainSector.mode1($0, [UInt8](repeating: 0, count: 2048))
        }
        let image = try DiscImage(try folder.write("image.bin", pause + cut(.data, 0..<2352)))
        try expectSame(image.disc, .data)
        #expect(image.disc.storage(at: -150).form == .raw)
    }

    @Test func `data with sound behind them`() throws {
        let sound = SampleDisc.sound(300, seed: 1).flatMap { $0 }
        var bytes = cut(.data, 0..<2352)
        // A damaged sector among the data, at which the search for their end looks.
        bytes.replaceSubrange(22 * 2352..<22 * 2352 + 16, with: repeatElement(0, count: 16))
        let image = try DiscImage(try folder.write("image.img", bytes + sound))
        #expect(image.layout.tracks.map(\.content) == [.data, .audio])
        #expect(image.layout.tracks[1].start.rawValue == 40)
        #expect(try image.disc.raw(339) == Array(sound.suffix(2352)))
        #expect(image.source.sectorCount == 40)
    }

    /// No track of a CD is so short: this is the run-out of a track that a ripper could not read.
    @Test(arguments: [1, 2, 10, 299])
    func `raw sectors with zeros behind them are damaged data`(_ count: Int) throws {
        let zeros = [UInt8](repeating: 0, count: count * 2352)
        let image = try DiscImage(try folder.write("image.bin", cut(.data, 0..<2352) + zeros))
        #expect(image.layout.tracks.map(\.content) == [.data])
        #expect(image.layout.tracks[0].length == 40 + count)
        #expect(image.warnings.isEmpty)
        let damage = try SectorDamage(of: image.disc)
        #expect(damage.lost.map(\.sectors) == [40..<(40 + count)])
    }

    @Test func `a stick's image is named for what it is`() throws {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        bytes[510] = 0x55
        bytes[511] = 0xAA
        // One partition of FAT32 from block 64 on.
        bytes[446 + 4] = 0x0C
        bytes[446 + 8] = 64
        bytes[446 + 13] = 7
        let path = try folder.write("stick.img", bytes)
        let failure = try #require(throws: Failure.self) { try DiscImage(path) }
        #expect(failure.what.contains("is an image of a stick or hard disk, not of a disc"))
        #expect(failure.exitCode.rawValue == 1)
        #expect(try DiscImage(path, allowsAnything: true).source.sectorCount == 512)
    }

    @Test func `a raw image without a sheet is as long as it is`() throws {
        let path = try folder.write("image.bin", Array(cut(.data, 0..<2352).dropLast(2352 * 3)))
        let image = try DiscImage(path)
        #expect(image.source.sectorCount == 37)
        var bytes = [UInt8](repeating: 0, count: 2048)
        var span = bytes.mutableSpan
        #expect(try image.source.read(at: 37, into: &span) == 0)
    }

    @Test func `an empty file is none`() throws {
        #expect(throws: (any Error).self) { try DiscImage(try folder.write("empty.iso", [])) }
    }
}
