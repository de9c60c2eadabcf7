/// File systems of hard disks and sticks, and Apple's, written from their field tables.
extension Image {
    /// A FAT boot sector: Microsoft's “FAT: General Overview of On-Disk Format”, 1.03.
    mutating func putFAT(
        at base: Int = 0,
        sectors: UInt32,
        tableSectors: UInt32,
        isLarge: Bool = false,
        label: String = "A LABEL"
    ) {
        put([0xEB, 0x3C, 0x90], at: base)
        put("MSDOS5.0", at: base + 3)
        putLittle(UInt16(512), at: base + 11)
        put([4], at: base + 13)
        putLittle(UInt16(isLarge ? 32 : 1), at: base + 14)
        put([2], at: base + 16)
        putLittle(UInt16(isLarge ? 0 : 512), at: base + 17)
        if sectors < 0x10000, !isLarge {
            putLittle(UInt16(sectors), at: base + 19)
        } else {
            putLittle(sectors, at: base + 32)
        }
        put([0xF8], at: base + 21)
        putLittle(UInt16(isLarge ? 0 : tableSectors), at: base + 22)
        if isLarge { putLittle(tableSectors, at: base + 36) }
        put([0x29], at: base + (isLarge ? 66 : 38))
        put(label, at: base + (isLarge ? 71 : 43), padded: 11)
        put([0x55, 0xAA], at: base + 510)
    }

    /// A superblock of ext2, ext3 or ext4; “ext4 Disk Layout”, “The Super Block”.
    mutating func putExt(generation: Int, blocks: UInt32, label: String, at base: Int = 0) {
        let start = base + 1024
        putLittle(UInt32(64), at: start)
        putLittle(blocks, at: start + 4)
        putLittle(UInt32(2), at: start + 24)
        putLittle(UInt16(0xEF53), at: start + 56)
        putLittle(UInt32(1), at: start + 76)
        putLittle(UInt32(generation >= 3 ? 0x4 : 0), at: start + 92)
        putLittle(UInt32(generation == 4 ? 0x242 : 0x2), at: start + 96)
        put(label, at: start + 120)
    }

    /// An HFS volume's header; Inside Macintosh: Files, “Master Directory Blocks”.
    mutating func putHFS(at base: Int, blocks: UInt16, blockSize: UInt32, name: String) {
        let start = base + 1024
        put("BD", at: start)
        // 2001-02-03 04:05:06, counted from 1904: 97 years with 25 leap days, 33 days, 4:05:06.
        let days: UInt32 = 97 * 365 + 25 + 33
        let seconds: UInt32 = 4 * 3600 + 5 * 60 + 6
        putBig(days * 86400 + seconds, at: start + 2)
        putBig(blocks, at: start + 18)
        putBig(blockSize, at: start + 20)
        putBig(UInt16(16), at: start + 28)
        put([UInt8(name.utf8.count)] + Array(name.utf8), at: start + 36)
        putBig(UInt32(7), at: start + 84)
        putBig(UInt32(3), at: start + 88)
    }

    /// An HFS Plus volume's header and a catalogue of a header node and one leaf; TN1150.
    mutating func putHFSPlus(at base: Int, blocks: UInt32, name: String) {
        let (start, size) = (base + 1024, 4096)
        put("H+", at: start)
        putBig(UInt16(4), at: start + 2)
        putBig(UInt32(1), at: start + 16)
        putBig(UInt32(9), at: start + 32)
        putBig(UInt32(2), at: start + 36)
        putBig(UInt32(size), at: start + 40)
        putBig(blocks, at: start + 44)
        // The catalogue's fork begins with its size; its first extent is 16 bytes on.
        putBig(UInt64(4 * size), at: start + 272)
        putBig(UInt32(2), at: start + 272 + 16)
        putBig(UInt32(4), at: start + 272 + 20)
        let tree = base + 2 * size
        put([1], at: tree + 8)
        putBig(UInt32(1), at: tree + 14 + 2)
        putBig(UInt32(1), at: tree + 14 + 10)
        putBig(UInt16(size), at: tree + 14 + 18)
        let leaf = tree + size
        put([0xFF, 1, 0, 1], at: leaf + 8)
        putBig(UInt16(6 + name.utf16.count * 2), at: leaf + 14)
        putBig(UInt32(1), at: leaf + 16)
        putBig(UInt16(name.utf16.count), at: leaf + 20)
        for (index, unit) in name.utf16.enumerated() { putBig(unit, at: leaf + 22 + index * 2) }
        // Where the only record begins, and where it ends behind a folder's 88 bytes.
        putBig(UInt16(14), at: leaf + size - 2)
        putBig(UInt16(22 + name.utf16.count * 2 + 88), at: leaf + size - 4)
    }

    /// An integrity descriptor with OSTA's part; ECMA-167 3/10.10, UDF 2.60 §2.2.6.4.
    mutating func putIntegrity(at block: Int, isClosed: Bool, files: UInt32, folders: UInt32) {
        let base = block * 2048
        putLittle(UInt16(2024), at: base + 18)
        put([2, 29, 23, 59, 58], at: base + 20)
        putLittle(UInt32(isClosed ? 1 : 0), at: base + 28)
        putLittle(UInt32(1), at: base + 72)
        putLittle(UInt32(46), at: base + 76)
        putLittle(files, at: base + 88 + 32)
        putLittle(folders, at: base + 88 + 36)
        putLittle(UInt16(0x0250), at: base + 88 + 40)
        putLittle(UInt16(0x0260), at: base + 88 + 42)
        seal(9, block: block)
    }
}
