import DiscFiles
import TestSupport
import Testing

@Suite struct UDFTests {
    private func examine(_ image: Image) throws -> DiscContent {
        try .examine(MemorySource(image.bytes))
    }

    @Test func `A volume's names, revision and partition are read`() throws {
        let content = try examine(.udf(partition: 100, sectors: 400))
        let volume = try #require(content.udf)
        #expect(volume.standard == "NSR02")
        #expect(volume.revision == "2.01")
        #expect(volume.logicalVolumeIdentifier == "A LOGICAL VOLUME")
        #expect(volume.volumeIdentifier == "A MEDIUM")
        #expect(volume.volumeSetIdentifier == "A SET OF MEDIA")
        #expect(volume.recordingDate == "2023-04-05T06:07:08+01:00")
        #expect(volume.partitions.map(\.start) == [257])
        #expect(volume.partitionMaps == ["physical"])
        #expect(volume.anchors == [256])
        #expect(content.claimedEnd == 357)
        #expect(content.volumeIdentifier == "A LOGICAL VOLUME")
    }

    @Test func `An anchor right behind the partition counts`() throws {
        var image = Image.udf(partition: 100, sectors: 400)
        image.putAnchor(at: 357, main: 32, reserve: 48)
        #expect(try examine(image).claimedEnd == 358)
    }

    @Test func `A row of anchors counts to its end, as genisoimage's padding`() throws {
        var image = Image.udf(partition: 100, sectors: 520)
        for block in 363..<513 { image.putAnchor(at: block, main: 32, reserve: 48) }
        let content = try examine(image)
        #expect(content.claimedEnd == 513)
        #expect(content.udf?.anchors.count == 151)
    }

    @Test func `The last of two anchors is found though sectors were added behind`() throws {
        var image = Image.udf(partition: 100, sectors: 700)
        image.putAnchor(at: 370, main: 32, reserve: 48)
        image.putAnchor(at: 626, main: 32, reserve: 48)
        #expect(try examine(image).claimedEnd == 627)
    }

    @Test func `An anchor in the source's last sector counts`() throws {
        var image = Image.udf(partition: 100, sectors: 700)
        image.putAnchor(at: 699, main: 32, reserve: 48)
        #expect(try examine(image).claimedEnd == 700)
    }

    @Test func `An earlier volume's anchor doesn't count`() throws {
        var image = Image.udf(partition: 100, sectors: 700)
        image.putAnchor(at: 699, main: 32, reserve: 600)
        #expect(try examine(image).claimedEnd == 357, "it means other sequences")
        image = .udf(partition: 100, sectors: 3000)
        image.putAnchor(at: 2999, main: 32, reserve: 48)
        #expect(try examine(image).claimedEnd == 357, "it is far behind everything else")
    }

    @Test func `Sequences behind the partition count`() throws {
        var image = Image(sectors: 600)
        image.putRecognition(from: 16, standard: "NSR03")
        image.putSequence(at: 32, partition: (257, 100))
        image.putSequence(at: 500, partition: (257, 100))
        image.putAnchor(at: 256, main: 32, reserve: 500)
        #expect(try examine(image).claimedEnd == 516)
        #expect(try examine(image).udf?.standard == "NSR03")
    }

    @Test(arguments: [599, 343, 512])
    func `Without the anchor at 256 the others serve`(place: Int) throws {
        var image = Image.udf(partition: 300, sectors: 600)
        image.putAnchor(at: place, main: 32, reserve: 48)
        let damaged = MemorySource(image.bytes, bad: [256])
        let content = try DiscContent.examine(damaged)
        #expect(content.udf?.anchors == [place])
        #expect(content.unreadableSectors.contains(256))
        #expect(content.claimedEnd == max(557, place + 1))
    }

    @Test func `The reserve serves where the main sequence is damaged`() throws {
        var image = Image.udf(partition: 100, sectors: 400)
        image.put([0xFF], at: 33 * 2048 + 300)
        #expect(try examine(image).claimedEnd == 357)
        image.put([0xFF], at: 49 * 2048 + 300)
        let content = try examine(image)
        #expect(content.udf?.partitions.isEmpty == true)
        #expect(content.claimedEnd == 257, "only the anchor is left")
    }

    @Test func `A tag in another place than it says is none`() throws {
        var image = Image.udf(partition: 100, sectors: 400)
        image.put(Array(image.bytes[256 * 2048..<257 * 2048]), at: 357 * 2048)
        #expect(try examine(image).claimedEnd == 357)
    }

    @Test func `The newest of several partition descriptors prevails`() throws {
        var image = Image.udf(partition: 100, sectors: 800)
        image.putPartition(at: 35, number: 0, (257, 200), rank: 9)
        image.putPartition(at: 36, number: 0, (257, 300), rank: 5)
        image.seal(8, block: 37)
        let content = try examine(image)
        #expect(content.udf?.partitions.map(\.count) == [200])
        #expect(content.claimedEnd == 457)
    }

    /// ECMA-167 1/7.3.1: type 0 is Greenwich's time, 1 local time, and -2047 leaves the zone open.
    @Test(arguments: [
        (0x1000 | 60, "+01:00"), (0x1000 | (0x1000 - 210), "-03:30"), (0x1801, ""), (0x0000, "Z"),
        (0x1000, "Z"), (0x1000 | 1441, ""), (0x2000, ""),
    ])
    func `A date has a zone only where one is specified`(zone: Int, text: String) throws {
        var image = Image.udf(partition: 100, sectors: 400)
        for block in [32, 48] {
            image.putLittle(UInt16(zone), at: block * 2048 + 376)
            image.seal(1, block: block)
        }
        let date = try DiscContent.examine(MemorySource(image.bytes)).udf?.recordingDate
        #expect(date == "2023-04-05T06:07:08" + text)
    }

    @Test func `A partition behind the source is reported as it stands`() throws {
        var image = Image.udf(partition: 100, sectors: 400)
        for block in [33, 49] { image.putPartition(at: block, number: 0, (.max, .max), rank: 2) }
        let content = try examine(image)
        #expect(content.claimedEnd == Int(UInt32.max) * 2)
        #expect(content.endsBehindSource)
    }

    @Test func `A sequence that points to itself ends`() throws {
        var image = Image(sectors: 400)
        image.putRecognition(from: 16)
        image.putLittle(UInt32(1), at: 32 * 2048 + 16)
        image.putLittle(UInt32(16 * 2048), at: 32 * 2048 + 20)
        image.putLittle(UInt32(32), at: 32 * 2048 + 24)
        image.seal(3, block: 32)
        image.putAnchor(at: 256, main: 32, reserve: 32)
        let content = try examine(image)
        #expect(content.udf?.partitions.isEmpty == true)
        #expect(content.claimedEnd == 257)
    }

    @Test func `Blocks of 512 bytes are counted as such`() throws {
        var image = Image(sectors: 200)
        image.putRecognition(from: 16)
        image.putSequence(at: 96, partition: (257, 101), blockSize: 512)
        image.putSequence(at: 112, partition: (257, 101), blockSize: 512)
        image.putAnchor(at: 256, main: 96, reserve: 112, blockSize: 512)
        let content = try examine(image)
        #expect(content.udf?.blockSize == 512)
        #expect(content.claimedEnd == 90)
    }

    @Test func `UDF's mark without an anchor claims nothing`() throws {
        var image = Image(sectors: 300)
        image.putRecognition(from: 16)
        let content = try examine(image)
        #expect(content.claims.map(\.kind) == [.udf])
        #expect(content.claimedEnd == nil)
    }

    @Test(arguments: [true, false])
    func `The integrity descriptor tells the state and the counts`(isClosed: Bool) throws {
        var image = Image.udf(partition: 100, sectors: 400)
        for block in [34, 50] {
            image.putLittle(UInt32(4096), at: block * 2048 + 432)
            image.putLittle(UInt32(64), at: block * 2048 + 436)
            image.seal(6, block: block)
        }
        // The last one before the terminator counts.
        image.putIntegrity(at: 64, isClosed: !isClosed, files: 1, folders: 1)
        image.putIntegrity(at: 65, isClosed: isClosed, files: 12, folders: 3)
        let volume = try #require(try examine(image).udf)
        let integrity = try #require(volume.integrity)
        #expect(integrity.isClosed == isClosed)
        #expect(volume.isLeftOpen != isClosed)
        #expect((integrity.fileCount, integrity.folderCount) == (12, 3))
        #expect((integrity.readRevision, integrity.writeRevision) == ("2.50", "2.60"))
        #expect(integrity.date == "2024-02-29T23:59:58Z")
    }
}
