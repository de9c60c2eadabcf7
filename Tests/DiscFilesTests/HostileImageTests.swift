import DiscFiles
import FoundationEssentials
import TestSupport
import Testing

/// Everything at once, and then cut, damaged and garbled.
@Suite struct HostileImageTests {
    /// An image with each structure that is looked for.
    private static let everything: Image = {
        var image = Image(sectors: 450)
        image.putBootSector([(0x80, 0x17, 0, 1600), (0, 0xEE, 1, 1799)])
        image.putGPT(last: 1799, partitions: [(64, 100), (101, 200)])
        image.put("BD", at: 1024)
        image.putPrimary(at: 16, size: 440, root: 70)
        image.putBootCatalog(
            recordAt: 17,
            catalog: 71,
            records: [
                Image.bootRecord(count: 4, start: 72),
                Image.bootSection(isLast: true, platform: 0xEF, count: 2),
                Image.bootRecord(count: 4, start: 73), Image.bootRecord(count: 4, start: 74),
            ]
        )
        image.putJoliet(at: 18, size: 440, level: 3, name: "Joliet")
        image.putTerminator(at: 19)
        image.putRecognition(from: 20)
        image.putRootRecord(
            at: 70,
            area: Image.suspIndicator + Image.suspContinuation(block: 75, offset: 9, count: 60)
        )
        image.put(Image.suspExtension("RRIP_1991A"), at: 75 * 2048 + 9)
        image.putSequence(at: 32, partition: (257, 150))
        image.putSequence(at: 48, partition: (257, 150))
        for block in [256, 407, 439] { image.putAnchor(at: block, main: 32, reserve: 48) }
        return image
    }()

    /// The sectors that hold structures.
    private static let structures =
        [0, 1] + Array(16...23) + [32, 33, 34, 35, 48, 49, 50, 70, 71, 75, 256, 407, 439, 449]

    @Test func `All of it is found, and goes through JSON`() throws {
        let content = try DiscContent.examine(MemorySource(Self.everything.bytes))
        #expect(
            content.claims.map(\.kind) == [.iso9660, .udf, .masterBootRecord, .guidPartitionTable]
        )
        #expect(content.claims.map { $0.end.map { $0 / 2048 } } == [440, 408, 400, 450])
        #expect(content.claimedEnd == 450)
        #expect(content.claims.first?.version == "Joliet 3, Rock Ridge, El Torito")
        #expect(content.bootEntries.count == 3)
        let data = try JSONEncoder().encode(content)
        #expect(try JSONDecoder().decode(DiscContent.self, from: data) == content)
    }

    @Test func `Sources may deliver less at a time, or not know their size`() throws {
        let whole = try DiscContent.examine(MemorySource(Self.everything.bytes))
        for longest in [1, 3, 31] {
            let source = MemorySource(Self.everything.bytes, longestRead: longest)
            #expect(try DiscContent.examine(source) == whole)
        }
        let pipe = try DiscContent.examine(
            MemorySource(Self.everything.bytes, knowsCount: false)
        )
        #expect(pipe.sectorCount == nil)
        #expect(pipe.claimedEnd == 450)
    }

    @Test func `Only a few reads are made, each sector once`() throws {
        let source = MemorySource(Self.everything.bytes)
        _ = try DiscContent.examine(source)
        #expect(source.reads.count <= 12)
        #expect(
            Set(source.reads.flatMap { Array($0) }).count == source.reads.map(\.count).reduce(0, +)
        )
    }

    @Test func `A disc that can't be read at all is left after a few tries`() throws {
        let source = MemorySource(Self.everything.bytes, isAllBad: true)
        let content = try DiscContent.examine(source)
        #expect(content.claims.isEmpty)
        #expect(content.isIncomplete)
        #expect(content.unreadableSectors.contains(16))
        #expect(source.reads.count <= 8)
    }

    @Test(arguments: structures)
    func `One unreadable sector hides what it holds and nothing else`(bad: Int) throws {
        let whole = try DiscContent.examine(MemorySource(Self.everything.bytes))
        let content = try DiscContent.examine(MemorySource(Self.everything.bytes, bad: [bad]))
        #expect(content.unreadableSectors == [bad] || content.unreadableSectors.isEmpty)
        #expect(!content.isIncomplete)
        // The tables of partitions begin in the first two sectors; GPT's end is in the last one.
        if bad > 1 {
            #expect(content.masterBootRecord == whole.masterBootRecord)
            #expect(content.guidPartitionTable?.partitions == whole.guidPartitionTable?.partitions)
        }
        #expect(content.udf?.partitions == whole.udf?.partitions)
        #expect(content.iso9660?.endCountedFromDisc == 440 * 2048)
    }

    @Test func `Images may end anywhere`() throws {
        for sector in Self.structures {
            for bytes in [0, 1, 511, 512, 1024, 2047, 2048] {
                let cut = Self.everything.cut(to: sector * 2048 + bytes)
                // The last sector is there in part, with zeros after it, and then not at all.
                let partial = try DiscContent.examine(MemorySource(cut))
                #expect(partial.unreadableSectors.isEmpty)
                let whole = Array(cut.prefix(cut.count / 2048 * 2048))
                let content = try DiscContent.examine(MemorySource(whole))
                #expect(content.unreadableSectors.isEmpty)
                #expect((content.iso9660 != nil) == (cut.count >= 17 * 2048))
                #expect((content.masterBootRecord != nil) == (cut.count >= 2048))
            }
        }
    }

    @Test func `Other sector sizes are refused`() {
        #expect(throws: UnsuitableSectorSize(sectorSize: 2352)) {
            try DiscContent.examine(MemorySource([], sectorSize: 2352))
        }
    }

    @Test(arguments: 0..<8)
    func `Garbled bytes harm nobody`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ 1)
        let extremes: [UInt8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF]
        for round in 0..<Soak.count(150, long: 10_000) {
            var bytes = Self.everything.bytes
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let sector = Self.structures.randomElement(using: &random) ?? 0
                let start =
                    sector * 2048
                    + Int.random(in: 0..<(round % 2 == 0 ? 512 : 2048), using: &random)
                for offset in start..<start + Int.random(in: 1...8, using: &random)
                where offset < bytes.count {
                    bytes[offset] =
                        Bool.random(using: &random)
                        ? extremes.randomElement(using: &random) ?? 0
                        : UInt8.random(in: 0...255, using: &random)
                }
            }
            var image = Image(sectors: 0)
            image.bytes = bytes
            // A checksum that fits lets the garbled fields through.
            if round % 3 == 0 {
                for (block, kind) in [(32, 1), (33, 5), (34, 6), (256, 2)] as [(Int, UInt16)] {
                    image.seal(kind, block: block)
                }
            }
            let source = MemorySource(image.bytes)
            let content = try DiscContent.examine(source)
            #expect(source.reads.count < 600)
            #expect(content.claims.count <= 6)
            #expect((content.claimedEnd ?? 0) <= 1 << 37)
        }
    }
}
