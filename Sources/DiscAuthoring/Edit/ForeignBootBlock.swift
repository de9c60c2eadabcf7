/// A boot block of another machine than a PC or a Mac, whose numbers are known.
///
/// It is taken for one only if its checksum is right, or all of its numbers make sense. The forms are those that
/// libisofs and genisoimage write.
struct ForeignBootBlock {
    /// The sectors with what is booted.
    let sectors: [Range<Int>]

    /// Reads the first 512 bytes of an image; `nil` if they are no such block.
    init?(_ area: [UInt8]) {
        guard area.count >= 512,
            let found = Self.alpha(area) ?? Self.mips(area) ?? Self.dec(area) ?? Self.sparc(area),
            !found.isEmpty
        else { return nil }
        sectors = found.map { $0.start / 4..<($0.start + $0.count + 3) / 4 }
    }

    /// Blocks of 512 bytes.
    private typealias Blocks = (start: Int, count: Int)

    private static func big(_ area: [UInt8], _ offset: Int, _ count: Int = 4) -> Int {
        area[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func little(_ area: [UInt8], _ offset: Int) -> Int {
        area[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// DEC Alpha, as SRM reads it: the loader's size and place, and the sum of 63 words of 64 bits.
    private static func alpha(_ area: [UInt8]) -> [Blocks]? {
        let words = (0..<64).map { index in
            area[index * 8..<index * 8 + 8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        }
        guard words[..<63].reduce(0, &+) == words[63], words[63] != 0,
            (1..<1 << 32).contains(words[60]), (1..<1 << 32).contains(words[61])
        else { return nil }
        return [(Int(words[61]), Int(words[60]))]
    }

    /// The header of a volume for MIPS machines of SGI: up to 15 files, and a sum of all words that is 0.
    private static func mips(_ area: [UInt8]) -> [Blocks]? {
        let sum = stride(from: 0, to: 512, by: 4).reduce(0 as UInt32) {
            $0 &+ UInt32(big(area, $1))
        }
        guard big(area, 0) == 0x0BE5_A941, sum == 0 else { return nil }
        return (0..<15).map { 72 + $0 * 16 }.filter { area[$0] != 0 }
            .map { (start: big(area, $0 + 8), count: (big(area, $0 + 12) + 511) / 512) }
    }

    /// A block of MIPS machines of DEC: runs of blocks until an empty one.
    ///
    /// The count of a loader that is no ELF file is 0.
    private static func dec(_ area: [UInt8]) -> [Blocks]? {
        guard little(area, 8) == 0x0002_757A else { return nil }
        let runs = stride(from: 24, to: 512, by: 8)
            .map { (start: little(area, $0 + 4), count: little(area, $0)) }
        return runs.prefix { $0.start > 0 }.map { ($0.start, max(1, $0.count)) }
    }

    /// A disk label of Sun: eight partitions that begin with cylinders.
    ///
    /// All words together are 0 (exclusive or). The first partition is the volume itself.
    private static func sparc(_ area: [UInt8]) -> [Blocks]? {
        let sum = stride(from: 0, to: 512, by: 2).reduce(0) { $0 ^ big(area, $1, 2) }
        let cylinder = big(area, 436, 2) * big(area, 438, 2)
        guard big(area, 508, 2) == 0xDABE, sum == 0, (1..<1 << 24).contains(cylinder) else {
            return nil
        }
        return (0..<8).map { 444 + $0 * 8 }
            .map { (start: big(area, $0) * cylinder, count: big(area, $0 + 4)) }
            .filter { $0.start > 0 && $0.count > 0 }
    }
}
