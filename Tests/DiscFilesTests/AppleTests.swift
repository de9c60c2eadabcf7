import DiscFiles
import TestSupport
import Testing

/// Apple's volumes, at the beginning and in partitions.
@Suite struct AppleTests {
    private func examine(_ image: Image) throws -> DiscContent {
        try .examine(MemorySource(image.bytes))
    }

    @Test func `HFS tells its name, size, date and number of files`() throws {
        var image = Image(sectors: 200)
        image.putHFS(at: 0, blocks: 300, blockSize: 1024, name: "A Mac's disc")
        let content = try examine(image)
        let volume = try #require(content.hfs)
        #expect(volume.name == "A Mac's disc")
        #expect(volume.end == 16 * 512 + 300 * 1024 + 1024)
        #expect(volume.creationDate == "2001-02-03T04:05:06", "local time, wherever that was")
        #expect((volume.fileCount, volume.folderCount) == (7, 3))
        #expect(content.trees == ["hfs"])
        #expect(content.reasonNotADisc == nil)
    }

    @Test(arguments: [512, 2048])
    func `HFS Plus in a partition has the name of its root`(blockSize: Int) throws {
        var image = Image(sectors: 200)
        let first = 32768 / blockSize
        image.putAppleMap(
            blockSize: blockSize,
            [("Apple_partition_map", 1, 63), ("Apple_HFS", UInt32(first), 100)]
        )
        image.putHFSPlus(at: 32768, blocks: 20, name: "Größe 5")
        let content = try examine(image)
        #expect(content.hfs?.kind == .hfsPlus)
        #expect(content.hfs?.name == "Größe 5")
        #expect(content.hfs?.start == 32768)
        #expect(content.hfs?.end == 32768 + 20 * 4096)
        #expect(content.partitions.map(\.content) == [nil, "HFS+"])
        #expect(content.claims.map(\.kind) == [.applePartitionMap, .hfsPlus])
    }

    @Test func `A catalogue that leads nowhere costs only the name`() throws {
        var image = Image(sectors: 100)
        image.putHFSPlus(at: 0, blocks: 20, name: "x")
        image.putBig(UInt32.max, at: 1024 + 288)
        #expect(try examine(image).hfs?.kind == .hfsPlus)
        #expect(try examine(image).hfs?.name == nil)
    }

    @Test(.enabled(if: Tools.has("genisoimage")), arguments: [["-part"], []])
    func `genisoimage's HFS is found beside ISO 9660`(options: [String]) throws {
        let bytes = try Tools.make(
            "out.iso",
            ["genisoimage", "-quiet", "-r", "-hfs", "-hfs-volid", "Mac Name", "-V", "PC"]
                + options + ["-o", "out.iso", "tree"]
        )
        let content = try DiscContent.examine(MemorySource(bytes))
        #expect(content.hfs?.kind == .hfs)
        #expect(content.hfs?.name == "Mac Name")
        #expect((content.applePartitionMap != nil) == !options.isEmpty)
        #expect(content.trees == ["iso9660", "rock-ridge", "hfs"])
    }

    @Test(.enabled(if: Tools.has("xorriso")))
    func `xorriso's HFS Plus has its volume's name`() throws {
        let bytes = try Tools.make(
            "out.iso",
            [
                "xorriso", "-as", "mkisofs", "-quiet", "-hfsplus", "-V", "BOTH", "-o", "out.iso",
                "tree",
            ]
        )
        let content = try DiscContent.examine(MemorySource(bytes))
        #expect(content.hfs?.kind == .hfsPlus)
        #expect(content.hfs?.name == "BOTH")
        #expect((content.hfs?.end ?? 0) <= UInt64(bytes.count))
    }
}
