/// Directories of ECMA-119 and the entries of SUSP and Rock Ridge, written from their field tables.
extension Image {
    /// A directory record; BP 1 to 33 of ECMA-119 §9.1, then the name and the system use field.
    static func record(
        _ name: [UInt8],
        block: UInt32,
        size: UInt32,
        flags: UInt8 = 0,
        attributeBlocks: UInt8 = 0,
        unit: UInt8 = 0,
        gap: UInt8 = 0,
        use: [UInt8] = []
    ) -> [UInt8] {
        var image = Image(sectors: 1)
        image.put([0, attributeBlocks], at: 0)
        image.putBoth(block, at: 2)
        image.putBoth(size, at: 10)
        // 2020-02-29 12:34:56, two hours east.
        image.put([120, 2, 29, 12, 34, 56, 8, flags, unit, gap], at: 18)
        image.putBoth(UInt16(1), at: 28)
        image.put([UInt8(name.count)] + name, at: 32)
        var length = 33 + name.count
        if length % 2 == 1 { length += 1 }
        image.put(use, at: length)
        length += use.count
        if length % 2 == 1 { length += 1 }
        image.put([UInt8(length)], at: 0)
        return Array(image.bytes[..<length])
    }

    static func record(
        _ name: String,
        block: UInt32,
        size: UInt32,
        flags: UInt8 = 0,
        use: [UInt8] = []
    ) -> [UInt8] {
        record(Array(name.utf8), block: block, size: size, flags: flags, use: use)
    }

    /// The same with a name in big-endian UCS-2.
    static func jolietRecord(_ name: String, block: UInt32, size: UInt32, flags: UInt8 = 0)
        -> [UInt8]
    {
        let name = name.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        return record(name, block: block, size: size, flags: flags)
    }

    /// A directory of some sectors with its own and its parent's record first.
    mutating func putDirectory(
        at sector: Int,
        parent: Int? = nil,
        sectors: Int = 1,
        use: [UInt8] = [],
        _ records: [[UInt8]]
    ) {
        let size = UInt32(sectors * 2048)
        let dots = [
            Self.record([0], block: UInt32(sector), size: size, flags: 2, use: use),
            Self.record([1], block: UInt32(parent ?? sector), size: size, flags: 2),
        ]
        var position = sector * 2048
        for record in dots + records {
            if position % 2048 + record.count > 2048 { position = (position / 2048 + 1) * 2048 }
            put(record, at: position)
            position += record.count
        }
    }

    /// An entry of SUSP; IEEE P1281 §4.1.
    static func entry(_ signature: String, _ body: [UInt8]) -> [UInt8] {
        Array(signature.utf8) + [UInt8(4 + body.count), 1] + body
    }

    private static func both(_ value: UInt32) -> [UInt8] {
        var image = Image(sectors: 1)
        image.putBoth(value, at: 0)
        return Array(image.bytes[..<8])
    }

    static func px(_ mode: UInt32, user: UInt32 = 0, group: UInt32 = 0) -> [UInt8] {
        entry("PX", both(mode) + both(1) + both(user) + both(group) + both(7))
    }

    static func pn(_ high: UInt32, _ low: UInt32) -> [UInt8] { entry("PN", both(high) + both(low)) }

    static func nm(_ name: String, goesOn: Bool = false) -> [UInt8] {
        entry("NM", [goesOn ? 1 : 0] + Array(name.utf8))
    }

    static func sl(_ components: [(flags: UInt8, text: String)], goesOn: Bool = false) -> [UInt8] {
        let parts = components.flatMap {
            [$0.flags, UInt8($0.text.utf8.count)] + Array($0.text.utf8)
        }
        return entry("SL", [goesOn ? 1 : 0] + parts)
    }

    static func cl(_ block: UInt32) -> [UInt8] { entry("CL", both(block)) }

    /// The flags say that times of creation and of change are there, in the long form.
    static func tf(_ digits: [String]) -> [UInt8] {
        entry("TF", [0x83] + digits.flatMap { Array($0.utf8) + [0] })
    }

    static func zf(_ size: UInt32) -> [UInt8] {
        entry("ZF", Array("pz".utf8) + [4, 15] + both(size))
    }
}
