import Reports
package import Transfer

/// The descriptors of an ISO 9660 volume that begins within a disc, as they have to be at the disc's
/// beginning for the disc to show that volume.
///
/// All addresses in them count from the disc's beginning already. The volume's size does not: programs
/// count it from the session's beginning (seen with genisoimage and libisofs), and the volume that a disc
/// shows begins with the disc.
package struct VolumeHead {
    /// Sectors from a volume's beginning to its descriptors (ECMA-119 §7.2.1).
    static let distance = 16
    /// Sectors that the descriptors may take.
    private static let descriptors = 16

    /// The sector of the disc that the first of the bytes belong to; it begins a block.
    package let place: Int
    /// The sectors from there on, with what the disc has before the descriptors in their block.
    package private(set) var bytes: [UInt8]

    /// How many sectors there are.
    package var sectors: Int { bytes.count / 2048 }

    /// Reads the descriptors of a volume.
    ///
    /// - Parameters:
    ///   - source: The disc.
    ///   - start: The sector that the volume begins with.
    ///   - count: Its sectors.
    ///   - block: Sectors that the disc writes together.
    /// - Throws: ``Reports/Failure`` if no volume begins there, and what the source throws.
    package init(_ source: any SectorSource, at start: Int, sectors count: Int, block: Int) throws {
        place = Self.distance / block * block
        bytes = try Self.read(source, place..<Self.distance)
        let before = bytes.count
        let first = start + Self.distance
        bytes += try Self.read(source, first..<first + Self.descriptors)
        guard bytes.dropFirst(before).starts(with: [1] + Array("CD001".utf8)) else {
            throw Failure(
                .trouble,
                "no volume descriptor begins at sector \(first).",
                meaning: "",
                advice: ""
            )
        }
        for offset in stride(from: before, to: bytes.count, by: 2048) {
            guard bytes[(offset + 1)..<(offset + 6)].elementsEqual("CD001".utf8) else { break }
            // Primary and supplementary descriptors have a size (§8.4.8, §8.5.9).
            if bytes[offset] == 1 || bytes[offset] == 2 {
                enlarge(at: offset + 80, by: start, unlessAbove: count)
            }
            if bytes[offset] == 0xFF { break }
        }
    }

    /// Reads sectors.
    static func read(_ source: any SectorSource, _ sectors: Range<Int>) throws -> [UInt8] {
        try source.whole(sectors).bytes
    }

    /// Has a size count from the disc's beginning, unless it does already.
    private mutating func enlarge(at offset: Int, by start: Int, unlessAbove count: Int) {
        let size = (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        guard size <= count, let whole = UInt32(exactly: size + start) else { return }
        for index in 0..<4 {
            let byte = UInt8(truncatingIfNeeded: whole >> (8 * UInt32(index)))
            bytes[offset + index] = byte
            bytes[offset + 7 - index] = byte
        }
    }
}
