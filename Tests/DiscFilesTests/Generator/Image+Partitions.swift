/// Partition tables, written from UEFI's and Apple's field tables.
extension Image {
    mutating func putBootSector(
        _ entries: [(status: UInt8, type: UInt8, start: UInt32, count: UInt32)]
    ) {
        put([0x55, 0xAA], at: 510)
        for (index, entry) in entries.enumerated() {
            let base = 446 + index * 16
            put([entry.status], at: base)
            put([entry.type], at: base + 4)
            putLittle(entry.start, at: base + 8)
            putLittle(entry.count, at: base + 12)
        }
    }

    /// Two headers and their entries; the second header is in the table's last block.
    mutating func putGPT(
        blockSize: Int = 512,
        last: Int,
        partitions: [(first: UInt64, last: UInt64)],
        hasAlternate: Bool = true
    ) {
        let array = 2 * blockSize
        for (index, partition) in partitions.enumerated() {
            let base = array + index * 128
            put([0x28, 0x73, 0x2A, 0xC1, 0x1F, 0xF8, 0xD2, 0x11], at: base)
            put([0xBA, 0x4B, 0x00, 0xA0, 0xC9, 0x3E, 0xC9, 0x3B], at: base + 8)
            put([UInt8](1...16), at: base + 16)
            putLittle(partition.first, at: base + 32)
            putLittle(partition.last, at: base + 40)
            for (place, unit) in "A name".utf16.enumerated() {
                putLittle(unit, at: base + 56 + place * 2)
            }
        }
        let sum = Self.crc32(bytes[array..<array + 8 * 128])
        putHeader(blockSize, at: 1, other: last, last: last, entries: 2, sum: sum)
        guard hasAlternate else { return }
        putHeader(blockSize, at: last, other: 1, last: last, entries: 2, sum: sum)
    }

    private mutating func putHeader(
        _ blockSize: Int,
        at block: Int,
        other: Int,
        last: Int,
        entries: Int,
        sum: UInt32
    ) {
        let base = block * blockSize
        put("EFI PART", at: base)
        putLittle(UInt32(0x10000), at: base + 8)
        putLittle(UInt32(92), at: base + 12)
        putLittle(UInt32(0), at: base + 16)
        putLittle(UInt64(block), at: base + 24)
        putLittle(UInt64(other), at: base + 32)
        putLittle(UInt64(4), at: base + 40)
        putLittle(UInt64(max(0, last - 3)), at: base + 48)
        put([UInt8](0x10...0x1F), at: base + 56)
        putLittle(UInt64(entries), at: base + 72)
        putLittle(UInt32(8), at: base + 80)
        putLittle(UInt32(128), at: base + 84)
        putLittle(sum, at: base + 88)
        putLittle(Self.crc32(bytes[base..<base + 92]), at: base + 16)
    }

    /// CRC-32 bit by bit.
    static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            for bit in 0..<8 {
                let isSet = (crc ^ UInt32(byte >> bit)) & 1 == 1
                crc >>= 1
                if isSet { crc ^= 0xEDB8_8320 }
            }
        }
        return crc ^ 0xFFFF_FFFF
    }

    mutating func putAppleMap(
        blockSize: Int,
        _ entries: [(type: String, start: UInt32, count: UInt32)]
    ) {
        put("ER", at: 0)
        putBig(UInt16(blockSize), at: 2)
        for (index, entry) in entries.enumerated() {
            let base = blockSize * (index + 1)
            put("PM", at: base)
            putBig(UInt32(entries.count), at: base + 4)
            putBig(entry.start, at: base + 8)
            putBig(entry.count, at: base + 12)
            put("a partition", at: base + 16)
            put(entry.type, at: base + 48)
        }
    }
}
