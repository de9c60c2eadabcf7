import DiscFiles
import TestSupport
import Testing

/// UDF's files, however their blocks are found.
@Suite struct UDFTreeTests {
    private typealias Place = Image.Place

    private static func fill(_ image: inout Image, _ sectors: Range<Int>) {
        for sector in sectors {
            image.put([UInt8](repeating: UInt8(sector % 251), count: 2048), at: sector * 2048)
        }
    }

    private static func bytes(_ runs: [(sector: Int, count: Int)]) -> [UInt8] {
        runs.flatMap { [UInt8](repeating: UInt8($0.sector % 251), count: $0.count) }
    }

    /// A volume with all in one physical partition: file set in its block 0, root in 1.
    private static func volume(_ identifiers: [[UInt8]]) -> Image {
        var image = Image.udfVolume(maps: [Image.physicalMap], fileSet: Place(block: 0))
        image.putFileSet(at: 257, location: 0, root: Place(block: 1))
        image.putDirectory(at: 258, location: 1, identifiers)
        return image
    }

    @Test func `Extents are described in four forms`() throws {
        var image = Self.volume([
            Image.identifier("short", Place(block: 2)), Image.identifier("long", Place(block: 3)),
            Image.identifier("extended", Place(block: 4)),
            Image.identifier("inside", Place(block: 5)),
            Image.identifier("sparse", Place(block: 6)),
            Image.identifier("continued", Place(block: 7)),
        ])
        Self.fill(&image, 300..<320)
        image.putFile(
            at: 259,
            location: 2,
            size: 4096 + 10,
            form: 0,
            Image.shortAD(4096, 43) + Image.shortAD(10, 50)
        )
        image.putFile(
            at: 260,
            location: 3,
            size: 30,
            form: 1,
            Image.longAD(2048, Place(block: 45)),
            isExtended: true
        )
        image.putFile(
            at: 261,
            location: 4,
            size: 40,
            form: 2,
            Image.extendedAD(40, Place(block: 46))
        )
        image.putFile(
            at: 262,
            location: 5,
            size: 6,
            form: 3,
            Array("inside".utf8),
            isExtended: true
        )
        image.putFile(
            at: 263,
            location: 6,
            size: 2048 * 3,
            form: 0,
            Image.shortAD(2048, 47) + Image.shortAD(2048, 0, type: 2)
                + Image.shortAD(2048, 48, type: 1)
        )
        image.putFile(
            at: 264,
            location: 7,
            size: 2048 * 2,
            form: 0,
            Image.shortAD(2048, 49) + Image.shortAD(2048, 8, type: 3)
        )
        image.putMoreExtents(at: 265, location: 8, Image.shortAD(2048, 52))
        let reading = try TreeReading(image.bytes, .udf)
        #expect(reading.paths == ["continued", "extended", "inside", "long", "short", "sparse"])
        #expect(reading.problems.isEmpty)
        func contents(_ name: String) throws -> [UInt8] { try reading.contents(name, image.bytes) }
        #expect(try contents("short") == Self.bytes([(300, 2048), (301, 2048), (307, 10)]))
        #expect(try contents("long") == Self.bytes([(302, 30)]))
        #expect(try contents("extended") == Self.bytes([(303, 40)]))
        #expect(try contents("inside") == Array("inside".utf8))
        #expect(
            try contents("sparse")
                == Self.bytes([(304, 2048)]) + [UInt8](repeating: 0, count: 4096)
        )
        #expect(try contents("continued") == Self.bytes([(306, 2048), (309, 2048)]))
        let entry = try #require(reading.entries["long"])
        #expect(entry.created?.description == "2022-04-05T06:07:08+01:00")
        #expect(entry.modified?.description == "2021-04-05T06:07:08+01:00")
        #expect(entry.userID == 1000)
        #expect(entry.groupID == nil)
        #expect(entry.modeText == "-r-xr-xr-x")
    }

    /// Linux (6.1) appends within a file's last block and leaves the length of the extent as it was.
    @Test func `What was appended within the last block belongs to the file`() throws {
        var image = Self.volume([
            Image.identifier("appended", Place(block: 2)),
            Image.identifier("full", Place(block: 3)),
            Image.identifier("hole", Place(block: 4)),
            Image.identifier("more", Place(block: 5)),
            Image.identifier("whole", Place(block: 6)),
        ])
        Self.fill(&image, 300..<320)
        let short = Image.shortAD(2048, 43) + Image.shortAD(7, 50)
        image.putFile(at: 259, location: 2, size: 2048 + 12, form: 0, short)
        image.putFile(at: 260, location: 3, size: 2048 * 2, form: 0, short)
        image.putFile(at: 261, location: 4, size: 12, form: 0, Image.shortAD(7, 0, type: 2))
        image.putFile(at: 262, location: 5, size: 2048 * 2 + 1, form: 0, short)
        image.putFile(at: 263, location: 6, size: 2049, form: 0, Image.shortAD(2048, 43))
        let reading = try TreeReading(image.bytes, .udf)
        let appended = Self.bytes([(300, 2048), (307, 12)])
        #expect(try reading.contents("appended", image.bytes) == appended)
        let full = Self.bytes([(300, 2048), (307, 2048)])
        #expect(try reading.contents("full", image.bytes) == full)
        // What lies in no block of the file's, or where nothing was recorded, is not made up.
        #expect(reading.entries["hole"]?.extents.map(\.length) == [7])
        #expect(reading.entries["more"]?.extents.map(\.length) == [2048, 7])
        #expect(reading.entries["whole"]?.extents.map(\.length) == [2048])
        #expect(
            reading.problems.map(\.sentence) == [
                "Of “appended”, what follows its first 2055 bytes lies after its last extent, in the same block, where Linux appends it.",
                "Of “full”, what follows its first 2055 bytes lies after its last extent, in the same block, where Linux appends it.",
                "Of “hole”, its extents end before its size.",
                "Of “more”, its extents end before its size.",
                "Of “whole”, its extents end before its size.",
            ]
        )
        #expect(reading.problems.map(\.loss) == [nil, nil, .contents, .contents, .contents])
    }

    @Test func `Names, hidden and deleted entries, and what is no file`() throws {
        let symlink: [UInt8] =
            [2, 0, 0, 0, 3, 0, 0, 0, 5, 4, 0, 0] + Image.compressed("usr") + [4, 0, 0, 0]
        var device = [UInt8](repeating: 0, count: 24 + 24)
        device[24] = 12
        device[24 + 4] = 1
        device[24 + 8] = 24
        device[24 + 16] = 8
        device[24 + 20] = 3
        var image = Self.volume([
            Image.identifier("Größe", Place(block: 2)),
            Image.identifier("☃ and 😀", Place(block: 2)),
            Image.identifier("hidden", Place(block: 2), traits: 1),
            Image.identifier("deleted", Place(block: 90), traits: 4),
            Image.identifier("a/b", Place(block: 2)),
            Image.identifier("link", Place(block: 3)),
            Image.identifier("disk", Place(block: 4)),
            Image.identifier("stream", Place(block: 5)),
            Image.identifier([9, 65], Place(block: 2)),
            Image.identifier("missing", Place(block: 60)),
            Image.identifier("outside", Place(block: 6000)),
            Image.identifier("nowhere", Place(block: 2, map: 4)),
        ])
        image.putFile(at: 259, location: 2, size: 0, form: 0, [], flags: 0xC0)
        image.putFile(at: 260, location: 3, type: 12, size: symlink.count, form: 3, symlink)
        image.putFile(at: 261, location: 4, type: 6, size: 0, form: 0, [], attributes: device)
        image.putFile(at: 262, location: 5, type: 13, size: 0, form: 0, [])
        let reading = try TreeReading(image.bytes, .udf)
        #expect(reading.paths == ["Größe", "a_b", "disk", "hidden", "link", "☃ and 😀"])
        #expect(reading.entries["hidden"]?.isHidden == true)
        #expect(reading.entries["hidden"]?.modeText == "-r-sr-sr-x")
        #expect(reading.entries["link"]?.target == "/../usr/.")
        #expect(reading.entries["disk"]?.device?.major == 8)
        #expect(reading.entries["disk"]?.device?.minor == 3)
        #expect(reading.problems.count == 6)
        #expect(reading.isIncomplete)
    }

    @Test func `Named streams are told with their bytes`() throws {
        var image = Self.volume([
            Image.identifier("file", Place(block: 2)), Image.identifier("broken", Place(block: 6)),
        ])
        image.putFile(
            at: 259,
            location: 2,
            size: 4,
            form: 3,
            Array("main".utf8),
            isExtended: true,
            streams: Place(block: 3)
        )
        let identifiers = [
            Image.identifier([], Place(block: 2), traits: 10),
            Image.identifier("note", Place(block: 4), traits: 16),
            Image.identifier("*UDF Macintosh Resource Fork", Place(block: 5), traits: 16),
        ].flatMap(\.self)
        image.putFile(
            at: 260,
            location: 3,
            type: 13,
            size: identifiers.count,
            form: 3,
            identifiers
        )
        image.putFile(at: 261, location: 4, size: 5, form: 3, Array("hello".utf8))
        image.putFile(at: 262, location: 5, size: 3000, form: 0, Image.shortAD(3000, 30))
        image.putFile(
            at: 263,
            location: 6,
            size: 0,
            form: 3,
            [],
            isExtended: true,
            streams: Place(block: 90)
        )
        Self.fill(&image, 287..<289)
        let reading = try TreeReading(image.bytes, .udf)
        #expect(reading.paths == ["broken", "file"])
        let streams = try #require(reading.entries["file"]).streams
        #expect(streams.map(\.name) == ["note", "*UDF Macintosh Resource Fork"])
        #expect(streams.map(\.size) == [5, 3000])
        var contents: [[UInt8]] = []
        for stream in streams {
            let entry = FileEntry(
                name: "x",
                kind: .file,
                size: stream.size,
                extents: stream.extents
            )
            contents.append(try TreeReading.contents(of: entry, image.bytes))
        }
        #expect(contents.first == Array("hello".utf8))
        #expect(contents.last == Self.bytes([(287, 2048), (288, 952)]))
        #expect(reading.problems.count == 1 && !reading.isIncomplete)
        #expect(reading.problems.first?.sentence.hasPrefix("Of “broken”, the named") ?? false)
    }

    /// ECMA-167 4/8.6: every directory has an entry for its parent.
    @Test func `A directory of no bytes is not complete`() throws {
        var image = Self.volume([])
        image.putFile(at: 258, location: 1, type: 4, size: 0, form: 0, [])
        let reading = try TreeReading(image.bytes, .udf)
        #expect(reading.paths.isEmpty)
        #expect(reading.isIncomplete)
    }

    @Test func `A broken entry does not hide those behind it`() throws {
        var image = Self.volume([])
        let entries = ["one", "two", "three"].map { Image.identifier($0, Place(block: 2)) }
        let bytes = entries.flatMap(\.self)
        image.putFile(
            at: 258,
            location: 1,
            type: 4,
            size: bytes.count,
            form: 0,
            Image.shortAD(2048, 3)
        )
        image.putFile(at: 259, location: 2, size: 0, form: 0, [])
        image.put(bytes, at: 260 * 2048)
        image.put([0xFF], at: 260 * 2048 + entries[0].count + 39)
        let reading = try TreeReading(image.bytes, .udf)
        #expect(reading.paths == ["one", "three"])
        #expect(reading.problems.count == 1)
    }

    @Test(arguments: [false, true])
    func `A virtual table gives blocks their places`(isFirstEdition: Bool) throws {
        var image = Image.udfVolume(
            maps: [Image.physicalMap, Image.map("*UDF Virtual Partition")],
            fileSet: Place(block: 0, map: 1)
        )
        image.putFileSet(at: 290, location: 33, root: Place(block: 1, map: 1))
        image.putDirectory(
            at: 270,
            location: 13,
            [
                Image.identifier("file", Place(block: 2, map: 1)),
                Image.identifier("gone", Place(block: 3, map: 1)),
            ]
        )
        image.putFile(
            at: 280,
            location: 23,
            size: 100,
            form: 1,
            Image.longAD(100, Place(block: 60))
        )
        Self.fill(&image, 317..<318)
        // Virtual blocks 0 to 3, of which the last was deleted.
        let entries = [33, 13, 23, UInt32.max].flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: UInt32(value) >> ($0 * 8)) }
        }
        var table: [UInt8]
        if isFirstEdition {
            table = entries + [0] + Array("*UDF Virtual Alloc Tbl".utf8)
            table += [UInt8](repeating: 0, count: 36 - 23)
        } else {
            table = [152, 0] + [UInt8](repeating: 0, count: 150) + entries
        }
        image.putFile(
            at: 350,
            location: 93,
            type: isFirstEdition ? 0 : 248,
            size: table.count,
            form: 3,
            table,
            isExtended: !isFirstEdition
        )
        // Burning adds blocks behind the table.
        let bytes = Array(image.bytes[..<(366 * 2048)])
        let reading = try TreeReading(bytes, .udf)
        #expect(reading.paths == ["file"])
        #expect(reading.problems.count == 1)
        #expect(try reading.contents("file", bytes) == Self.bytes([(317, 100)]))
        // Of an earlier session the table is at its end.
        let trees = try DiscTrees(MemorySource(image.bytes), sessionEnd: 340)
        #expect(trees.tree(.udf) == nil)
        #expect(trees.broken[.udf]?.contains("virtual") == true)
    }

    @Test func `Packets that went bad are elsewhere`() throws {
        var spares = Image(sectors: 1)
        spares.put("*UDF Sparing Table", at: 17)
        spares.putLittle(UInt16(2), at: 48)
        // The packet of blocks 32 to 63 is at sectors 352 to 383; another spare is free.
        spares.putLittle(UInt32(32), at: 56)
        spares.putLittle(UInt32(352), at: 60)
        spares.putLittle(UInt32.max, at: 64)
        spares.sealFile(0, at: 0, location: 100, length: 56)
        let fields: [UInt8] = [32, 0, 2, 0, 72, 0, 0, 0, 99, 0, 0, 0, 100, 0, 0, 0]
        var image = Image.udfVolume(
            maps: [Image.map("*UDF Sparable Partition", fields)],
            fileSet: Place(block: 0)
        )
        image.put(spares.bytes, at: 100 * 2048)
        image.putFileSet(at: 257, location: 0, root: Place(block: 1))
        image.putDirectory(at: 258, location: 1, [Image.identifier("file", Place(block: 33))])
        image.putFile(at: 353, location: 33, size: 2048 * 4, form: 0, Image.shortAD(2048 * 4, 62))
        Self.fill(&image, 260..<350)
        Self.fill(&image, 382..<384)
        let reading = try TreeReading(image.bytes, .udf)
        #expect(reading.problems.isEmpty)
        #expect(
            try reading.contents("file", image.bytes)
                == Self.bytes([(382, 2048), (383, 2048), (321, 2048), (322, 2048)])
        )
    }

    @Test(arguments: [false, true])
    func `A metadata partition is a file, of which there is a copy`(isBroken: Bool) throws {
        // The file's entry in block 10 and its copy's in 11, both with pieces at 20 and 30.
        let fields: [UInt8] =
            [10, 0, 0, 0, 11, 0, 0, 0, 255, 255, 255, 255, 32, 0, 0, 0, 1, 0, 0]
        var image = Image.udfVolume(
            maps: [Image.physicalMap, Image.map("*UDF Metadata Partition", fields)],
            fileSet: Place(block: 0, map: 1)
        )
        let pieces = Image.shortAD(2048, 20) + Image.shortAD(4096, 30)
        for (block, type) in [(10, 250), (11, 251)] as [(Int, UInt8)] {
            image.putFile(
                at: 257 + block,
                location: block,
                type: type,
                size: 6144,
                form: 0,
                pieces,
                isExtended: true
            )
        }
        if isBroken { image.put([0xEE], at: 267 * 2048 + 36) }
        image.putFileSet(at: 277, location: 0, root: Place(block: 1, map: 1))
        image.putDirectory(
            at: 287,
            location: 1,
            [Image.identifier("file", Place(block: 2, map: 1))],
            isExtended: true
        )
        image.putFile(
            at: 288,
            location: 2,
            size: 3000,
            form: 1,
            Image.longAD(3000, Place(block: 60)),
            isExtended: true
        )
        Self.fill(&image, 317..<320)
        let reading = try TreeReading(image.bytes, .udf)
        #expect(reading.paths == ["file"])
        #expect(reading.problems.count == (isBroken ? 1 : 0))
        #expect(!reading.isIncomplete)
        #expect(
            try reading.contents("file", image.bytes) == Self.bytes([(317, 2048), (318, 952)])
        )
    }

    @Test func `A volume may have several partitions`() throws {
        var image = Image.udfVolume(
            maps: [Image.physicalMap, [1, 6, 1, 0, 1, 0]],
            fileSet: Place(block: 0),
            sectors: 420
        )
        for sequence in [32, 48] {
            image.putPartition(at: sequence + 1, number: 0, (257, 40), rank: 2)
            image.putPartition(at: sequence + 3, number: 1, (330, 50), rank: 3)
            image.seal(8, block: sequence + 4)
        }
        image.putFileSet(at: 257, location: 0, root: Place(block: 3, map: 1))
        image.putDirectory(at: 333, location: 3, [Image.identifier("file", Place(block: 5))])
        image.putFile(
            at: 262,
            location: 5,
            size: 7,
            form: 1,
            Image.longAD(7, Place(block: 9, map: 1))
        )
        Self.fill(&image, 339..<340)
        let reading = try TreeReading(image.bytes, .udf)
        #expect(reading.paths == ["file"])
        #expect(try reading.contents("file", image.bytes) == Self.bytes([(339, 7)]))
    }

    /// ECMA-167 4/7.2.8: what a write that went astray leaves is whole, and is that of another file.
    @Test func `A file entry that stands elsewhere than it says is not believed`() throws {
        var image = Self.volume([
            Image.identifier("right", Place(block: 2)), Image.identifier("stray", Place(block: 3)),
            Image.identifier("torn", Place(block: 4)),
        ])
        image.putFile(at: 259, location: 2, size: 10, form: 0, Image.shortAD(10, 43))
        image.putFile(at: 260, location: 2, size: 10, form: 0, Image.shortAD(10, 43))
        image.putFile(
            at: 261,
            location: 4,
            size: 4096,
            form: 0,
            Image.shortAD(2048, 44) + Image.shortAD(2048, 5, type: 3)
        )
        image.putMoreExtents(at: 262, location: 6, Image.shortAD(2048, 45))
        let reading = try TreeReading(image.bytes, .udf)
        #expect(reading.paths == ["right", "torn"])
        #expect(reading.entries["torn"]?.extents == [])
        #expect(
            reading.problems.map(\.sentence) == [
                "“stray” is left out. What is in block 3 belongs in block 2, by its own account.",
                "“torn” can't be read. What is in block 5 belongs in block 6, by its own account.",
            ]
        )
        #expect(reading.problems.map(\.loss) == [.entries, .contents])
        // Without its own file set or root there is no tree.
        image.putFileSet(at: 257, location: 1, root: Place(block: 1))
        #expect(try DiscTrees(MemorySource(image.bytes)).tree(.udf) == nil)
    }

    @Test func `What is a directory by its name or by its entry alone may lack entries`() throws {
        var image = Self.volume([
            Image.identifier("file", Place(block: 3)),
            Image.identifier("sub", Place(block: 2), traits: 2),
        ])
        image.putFile(at: 259, location: 2, size: 0, form: 0, [])
        image.putDirectory(at: 260, location: 3, [])
        let reading = try TreeReading(image.bytes, .udf)
        #expect(reading.paths == ["file/", "sub"])
        #expect(reading.problems.map(\.loss) == [.entries, .entries])
    }

    @Test func `Circles end`() throws {
        var image = Self.volume([
            Image.identifier("up", Place(block: 1), traits: 2),
            Image.identifier("chain", Place(block: 2)),
            Image.identifier("indirect", Place(block: 4)),
        ])
        image.putFile(at: 259, location: 2, size: 9999, form: 0, Image.shortAD(2048, 3, type: 3))
        image.putMoreExtents(at: 260, location: 3, Image.shortAD(2048, 3, type: 3))
        // An entry that stands for itself; 4/14.7.
        image.put(Image.longAD(2048, Place(block: 4)), at: 261 * 2048 + 36)
        image.sealFile(259, at: 261 * 2048, location: 4, length: 36)
        let reading = try TreeReading(image.bytes, .udf)
        #expect(reading.paths == ["chain", "up/"])
        #expect(reading.problems.count == 3)
    }
}
