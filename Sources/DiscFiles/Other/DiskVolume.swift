/// File systems whose marks are too short to be believed alone.
enum DiskVolume {
    /// FAT, by its boot sector: Microsoft's FAT specification 1.03, “Boot Sector and BPB”.
    ///
    /// Every field that the specification restricts must be as it says.
    static func fat(_ bytes: Span<UInt8>) -> OtherContent? {
        let isJump = bytes.byte(0) == 0xEB || bytes.byte(0) == 0xE9
        let sectorSize = Int(bytes.little16(11))
        let cluster = Int(bytes.byte(13))
        let reserved = Int(bytes.little16(14))
        let tables = Int(bytes.byte(16))
        guard isJump, [512, 1024, 2048, 4096].contains(sectorSize), cluster > 0,
            cluster & (cluster - 1) == 0, reserved > 0, (1...2).contains(tables),
            bytes.byte(21) == 0xF0 || bytes.byte(21) >= 0xF8
        else { return nil }
        let roots = Int(bytes.little16(17))
        let short = Int(bytes.little16(19))
        let sectors = short != 0 ? short : Int(bytes.little32(32))
        let shortTable = Int(bytes.little16(22))
        let isFAT32 = shortTable == 0
        let table = isFAT32 ? Int(bytes.little32(36)) : shortTable
        guard sectors > 0, table > 0, roots > 0 || isFAT32 else { return nil }
        let taken = reserved + tables * table + (roots * 32 + sectorSize - 1) / sectorSize
        guard taken < sectors else { return nil }
        let clusters = (sectors - taken) / cluster
        let name = isFAT32 ? "FAT32" : clusters < 4085 ? "FAT12" : "FAT16"
        // The label counts where the extended signature stands before it.
        let signature = isFAT32 ? 66 : 38
        let label = bytes.byte(signature) == 0x29 ? bytes.text(at: signature + 5, count: 11) : ""
        return OtherContent(
            kind: .fileSystem,
            name: "a \(name) file system",
            title: label.isEmpty || label == "NO NAME" ? nil : label,
            size: UInt64(sectors) * UInt64(sectorSize),
            offset: 0
        )
    }

    /// ext2 to ext4, by the superblock at byte 1024; Linux, fs/ext4/ext4.h, `ext4_super_block`.
    static func ext(_ bytes: Span<UInt8>) -> OtherContent? {
        let base = 1024
        let blockSize = bytes.little32(base + 24)
        guard bytes.little16(base + 56) == 0xEF53, blockSize <= 6, bytes.little32(base) > 0,
            bytes.little32(base + 4) > 0, bytes.little32(base + 76) <= 1
        else { return nil }
        let compatible = bytes.little32(base + 92)
        let incompatible = bytes.little32(base + 96)
        // Extents, 64-bit numbers and flexible groups came with ext4; the journal with ext3.
        let isFourth = incompatible & (0x40 | 0x80 | 0x200) != 0
        let generation = isFourth ? 4 : compatible & 4 != 0 ? 3 : 2
        let high = incompatible & 0x80 != 0 ? UInt64(bytes.little32(base + 0x150)) : 0
        let blocks = high << 32 | UInt64(bytes.little32(base + 4))
        let label = bytes.title(at: base + 120, count: 16)
        return OtherContent(
            kind: .fileSystem,
            name: "an ext\(generation) file system",
            title: label.isEmpty ? nil : label,
            size: FileSystemClaim.end(start: 0, count: blocks, unit: 1024 << UInt64(blockSize)),
            offset: base + 56
        )
    }

    /// A program of DOS or Windows: the header that byte 60 leads to; Microsoft's PE specification.
    static func program(_ bytes: Span<UInt8>) -> OtherContent? {
        guard bytes.holds("MZ", at: 0) else { return nil }
        let header = Int(bytes.little32(60))
        let isPortable = bytes.holds([0x50, 0x45, 0, 0], at: header)
        // Of DOS alone: a header of some paragraphs, and no more bytes in the last page than one has.
        let isOld = (2...64).contains(bytes.little16(8)) && bytes.little16(2) < 512
        guard isPortable || isOld else { return nil }
        return OtherContent(
            kind: .program,
            name: isPortable ? "a program of Windows" : "a program of DOS",
            offset: 0
        )
    }
}
