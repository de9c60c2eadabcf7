import DiscImages
import DiscModel
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// What damage in a CSO, ZSO or DAX image costs: its own block, and no others.
struct CSODamageTests {
    private static let count = 24
    private let folder: Folder
    private let sectors = (0..<Self.count).map { SampleDisc.noise(2048, $0 + 1) }

    init() throws {
        folder = try Folder()
    }

    /// A block of raw deflate that packs nothing (RFC 1951 §3.2.4).
    private static func packed(_ bytes: [UInt8]) -> [UInt8] {
        let (low, high) = (UInt8(bytes.count & 0xFF), UInt8(bytes.count >> 8))
        return [1, low, high, ~low, ~high] + bytes
    }

    /// A CSO image of version 1.
    private static func image(
        _ blocks: [(bytes: [UInt8], isPlain: Bool)],
        endMoves by: Int = 0
    ) -> [UInt8] {
        func number(_ value: Int, _ width: Int) -> [UInt8] {
            (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var place = 24 + 4 * (blocks.count + 1)
        var index: [UInt8] = []
        for block in blocks {
            index += number(place | (block.isPlain ? 1 << 31 : 0), 4)
            place += block.bytes.count
        }
        index += number(place + by, 4)
        let head = Array("CISO".utf8) + number(0, 4) + number(blocks.count * 2048, 8)
        return head + number(2048, 4) + [1, 0, 0, 0] + index + blocks.flatMap(\.bytes)
    }

    private var whole: [(bytes: [UInt8], isPlain: Bool)] {
        sectors.map { (Self.packed($0), false) }
    }

    private func read(_ sector: Int, of image: DiscImage) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: 2048)
        var span = bytes.mutableSpan
        #expect(try image.source.read(at: sector, into: &span) == 1)
        return bytes
    }

    /// Expects that a sector can't be read, and that all others are what they were.
    private func expect(
        _ image: DiscImage,
        lacks lost: Set<Int>,
        _ words: String,
        of sectors: [[UInt8]]
    ) throws {
        for sector in sectors.indices {
            if lost.contains(sector) {
                let error = try #require(throws: UnreadableSectors.self, "\(sector)") {
                    try read(sector, of: image)
                }
                #expect("\(error.reason)".contains(words), "\(error.reason)")
            } else {
                #expect(try read(sector, of: image) == sectors[sector], "\(sector)")
            }
        }
    }

    @Test func `a block that is not packed and too short takes nothing of the next one`() throws {
        var blocks = whole
        blocks[7] = (Array(sectors[7].prefix(1000)), true)
        let image = try DiscImage(try folder.write("a.cso", Self.image(blocks)))
        try expect(image, lacks: [7], "block 7 at byte", of: sectors)
        try expect(image, lacks: [7], "has 1000 bytes instead of 2048", of: sectors)
    }

    @Test(arguments: [3, 23])
    func `a damaged block costs itself, the last one as well`(_ index: Int) throws {
        var blocks = whole
        // The length and its complement no longer agree.
        blocks[index].bytes[1] ^= 0xFF
        let image = try DiscImage(try folder.write("a.cso", Self.image(blocks)))
        #expect(image.warnings.isEmpty)
        try expect(image, lacks: [index], "block \(index) at byte", of: sectors)
    }

    @Test func `a wrong entry of the index costs the blocks on both sides of it`() throws {
        var bytes = Self.image(whole)
        bytes.replaceSubrange(24 + 4 * 5..<24 + 4 * 6, with: [0xFF, 0xFF, 0xFF, 0x7F])
        let image = try DiscImage(try folder.write("a.cso", bytes))
        // Block 4 seems to go on for long, and does not need to.
        try expect(image, lacks: [5], "entry 5 of the index", of: sectors)
    }

    @Test(arguments: [false, true])
    func `a file that is cut off lacks what was cut off`(_ isPlain: Bool) throws {
        let blocks: [(bytes: [UInt8], isPlain: Bool)] = sectors.map {
            isPlain ? ($0, true) : (Self.packed($0), false)
        }
        let bytes = Array(Self.image(blocks).dropLast(300))
        let image = try DiscImage(try folder.write("a.cso", bytes))
        #expect(image.warnings == ["a.cso is truncated: 300 bytes are missing at its end."])
        try expect(image, lacks: [23], "ends before it", of: sectors)
    }

    @Test func `an index that counts too much is no truncated file`() throws {
        let bytes = Self.image(whole, endMoves: 1000)
        let image = try DiscImage(try folder.write("a.cso", bytes))
        #expect(
            image.warnings == [
                "The index counts 1000 bytes more than a.cso has; the last block is whole without them."
            ]
        )
        try expect(image, lacks: [], "", of: sectors)
    }

    @Test func `bytes behind the packed data are told`() throws {
        let bytes = Self.image(whole) + SampleDisc.noise(5000, 99)
        let image = try DiscImage(try folder.write("a.cso", bytes))
        #expect(image.warnings == ["After the packed data lie 5000 more bytes."])
        try expect(image, lacks: [], "", of: sectors)
    }

    @Test func `a CISO image of a GameCube disc is named`() throws {
        var bytes = Array("CISO".utf8) + [0, 0, 0x20, 0, 1, 1, 0, 1]
        bytes += [UInt8](repeating: 0, count: 65536)
        let path = try folder.write("a.ciso", bytes)
        let failure = try #require(throws: Failure.self) { try DiscImage(path) }
        #expect(
            failure.what.contains("a CISO image of a GameCube or Wii disc"),
            "\(failure.what)"
        )
    }

    // MARK: DAX

    /// Blocks 2 and 3 of the sample are not packed, and its table of places begins at byte 32.
    @Test func `a short block of a DAX image takes nothing of the next one`() throws {
        let samples = PackedSamples.shared
        var bytes = try samples.bytes("same-1.dax")
        let plain = try samples.bytes("plain.iso")
        let sectors = stride(from: 0, to: plain.count, by: 2048).map {
            Array(plain[$0..<$0 + 2048])
        }
        func place(_ index: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[32 + 4 * index + $1]) << (8 * $1) }
        }
        // The next one begins within it, and keeps its bytes.
        let short = place(3) - 1000
        let next = Array(bytes[place(3)..<place(3) + 8192])
        bytes.replaceSubrange(short..<short + 8192, with: next)
        for i in 0..<4 { bytes[32 + 12 + i] = UInt8(truncatingIfNeeded: short >> (8 * i)) }
        let image = try DiscImage(try folder.write("a.dax", bytes))
        try expect(image, lacks: [8, 9, 10, 11], "has 7192 bytes instead of 8192", of: sectors)
    }

    @Test func `the end of a DAX image is looked at`() throws {
        let bytes = try PackedSamples.shared.bytes("same-0.dax")
        let long = try DiscImage(try folder.write("a.dax", bytes + [1, 2, 3]))
        #expect(long.warnings == ["After the packed data lie 3 more bytes."])
        let short = try DiscImage(try folder.write("b.dax", Array(bytes.dropLast(40))))
        #expect(short.warnings == ["b.dax is truncated: 40 bytes are missing at its end."])
    }
}
