import DiscFiles
import TestSupport
import Testing

/// Images with every structure, cut, damaged and garbled.
@Suite struct HostileTreeTests {
    private typealias Place = Image.Place

    /// An image, where its structures are, and the tree that is in it.
    struct Sample: Sendable, CustomTestStringConvertible {
        var name: String
        var image: Image
        var structures: [Int]
        var testDescription: String { name }
    }

    private static let rockRidge: Sample = {
        var image = Image(sectors: 120)
        image.putPrimary(at: 16, size: 120)
        image.putJoliet(at: 17, size: 120, level: 3, name: "Joliet")
        image.putBoth(UInt32(25), at: 17 * 2048 + 158)
        image.putTerminator(at: 18)
        let use = Image.suspIndicator + Image.px(0o040755) + Image.suspExtension("RRIP_1991A")
        let link = Image.px(0o120777) + Image.sl([(0, "x"), (4, ""), (1, "y")], goesOn: true)
        image.putDirectory(
            at: 20,
            use: use,
            [
                Image.record("RR_MOVED", block: 21, size: 2048, flags: 2, use: Image.nm("moved")),
                Image.record("D", block: 22, size: 4096, flags: 2, use: Image.px(0o040755)),
                Image.record("F;1", block: 40, size: 4096, flags: 0x80, use: Image.px(0o100644)),
                Image.record("F;1", block: 50, size: 10, use: Image.px(0o100644)),
                Image.record(
                    "A;1",
                    block: 43,
                    size: 5,
                    use: Image.entry("AL", [0, 0, 2, 3, 0x61, 0, 1, 9])
                        + Image.entry("AL", [0, 0, 0, 0, 4, 0x16, 0xAE, 1, 123])
                ),
                Image.record(Array("I;1".utf8), block: 60, size: 8192, unit: 1, gap: 2),
                Image.record("L;1", block: 0, size: 0, use: link + Image.sl([(0, "z")])),
                Image.record("P;1", block: 22, size: 0, use: Image.nm("deep") + Image.cl(24)),
                Image.record(
                    "C;1",
                    block: 41,
                    size: 5,
                    use: Image.suspContinuation(block: 30, offset: 7, count: 120)
                ),
            ]
        )
        image.putDirectory(
            at: 21,
            parent: 20,
            [Image.record("DEEP", block: 24, size: 2048, flags: 2, use: Image.entry("RE", []))]
        )
        let many = (0..<40).map {
            Image.record("F\($0).;1", block: UInt32(40 + $0), size: 99, use: Image.nm("name \($0)"))
        }
        image.putDirectory(at: 22, parent: 20, sectors: 2, many)
        image.putDirectory(at: 24, parent: 21, [Image.record("E.;1", block: 42, size: 5)])
        image.putDirectory(at: 25, [Image.jolietRecord("Größe", block: 40, size: 4106)])
        image.put(
            Image.nm("continued", goesOn: true) + Image.zf(4000)
                + Image.suspContinuation(block: 31, offset: 0, count: 90),
            at: 30 * 2048 + 7
        )
        image.put(Image.nm(" name") + Image.tf(["2001020304050607"]), at: 31 * 2048)
        return Sample(
            name: "Rock Ridge and Joliet",
            image: image,
            structures: [16, 17, 18, 20, 21, 22, 23, 24, 25, 30, 31]
        )
    }()

    private static let udf: Sample = {
        let fields: [UInt8] = [10, 0, 0, 0, 11, 0, 0, 0, 255, 255, 255, 255, 32, 0, 0, 0, 1, 0, 0]
        var image = Image.udfVolume(
            maps: [
                Image.physicalMap, Image.map("*UDF Metadata Partition", fields),
                Image.map("*UDF Virtual Partition"),
            ],
            fileSet: Place(block: 0, map: 1)
        )
        for (block, type) in [(10, 250), (11, 251)] as [(Int, UInt8)] {
            image.putFile(
                at: 257 + block,
                location: block,
                type: type,
                size: 6144,
                form: 0,
                Image.shortAD(2048, 20) + Image.shortAD(4096, 30),
                isExtended: true
            )
        }
        image.putFileSet(at: 277, location: 0, root: Place(block: 1, map: 1))
        image.putDirectory(
            at: 287,
            location: 1,
            [
                Image.identifier("file", Place(block: 2, map: 1)),
                Image.identifier("Größe ☃", Place(block: 40)),
                Image.identifier("virtual", Place(block: 1, map: 2)),
                Image.identifier("sub", Place(block: 41), traits: 2),
            ],
            isExtended: true
        )
        image.putFile(
            at: 288,
            location: 2,
            size: 9,
            form: 1,
            Image.longAD(9, Place(block: 60)),
            isExtended: true,
            streams: Place(block: 50)
        )
        let streams =
            Image.identifier([], Place(block: 2, map: 1), traits: 10)
            + Image.identifier("stream", Place(block: 40), traits: 16)
        image.putFile(at: 307, location: 50, type: 13, size: streams.count, form: 3, streams)
        image.putFile(
            at: 297,
            location: 40,
            size: 4096,
            form: 0,
            Image.shortAD(2048, 61) + Image.shortAD(2048, 42, type: 3)
        )
        image.putMoreExtents(at: 299, location: 42, Image.shortAD(2048, 62))
        let entries = (0..<20).flatMap { Image.identifier("entry \($0)", Place(block: 40)) }
        image.putFile(
            at: 298,
            location: 41,
            type: 4,
            size: entries.count,
            form: 0,
            Image.shortAD(2048, 43)
        )
        image.put(entries, at: 300 * 2048)
        let table: [UInt8] =
            [152, 0] + [UInt8](repeating: 0, count: 150) + [40, 0, 0, 0, 44, 0, 0, 0]
        image.putFile(at: 301, location: 44, size: 3, form: 3, [1, 2, 3])
        image.putFile(at: 380, location: 123, type: 248, size: table.count, form: 3, table)
        return Sample(
            name: "UDF",
            image: image,
            structures: [
                16, 32, 33, 34, 256, 267, 268, 277, 287, 288, 297, 298, 299, 300, 301, 307, 380,
            ]
        )
    }()

    private static func mac(isPlus: Bool) -> Sample {
        var image = Image(sectors: 120)
        var files: [Image.MacFile] = [
            .init(name: "A Mac", parent: 1, number: 2, isDirectory: true),
            .init(name: "file", parent: 2, number: 16, size: 5000, runs: [(60, 1), (70, 1)]),
            .init(name: "sub", parent: 2, number: 18, isDirectory: true),
        ]
        for index in 0..<20 {
            files.append(.init(name: "file \(10 + index)", parent: 18, number: UInt32(100 + index)))
        }
        var attributes: [Image.MacAttribute] = []
        if isPlus {
            files.insert(
                contentsOf: [
                    .init(
                        name: "\0\0\0\0HFS+ Private Data",
                        parent: 2,
                        number: 19,
                        isDirectory: true
                    ),
                    .init(name: "link", parent: 2, number: 20, special: 7, kind: "hlnkhfs+"),
                    .init(name: "twin", parent: 2, number: 21, special: 7, kind: "hlnkhfs+"),
                ],
                at: 1
            )
            files.append(
                .init(name: "iNode7", parent: 19, number: 30, special: 2, size: 5, runs: [(61, 1)])
            )
            attributes = [
                .init(number: 16, name: "note", value: [1, 2, 3]),
                .init(number: 30, name: "large", runs: [(62, 1)], size: 9),
            ]
        }
        image.putMacVolume(
            at: 0,
            isPlus: isPlus,
            blocks: 100,
            files,
            [.init(number: 16, firstBlock: 2, runs: [(72, 1)])],
            attributes: attributes
        )
        let first = isPlus ? 0 : 2
        return Sample(
            name: isPlus ? "HFS Plus" : "HFS",
            image: image,
            structures: [0, first + 4] + Array(first + 20..<first + 28) + (isPlus ? [40, 42] : [])
        )
    }

    static let samples = [rockRidge, udf, mac(isPlus: false), mac(isPlus: true)]

    /// Reads all trees and some bytes of each file; nothing may trap, and all must end.
    private func readAll(_ bytes: [UInt8], bad: Set<Int> = []) throws -> [Int] {
        let source = MemorySource(bytes, bad: bad)
        let trees = try DiscTrees(source)
        var counts: [Int] = []
        for kind in trees.available {
            guard let tree = trees.tree(kind) else { continue }
            var walk = FileWalk(tree)
            var count = 0
            while let visit = try walk.next() {
                count += 1
                #expect(!visit.path.utf8.contains(0))
                #expect(visit.entry.size >= 0)
                guard visit.entry.kind == .file, count < 100 else { continue }
                let contents = try FileContents(source, visit.entry)
                var buffer = [UInt8](repeating: 0, count: 4096)
                for offset in [0, contents.count / 2, contents.count - 1] {
                    var span = buffer.mutableSpan
                    do {
                        _ = try contents.read(at: offset, into: &span)
                    } catch {
                        continue
                    }
                }
            }
            #expect(walk.problems.count <= 200)
            counts.append(count)
        }
        _ = try TreeChoice(trees)
        return counts
    }

    @Test func `Whole samples are read whole`() throws {
        for (sample, counts) in zip(Self.samples, [[49, 1, 50], [24], [22], [24]]) {
            let found = try readAll(sample.image.bytes)
            #expect(found == counts, "\(sample.name)")
        }
    }

    @Test(arguments: samples)
    func `Images may end anywhere`(sample: Sample) throws {
        for sector in sample.structures {
            for bytes in [0, 1, 1024, 2047, 2048] {
                _ = try readAll(sample.image.cut(to: sector * 2048 + bytes))
            }
        }
    }

    @Test(arguments: samples)
    func `Unreadable sectors hide what they hold`(sample: Sample) throws {
        for sector in sample.structures {
            _ = try readAll(sample.image.bytes, bad: [sector])
        }
    }

    @Test(arguments: samples, 0..<4)
    func `Garbled bytes harm nobody`(sample: Sample, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ 77)
        let extremes: [UInt8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF]
        for round in 0..<Soak.count(8, long: 400) {
            var image = sample.image
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let sector = sample.structures.randomElement(using: &random) ?? 0
                let start =
                    sector * 2048
                    + Int.random(in: 0..<(round % 2 == 0 ? 512 : 2048), using: &random)
                for offset in start..<start + Int.random(in: 1...4, using: &random)
                where offset < image.bytes.count {
                    image.bytes[offset] =
                        Bool.random(using: &random)
                        ? extremes.randomElement(using: &random) ?? 0
                        : UInt8.random(in: 0...255, using: &random)
                }
            }
            // Checksums that fit let garbled fields through.
            if sample.name == "UDF", round % 3 > 0 { Self.reseal(&image) }
            let clock = ContinuousClock()
            let time = try clock.measure { _ = try readAll(image.bytes) }
            #expect(time < .seconds(20), "\(sample.name), seed \(seed), round \(round)")
        }
    }

    private static func reseal(_ image: inout Image) {
        image.seal(5, block: 33)
        image.seal(6, block: 34, length: 800)
        image.seal(2, block: 256)
        let files: [(sector: Int, kind: UInt16, location: Int)] = [
            (267, 266, 10), (268, 266, 11), (277, 256, 0), (287, 266, 1), (288, 261, 2),
            (297, 261, 40), (298, 261, 41), (299, 258, 42), (301, 261, 44), (380, 261, 123),
        ]
        for file in files {
            image.sealFile(file.kind, at: file.sector * 2048, location: file.location, length: 700)
        }
    }
}
