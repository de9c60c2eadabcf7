import DiscFiles

/// What computers boot from: the boot catalogue tells it, or a boot block in the first 32 KiB.
struct BootedSectors {
    /// Whether it is known what the first 32 KiB name: they are zeros, or have a PC's or Apple's table of
    /// partitions.
    ///
    /// The boot blocks of Alpha, MIPS, SPARC and PA-RISC name sectors in forms of their own.
    let isAreaKnown: Bool
    /// Sectors that something which is booted begins in, or may lie in.
    private let named: SectorSet

    /// Collects what is booted.
    ///
    /// - Parameters:
    ///   - starts: The sectors that the catalogue names.
    ///   - area: The first 32 KiB.
    init(starts: [Int], area: [UInt8]) {
        isAreaKnown = Self.isKnown(area)
        var ranges = starts.map { $0..<$0 + 1 }
        if !isAreaKnown {
            var rest = area[...]
            if let boot = ForeignBootBlock(area) {
                ranges += boot.sectors
                rest = area[512...]
            }
            ranges += Self.sectors(namedIn: Array(rest)).map { $0..<$0 + 1 }
        }
        named = SectorSet(ranges)
    }

    private static func isKnown(_ area: [UInt8]) -> Bool {
        if area.allSatisfy({ $0 == 0 }) { return true }
        // PALO, which PA-RISC starts with, stands beside a PC's table.
        if area[2..<6].elementsEqual("PALO".utf8) { return false }
        let isPC = area[510] == 0x55 && area[511] == 0xAA
        let isApple = area[0] == 0x45 && area[1] == 0x52
        let isMap = area[512] == 0x50 && area[513] == 0x4D
        return isPC || isApple || isMap
    }

    /// Where the numbers in boot blocks may lead: each may be one of a sector, of a block of 512 bytes, or of
    /// a byte, in either byte order.
    private static func sectors(namedIn area: [UInt8]) -> [Int] {
        stride(from: 0, to: area.count - 3, by: 4).flatMap { offset in
            let four = area[offset..<offset + 4]
            let numbers = [
                four.reduce(0) { $0 << 8 | Int($1) },
                four.reversed().reduce(0) { $0 << 8 | Int($1) },
            ]
            return numbers.flatMap { [$0, $0 / 4, $0 / 2048] }.filter { $0 > 0 }
        }
    }

    /// Whether a computer may boot from a part of a file.
    func mayBoot(_ extent: FileExtent) -> Bool {
        extent.sectors.map { !$0.isEmpty && named.overlaps($0) } ?? false
    }
}

extension Array {
    /// The element that a condition is true of; `nil` if there is none, or more than one.
    func only(_ condition: (Element) -> Bool) -> Element? {
        guard let first = firstIndex(where: condition),
            !self[(first + 1)...].contains(where: condition)
        else { return nil }
        return self[first]
    }
}
