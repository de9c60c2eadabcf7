import DiscFiles
import TestSupport
import Testing

/// ISO 9660's directories, with Joliet's and those of ISO 9660:1999.
@Suite struct ISOTreeTests {
    /// A volume with its root directory in sector 20.
    private static func volume(sectors: Int = 64, blockSize: UInt16 = 2048) -> Image {
        var image = Image(sectors: sectors)
        let root = UInt32(20 * 2048 / Int(blockSize))
        image.putPrimary(at: 16, size: UInt32(sectors), blockSize: blockSize, root: root)
        image.putTerminator(at: 18)
        return image
    }

    @Test func `Versions and empty extensions are no part of names`() throws {
        var image = Self.volume()
        image.putDirectory(
            at: 20,
            [
                Image.record("A.TXT;2", block: 30, size: 5),
                Image.record("A.TXT;1", block: 31, size: 6),
                Image.record("B.;1", block: 32, size: 7), Image.record("C", block: 33, size: 0),
                Image.record("D;X", block: 33, size: 0),
                Image.record("SUB", block: 21, size: 2048, flags: 2),
                Image.record("Z.;1", block: 33, size: 0, flags: 1),
            ]
        )
        image.putDirectory(at: 21, parent: 20, [Image.record("E.E;1", block: 34, size: 3)])
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == ["A.TXT", "A.TXT;1", "B", "C", "D;X", "SUB/", "SUB/E.E", "Z"])
        #expect(reading.entries["A.TXT"]?.size == 5)
        #expect(reading.entries["A.TXT"]?.modified?.description == "2020-02-29T12:34:56+02:00")
        #expect(reading.entries["SUB/E.E"]?.extents == [FileExtent(offset: 34 * 2048, length: 3)])
        #expect(reading.entries["SUB/E.E"]?.extents.first?.sectors == 34..<35)
        #expect(reading.entries["Z"]?.isHidden == true)
        #expect(reading.entries["C"]?.extents.isEmpty == true)
        #expect(reading.problems.isEmpty)
    }

    /// ECMA-119 §6.8.1.1: zeros fill a sector behind its last record.
    @Test(arguments: [(0, ["A"]), (1, ["A", "B"])])
    func `Records behind one that lost its length are told`(lost: Int, paths: [String]) throws {
        var image = Self.volume()
        image.putDirectory(
            at: 20,
            ["A.;1", "B.;1", "C.;1"].map { Image.record($0, block: 30, size: 5) }
        )
        // The directory's own two records have 34 bytes each, and the others 38.
        image.put([0], at: 20 * 2048 + 68 + 38 * (lost + 1))
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == paths)
        #expect(reading.problems.map(\.loss) == [.entries])
    }

    @Test func `A record that covers the next one is told`() throws {
        var image = Self.volume()
        image.putDirectory(
            at: 20,
            ["A.;1", "B.;1", "C.;1"].map { Image.record($0, block: 30, size: 5) }
        )
        image.put([76], at: 20 * 2048 + 68)
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == ["A", "C"])
        #expect(reading.problems.map(\.loss) == [.entries])
    }

    @Test func `Rubbish behind the last record is no problem`() throws {
        var image = Self.volume()
        image.putDirectory(at: 20, [Image.record("A.;1", block: 30, size: 5)])
        let rubbish = (0..<1900).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ 7) }
        image.put([0] + rubbish, at: 20 * 2048 + 68 + 38)
        #expect(try TreeReading(image.bytes, .iso).problems.isEmpty)
    }

    @Test func `The parts of a file are joined`() throws {
        var image = Self.volume()
        image.putDirectory(
            at: 20,
            [
                Image.record("BIG;1", block: 30, size: 4096, flags: 0x80),
                Image.record("BIG;1", block: 40, size: 2048, flags: 0x80),
                Image.record("BIG;1", block: 35, size: 10),
                Image.record("NEXT;1", block: 36, size: 1),
                Image.record("ZOPEN;1", block: 37, size: 2048, flags: 0x80),
            ]
        )
        for sector in [30, 31, 40, 35] {
            image.put([UInt8](repeating: UInt8(sector), count: 2048), at: sector * 2048)
        }
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == ["BIG", "NEXT", "ZOPEN"])
        #expect(reading.entries["BIG"]?.size == 6154)
        let expected = [(30, 2048), (31, 2048), (40, 2048), (35, 10)].flatMap {
            [UInt8](repeating: UInt8($0.0), count: $0.1)
        }
        #expect(try reading.contents("BIG", image.bytes) == expected)
        #expect(reading.problems.count == 1)
        #expect(!reading.isIncomplete)
    }

    @Test func `Interleaved files and extended attribute records`() throws {
        var image = Self.volume()
        image.putDirectory(
            at: 20,
            [
                // Units of two blocks, gaps of three: 30, 31, 35, 36, 40.
                Image.record(
                    Array("I;1".utf8),
                    block: 30,
                    size: 4 * 2048 + 100,
                    unit: 2,
                    gap: 3
                ),
                Image.record(Array("X;1".utf8), block: 50, size: 9, attributeBlocks: 2),
            ]
        )
        for sector in 30..<64 {
            image.put([UInt8](repeating: UInt8(sector), count: 2048), at: sector * 2048)
        }
        let reading = try TreeReading(image.bytes, .iso)
        let expected = [(30, 2048), (31, 2048), (35, 2048), (36, 2048), (40, 100)].flatMap {
            [UInt8](repeating: UInt8($0.0), count: $0.1)
        }
        let entry = try #require(reading.entries["I"])
        for piece in [1, 100, 2048, 4096, 10000] {
            #expect(try TreeReading.contents(of: entry, image.bytes, piece: piece) == expected)
        }
        #expect(entry.extents.first?.sectors == 30..<41)
        #expect(try reading.contents("X", image.bytes) == [UInt8](repeating: 52, count: 9))
    }

    @Test(arguments: [512, 1024] as [UInt16])
    func `Logical blocks may be smaller than sectors`(blockSize: UInt16) throws {
        var image = Self.volume(blockSize: blockSize)
        let blocks = UInt32(2048 / blockSize)
        image.putDirectory(at: 20, [Image.record("F;1", block: 30 * blocks + 1, size: 4)])
        image.put("data", at: 30 * 2048 + Int(blockSize))
        let reading = try TreeReading(image.bytes, .iso)
        #expect(try reading.contents("F", image.bytes) == Array("data".utf8))
    }

    @Test func `An associated file is the resource fork of the file of its name`() throws {
        var image = Self.volume()
        image.putDirectory(
            at: 20,
            [
                Image.record("MAC;1", block: 30, size: 300, flags: 4),
                Image.record("MAC;1", block: 31, size: 400),
                Image.record("ONLY;1", block: 32, size: 500, flags: 4),
            ]
        )
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == ["MAC", "ONLY"])
        #expect(reading.entries["MAC"]?.size == 400)
        #expect(reading.entries["MAC"]?.resourceForkSize == 300)
        #expect(reading.entries["ONLY"]?.size == 500)
    }

    @Test func `A directory has as many sectors as it says, and records end with them`() throws {
        var image = Self.volume(sectors: 80)
        let records = (0..<100).map {
            Image.record("FILE\(1000 + $0).DAT;1", block: 40, size: UInt32($0))
        }
        image.putDirectory(at: 20, sectors: 3, records)
        image.putBoth(UInt32(3 * 2048), at: 16 * 2048 + 166)
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == (0..<100).map { "FILE\(1000 + $0).DAT" })
    }

    @Test func `Joliet's names are UCS-2, and those of ISO 9660 1999 long`() throws {
        var image = Self.volume()
        image.putJoliet(at: 17, size: 64, level: 3, name: "Joliet")
        image.putPrimary(at: 18, size: 64, root: 22)
        image.put([2], at: 18 * 2048)
        image.put([2], at: 18 * 2048 + 6)
        image.putTerminator(at: 19)
        image.putBoth(UInt32(21), at: 17 * 2048 + 158)
        image.putDirectory(at: 20, [Image.record("SHORT;1", block: 30, size: 1)])
        image.putDirectory(at: 21, [Image.jolietRecord("Größe 😀.txt;1", block: 30, size: 1)])
        image.putDirectory(at: 22, [Image.record("a name with a dot.", block: 30, size: 1)])
        let trees = try DiscTrees(MemorySource(image.bytes))
        #expect(trees.available == [.joliet, .iso1999, .iso])
        #expect(try TreeReading(image.bytes, .joliet).paths == ["Größe 😀.txt"])
        #expect(try TreeReading(image.bytes, .iso1999).paths == ["a name with a dot."])
        #expect(try TreeChoice(trees)?.kind == .joliet)
        #expect(try TreeChoice(trees)?.differences.isEmpty == true)
    }

    @Test func `High Sierra's records have their flags a byte earlier`() throws {
        var image = Image(sectors: 64)
        image.putHighSierra(at: 16, size: 64, name: "OLD")
        image.put([34, 0], at: 16 * 2048 + 180)
        image.putBoth(UInt32(2048), at: 16 * 2048 + 190)
        var directory = Image.record("DIR", block: 31, size: 2048)
        directory[24] = 2
        image.putDirectory(at: 30, [directory, Image.record("F.X;1", block: 40, size: 3)])
        image.putDirectory(at: 31, [])
        // The records of the directories themselves have it there, too.
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == ["DIR/", "F.X"])
        #expect(reading.entries["F.X"]?.modified?.minutesEast == nil)
    }

    @Test func `Names that can't stand in a path are left out or changed, and told`() throws {
        var image = Self.volume()
        image.putDirectory(
            at: 20,
            [
                Image.record("..", block: 30, size: 1), Image.record("A/B;1", block: 31, size: 2),
                Image.record("ESC\u{1B}[31m", block: 32, size: 3),
                Image.record([], block: 32, size: 3),
            ]
        )
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == ["A_B", "ESC\\x1B[31m"])
        #expect(reading.problems.count == 3)
        #expect(reading.isIncomplete)
    }

    @Test func `A directory in itself is not listed again`() throws {
        var image = Self.volume()
        image.putDirectory(
            at: 20,
            [
                Image.record("A", block: 21, size: 2048, flags: 2),
                Image.record("B", block: 21, size: 2048, flags: 2),
            ]
        )
        image.putDirectory(
            at: 21,
            parent: 20,
            [
                Image.record("BACK", block: 20, size: 2048, flags: 2),
                Image.record("SELF", block: 21, size: 2048, flags: 2),
            ]
        )
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == ["A/", "A/BACK/", "A/SELF/", "B/"])
        #expect(reading.problems.map(\.path) == ["A/BACK", "A/SELF", "B"])
        #expect(reading.isIncomplete)
    }

    @Test func `Directories that overlap end when all of the disc was seen`() throws {
        var image = Self.volume(sectors: 600)
        // Each directory spans all sectors from its own on, and names the next.
        for sector in 20..<599 {
            let size = UInt32((600 - sector) * 2048)
            image.putDirectory(
                at: sector,
                [
                    Image.record("N", block: UInt32(sector + 1), size: size, flags: 2),
                    Image.record("F", block: 30, size: 5),
                ]
            )
        }
        image.putBoth(UInt32(580 * 2048), at: 16 * 2048 + 166)
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.isIncomplete)
        #expect(reading.paths.count < 60_000)
    }

    @Test func `What is broken is told, and the rest is listed`() throws {
        var image = Self.volume()
        image.putDirectory(
            at: 20,
            [
                Image.record("FAR", block: 5000, size: 2048, flags: 2),
                Image.record("FILE;1", block: 4000, size: 9),
                Image.record("GOOD", block: 21, size: 2048, flags: 2),
            ]
        )
        image.putDirectory(at: 21, parent: 20, [Image.record("IN;1", block: 30, size: 1)])
        // The last record claims to be longer than its sector.
        image.put([0xF0], at: 20 * 2048 + 2000)
        var reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == ["FAR/", "FILE", "GOOD/", "GOOD/IN"])
        #expect(reading.isIncomplete)
        #expect(reading.problems.map(\.path) == ["/", "FAR"])
        reading = try TreeReading(image.bytes, .iso, bad: [21])
        #expect(reading.paths == ["FAR/", "FILE", "GOOD/"])
        #expect(reading.problems.contains { $0.sentence == "Sector 21 can't be read." })
    }

    @Test func `Numbers that differ in their byte orders are told`() throws {
        var image = Self.volume()
        var record = Image.record("F;1", block: 30, size: 5)
        record[17] = 9
        image.putDirectory(at: 20, [record])
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.entries["F"]?.size == 5)
        #expect(reading.problems.count == 1)
        #expect(!reading.isIncomplete)
    }
}
