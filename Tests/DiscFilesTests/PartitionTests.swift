import DiscFiles
import TestSupport
import Testing

@Suite struct PartitionTests {
    private func examine(_ image: Image, knowsCount: Bool = true) throws -> DiscContent {
        try .examine(MemorySource(image.bytes, knowsCount: knowsCount))
    }

    @Test func `A boot sector claims up to its farthest entry, in whole sectors`() throws {
        var image = Image(sectors: 100)
        image.putBootSector([(0x80, 0x17, 0, 150), (0, 0xEF, 150, 111), (0, 0, 0, 0)])
        let content = try examine(image)
        #expect(content.claims.map(\.kind) == [.masterBootRecord])
        #expect(content.claimedEnd == 66, "261 blocks of 512 bytes")
        let table = try #require(content.masterBootRecord)
        #expect(table.partitions.map(\.type) == [0x17, 0xEF])
        #expect(table.partitions.map(\.isActive) == [true, false])
    }

    @Test func `An active entry of type 0 that begins at 0 is a hybrid's`() throws {
        var image = Image(sectors: 1024)
        image.putBootSector([(0x80, 0, 0, 4096)])
        #expect(try examine(image).claimedEnd == 1024)
    }

    @Test func `A boot sector without a table claims nothing`() throws {
        var image = Image(sectors: 100)
        image.putBootSector([])
        #expect(try examine(image).masterBootRecord == nil)
        image.putBootSector([(0x12, 0x17, 0, 100)])
        #expect(try examine(image).masterBootRecord == nil, "0x12 is no status")
        image.putBootSector([(0, 0, 4, 4)])
        #expect(try examine(image).masterBootRecord == nil)
    }

    @Test func `Protective entries claim nothing where they can't mean it`() throws {
        var image = Image(sectors: 100)
        image.putBootSector([(0, 0xEE, 1, .max)])
        #expect(try examine(image).claims.map(\.end) == [nil])
        image.putBootSector([(0, 0xEE, 1, 1000)])
        #expect(try examine(image).claimedEnd == nil, "behind the source")
        image.putBootSector([(0, 0xEE, 1, 99)])
        #expect(try examine(image).claimedEnd == 25)
        #expect(try examine(image, knowsCount: false).claimedEnd == 25)
    }

    @Test func `Entries as large as can be overflow nothing`() throws {
        var image = Image(sectors: 100)
        image.putBootSector([(0, 0x83, .max, .max - 1)])
        let content = try examine(image)
        #expect(content.claimedEnd == (Int(UInt32.max) * 2 - 1 + 3) / 4)
        #expect(content.endsBehindSource)
    }

    @Test func `An end that can't be counted is the farthest sector, and decides nothing`() throws {
        var image = Image(sectors: 100)
        image.putGPT(last: 1 << 60, partitions: [(8, 15)], hasAlternate: false)
        let claim = try #require(try examine(image).claims.first)
        #expect(claim.end == .max)
        #expect(claim.endSector == Int(UInt64.max / 2048))
        #expect(!claim.decides)
    }

    @Test(arguments: [512, 2048])
    func `GPT claims up to its other header`(blockSize: Int) throws {
        var image = Image(sectors: 600)
        let last = 100 * 2048 / blockSize + 1
        image.putBootSector([(0, 0xEE, 1, 399)])
        image.putGPT(blockSize: blockSize, last: last, partitions: [(8, 15), (16, 30)])
        let content = try examine(image)
        let table = try #require(content.guidPartitionTable)
        #expect(table.blockSize == blockSize)
        #expect(table.hasAlternate)
        #expect(table.hasValidEntries)
        #expect(table.identifier == "13121110-1514-1716-1819-1A1B1C1D1E1F")
        #expect(table.partitions.map(\.type.description).first?.hasPrefix("C12A7328") == true)
        #expect(table.partitions.map(\.name) == ["A name", "A name"])
        #expect(table.partitions.map(\.last) == [15, 30])
        let bytes = (last + 1) * blockSize
        #expect(content.claimedEnd == (bytes + 2047) / 2048)
        #expect(content.claims.map(\.kind) == [.masterBootRecord, .guidPartitionTable])
        #expect(content.claims.first?.decides == false, "GPT speaks for itself")
    }

    @Test func `Without its other header GPT claims what partitions may use`() throws {
        var image = Image(sectors: 600)
        image.putGPT(last: 399, partitions: [(8, 15)], hasAlternate: false)
        #expect(try examine(image).guidPartitionTable?.hasAlternate == false)
        #expect(try examine(image).claimedEnd == 100, "397 blocks of 512 bytes")
        image.putGPT(last: 1 << 40, partitions: [(8, 15)], hasAlternate: false)
        let content = try examine(image)
        #expect(content.claimedEnd == nil)
        #expect(content.claims.first?.evidence.contains("no disc is that long") == true)
    }

    @Test func `A damaged header is none, and damaged entries aren't listed`() throws {
        var image = Image(sectors: 600)
        image.putGPT(last: 399, partitions: [(8, 15)])
        image.put([0xFF], at: 1024 + 3)
        #expect(try examine(image).guidPartitionTable?.partitions.isEmpty == true)
        #expect(try examine(image).claimedEnd == 100)
        image.put([0xFF], at: 512 + 49)
        #expect(try examine(image).guidPartitionTable == nil)
    }

    @Test(arguments: [512, 2048])
    func `Apple's map is listed and doesn't decide`(blockSize: Int) throws {
        var image = Image(sectors: 100)
        image.putAppleMap(
            blockSize: blockSize,
            [("Apple_partition_map", 1, 2), ("Apple_HFS", 4, 4000)]
        )
        let content = try examine(image)
        let map = try #require(content.applePartitionMap)
        #expect(map.blockSize == blockSize)
        #expect(map.partitions.map(\.type) == ["Apple_partition_map", "Apple_HFS"])
        #expect(content.claims.map(\.end) == [UInt64(4004 * blockSize)])
        #expect(content.claimedEnd == nil)
    }

    @Test func `Apple's file systems are named`() throws {
        var image = Image(sectors: 100)
        image.put("BD", at: 1024)
        #expect(try examine(image).hfs == nil, "two letters aren't enough")
        image.putBig(UInt32(4096), at: 1044)
        image.put([4] + Array("Mac!".utf8), at: 1060)
        #expect(try examine(image).hfs?.kind == .hfs)
        #expect(try examine(image).volumeIdentifier == "Mac!")
        image.put("H+", at: 1024)
        image.putBig(UInt16(4), at: 1026)
        #expect(try examine(image).hfs?.kind == .hfsPlus)
        image.put("HX", at: 1024)
        image.putBig(UInt16(5), at: 1026)
        #expect(try examine(image).claims.map(\.kind) == [.hfsX])
        #expect(try examine(image).claimedEnd == nil)
    }
}
