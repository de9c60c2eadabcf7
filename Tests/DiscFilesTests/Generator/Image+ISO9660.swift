/// Structures of ECMA-119, Joliet, SUSP and El Torito, written from their field tables.
extension Image {
    /// The first seven bytes of each descriptor; BP 1, 2 to 6 and 7 of ECMA-119 §8.1.
    mutating func putDescriptor(type: UInt8, version: UInt8 = 1, at sector: Int) {
        put([type], at: sector * 2048)
        put("CD001", at: sector * 2048 + 1)
        put([version], at: sector * 2048 + 6)
    }

    /// A primary descriptor; field positions are those of ECMA-119 table 4, less one.
    mutating func putPrimary(
        at sector: Int,
        size: UInt32,
        blockSize: UInt16 = 2048,
        name: String = "A_VOLUME",
        root: UInt32 = 20
    ) {
        let base = sector * 2048
        putDescriptor(type: 1, at: sector)
        put("LINUX", at: base + 8, padded: 32)
        put(name, at: base + 40, padded: 32)
        putBoth(size, at: base + 80)
        putBoth(UInt16(1), at: base + 120)
        putBoth(UInt16(1), at: base + 124)
        putBoth(blockSize, at: base + 128)
        put([34, 0], at: base + 156)
        putBoth(root, at: base + 158)
        putBoth(UInt32(2048), at: base + 166)
        put("A SET", at: base + 190, padded: 128)
        put("A PUBLISHER", at: base + 318, padded: 128)
        put("A PREPARER", at: base + 446, padded: 128)
        put("AN APPLICATION", at: base + 574, padded: 128)
        put("2021020713245678", at: base + 813)
        put([8], at: base + 829)
        put("2022123123595900", at: base + 830)
        put([UInt8(bitPattern: -14)], at: base + 846)
        put("0000000000000000", at: base + 847)
        put("2021134013245678", at: base + 864)
        put([1], at: base + 881)
    }

    /// A path table and the fields of the descriptor that lead to it; ECMA-119 §9.4.
    ///
    /// - Parameters:
    ///   - sector: Where the table goes.
    ///   - descriptor: The sector of the descriptor.
    ///   - isBig: Whether it is the table in big-endian order, and the only one.
    ///   - directories: Block, number of the parent and name, the root first.
    mutating func putPathTable(
        at sector: Int,
        of descriptor: Int,
        isBig: Bool = false,
        _ directories: [(block: UInt32, parent: UInt16, name: [UInt8])]
    ) {
        var position = sector * 2048
        for directory in directories {
            put([UInt8(directory.name.count), 0], at: position)
            if isBig {
                putBig(directory.block, at: position + 2)
                putBig(directory.parent, at: position + 6)
            } else {
                putLittle(directory.block, at: position + 2)
                putLittle(directory.parent, at: position + 6)
            }
            put(directory.name, at: position + 8)
            position += 8 + directory.name.count + directory.name.count % 2
        }
        putBoth(UInt32(position - sector * 2048), at: descriptor * 2048 + 132)
        if isBig {
            putBig(UInt32(sector), at: descriptor * 2048 + 148)
        } else {
            putLittle(UInt32(sector), at: descriptor * 2048 + 140)
        }
    }

    mutating func putJoliet(at sector: Int, size: UInt32, level: Int, name: String) {
        let base = sector * 2048
        putPrimary(at: sector, size: size)
        put([2], at: base)
        put([0x25, 0x2F, [0x40, 0x43, 0x45][level - 1]], at: base + 88)
        for (offset, width) in [(8, 32), (190, 128), (318, 128), (446, 128), (574, 128)] {
            putUCS2("", at: base + offset, padded: width)
        }
        putUCS2(name, at: base + 40, padded: 32)
    }

    mutating func putTerminator(at sector: Int) {
        putDescriptor(type: 255, at: sector)
    }

    /// The draft's file structure volume descriptor, as Linux's `hs_primary_descriptor` has it.
    mutating func putHighSierra(at sector: Int, size: UInt32, name: String) {
        let base = sector * 2048
        putBoth(UInt32(sector), at: base)
        put([1], at: base + 8)
        put("CDROM", at: base + 9)
        put([1], at: base + 14)
        put(name, at: base + 48, padded: 32)
        putBoth(size, at: base + 88)
        putBoth(UInt16(2048), at: base + 136)
        putBoth(UInt32(30), at: base + 182)
        put([255], at: base + 2048 + 8)
        put("CDROM", at: base + 2048 + 9)
    }

    /// The `.` record with SUSP's area behind it; SUSP 1.12 §5.3 and §5.5.
    mutating func putRootRecord(at sector: Int, area: [UInt8]) {
        let base = sector * 2048
        put([UInt8(34 + area.count)], at: base)
        put([1, 0], at: base + 32)
        put(area, at: base + 34)
    }

    static let suspIndicator: [UInt8] = [0x53, 0x50, 7, 1, 0xBE, 0xEF, 0]

    static func suspExtension(_ name: String) -> [UInt8] {
        let name = Array(name.utf8)
        return [0x45, 0x52, UInt8(8 + name.count), 1, UInt8(name.count), 0, 0, 1] + name
    }

    static func suspContinuation(block: UInt32, offset: UInt32, count: UInt32) -> [UInt8] {
        var entry = Image(sectors: 1)
        entry.put([0x43, 0x45, 28, 1], at: 0)
        entry.putBoth(block, at: 4)
        entry.putBoth(offset, at: 12)
        entry.putBoth(count, at: 20)
        return Array(entry.bytes[..<28])
    }

    /// El Torito's boot record, and a catalogue of records of 32 bytes whose sum it completes.
    mutating func putBootCatalog(recordAt sector: Int, catalog: UInt32, records: [[UInt8]]) {
        putDescriptor(type: 0, at: sector)
        put("EL TORITO SPECIFICATION", at: sector * 2048 + 7)
        putLittle(catalog, at: sector * 2048 + 0x47)
        let base = Int(catalog) * 2048
        put([1, 0], at: base)
        put("A MAKER", at: base + 4)
        put([0x55, 0xAA], at: base + 30)
        var sum = 0
        for word in stride(from: 0, to: 32, by: 2) {
            sum += Int(bytes[base + word]) + Int(bytes[base + word + 1]) * 256
        }
        putLittle(UInt16((0x10000 - sum % 0x10000) % 0x10000), at: base + 28)
        for (index, record) in records.enumerated() { put(record, at: base + 32 + index * 32) }
    }

    static func bootRecord(bootable: Bool = true, media: UInt8 = 0, count: UInt16, start: UInt32)
        -> [UInt8]
    {
        var record = Image(sectors: 1)
        record.put([bootable ? 0x88 : 0, media], at: 0)
        record.putLittle(count, at: 6)
        record.putLittle(start, at: 8)
        return Array(record.bytes[..<32])
    }

    static func bootSection(isLast: Bool, platform: UInt8, count: UInt16) -> [UInt8] {
        [isLast ? 0x91 : 0x90, platform, UInt8(count & 0xFF), UInt8(count >> 8)]
            + [UInt8](repeating: 0, count: 28)
    }
}
