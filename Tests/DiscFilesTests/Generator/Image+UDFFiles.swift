/// File structures of ECMA-167 part 4 and UDF, written from their field tables.
extension Image {
    /// A block of a partition.
    struct Place {
        var block: Int
        var map = 0
    }

    /// Completes a descriptor anywhere: the tag of ECMA-167 4/7.2.
    mutating func sealFile(_ identifier: UInt16, at base: Int, location: Int, length: Int) {
        put([UInt8](repeating: 0, count: 16), at: base)
        putLittle(identifier, at: base)
        putLittle(UInt16(3), at: base + 2)
        var crc = 0
        for byte in bytes[base + 16..<base + 16 + length] {
            for bit in (0..<8).reversed() {
                let isSet = (crc >> 15) & 1 != (Int(byte) >> bit) & 1
                crc = (crc << 1) & 0xFFFF
                if isSet { crc ^= 0x1021 }
            }
        }
        putLittle(UInt16(crc), at: base + 8)
        putLittle(UInt16(length), at: base + 10)
        putLittle(UInt32(location), at: base + 12)
        let sum = bytes[base..<base + 16].reduce(0) { $0 + Int($1) }
        put([UInt8(sum % 256)], at: base + 4)
    }

    private static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// 4/14.14.1; the type is 0 recorded, 1 allocated, 2 neither, 3 where the descriptors go on.
    static func shortAD(_ length: Int, _ block: Int, type: UInt32 = 0) -> [UInt8] {
        little(UInt32(length) | type << 30) + little(UInt32(block))
    }

    /// 4/14.14.2.
    static func longAD(_ length: Int, _ place: Place, type: UInt32 = 0) -> [UInt8] {
        little(UInt32(length) | type << 30) + little(UInt32(place.block))
            + little(UInt16(place.map)) + [UInt8](repeating: 0, count: 6)
    }

    /// 4/14.14.3.
    static func extendedAD(_ length: Int, _ place: Place) -> [UInt8] {
        little(UInt32(length)) + little(UInt32(length)) + little(UInt32(length))
            + little(UInt32(place.block)) + little(UInt16(place.map)) + [0, 0]
    }

    /// A name with a byte for each character, or two.
    static func compressed(_ name: String) -> [UInt8] {
        if name.unicodeScalars.allSatisfy({ $0.value < 0x100 }) {
            return [8] + name.unicodeScalars.map { UInt8($0.value) }
        }
        return [16] + name.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }

    /// A file identifier descriptor; 4/14.4.
    ///
    /// Traits: 1 hidden, 2 directory, 4 deleted, 8 parent.
    static func identifier(_ name: [UInt8], _ place: Place, traits: UInt8 = 0, use: Int = 0)
        -> [UInt8]
    {
        let length = (38 + use + name.count + 3) / 4 * 4
        var image = Image(sectors: 1)
        image.putLittle(UInt16(1), at: 16)
        image.put([traits, UInt8(name.count)], at: 18)
        image.put(longAD(2048, place), at: 20)
        image.putLittle(UInt16(use), at: 36)
        image.put(name, at: 38 + use)
        image.sealFile(257, at: 0, location: 0, length: length - 16)
        return Array(image.bytes[..<length])
    }

    static func identifier(_ name: String, _ place: Place, traits: UInt8 = 0) -> [UInt8] {
        identifier(compressed(name), place, traits: traits)
    }

    /// A file entry at a sector of the disc; 4/14.9, or 4/14.17 where extended.
    mutating func putFile(
        at sector: Int,
        location: Int,
        type: UInt8 = 5,
        size: Int,
        form: UInt16,
        _ descriptors: [UInt8],
        isExtended: Bool = false,
        rights: UInt32 = 0x14A5,
        flags: UInt16 = 0,
        attributes: [UInt8] = [],
        streams: Place? = nil
    ) {
        let base = sector * 2048
        let shift = isExtended ? 40 : 0
        putLittle(UInt16(4), at: base + 20)
        putLittle(UInt16(1), at: base + 24)
        put([type], at: base + 27)
        putLittle(form | flags, at: base + 34)
        putLittle(UInt32(1000), at: base + 36)
        putLittle(UInt32.max, at: base + 40)
        putLittle(rights, at: base + 44)
        putLittle(UInt16(1), at: base + 48)
        putLittle(UInt64(size), at: base + 56)
        let times = isExtended ? [80, 92, 104, 116] : [72, 84, 96]
        for (index, offset) in times.enumerated() {
            putLittle(UInt16(0x1000 | 60), at: base + offset)
            putLittle(UInt16(2020 + index), at: base + offset + 2)
            put([4, 5, 6, 7, 8], at: base + offset + 4)
        }
        putLittle(UInt32(attributes.count), at: base + 168 + shift)
        putLittle(UInt32(descriptors.count), at: base + 172 + shift)
        put(attributes + descriptors, at: base + 176 + shift)
        // 4/14.17.16: the directory of named streams, which only the extended form has.
        if let streams { put(Self.longAD(2048, streams), at: base + 152) }
        let length = 176 + shift + attributes.count + descriptors.count
        sealFile(isExtended ? 266 : 261, at: base, location: location, length: length - 16)
    }

    /// A block with more descriptors of extents; 4/14.5.
    mutating func putMoreExtents(at sector: Int, location: Int, _ descriptors: [UInt8]) {
        putLittle(UInt32(descriptors.count), at: sector * 2048 + 20)
        put(descriptors, at: sector * 2048 + 24)
        sealFile(258, at: sector * 2048, location: location, length: 8 + descriptors.count)
    }

    /// A file set descriptor; 4/14.1.
    mutating func putFileSet(at sector: Int, location: Int, root: Place) {
        put(Self.longAD(2048, root), at: sector * 2048 + 400)
        sealFile(256, at: sector * 2048, location: location, length: 496)
    }

    /// A directory whose entries are in its file entry, its parent's first.
    mutating func putDirectory(
        at sector: Int,
        location: Int,
        _ identifiers: [[UInt8]],
        isExtended: Bool = false
    ) {
        let bytes = ([Self.identifier([], Place(block: 0), traits: 10)] + identifiers).flatMap(
            \.self
        )
        putFile(
            at: sector,
            location: location,
            type: 4,
            size: bytes.count,
            form: 3,
            bytes,
            isExtended: isExtended
        )
    }

    static let physicalMap: [UInt8] = [1, 6, 1, 0, 0, 0]

    /// A map of the kinds that UDF adds; UDF 2.60 §2.2.8.
    static func map(_ name: String, partition: UInt16 = 0, _ fields: [UInt8] = []) -> [UInt8] {
        var image = Image(sectors: 1)
        image.put([2, 64], at: 0)
        image.put(name, at: 5)
        image.putLittle(UInt16(1), at: 36)
        image.putLittle(partition, at: 38)
        image.put(fields, at: 40)
        return Array(image.bytes[..<64])
    }

    /// A volume whose partition begins at sector 257, with its maps.
    static func udfVolume(maps: [[UInt8]], fileSet: Place, sectors: Int = 400) -> Image {
        var image = Image.udf(partition: sectors - 258, sectors: sectors)
        for sequence in [32, 48] {
            let base = (sequence + 2) * 2048
            image.put(longAD(2048, fileSet), at: base + 248)
            image.putLittle(UInt32(maps.reduce(0) { $0 + $1.count }), at: base + 264)
            image.putLittle(UInt32(maps.count), at: base + 268)
            image.put(maps.flatMap(\.self), at: base + 440)
            image.seal(6, block: sequence + 2, length: 800)
        }
        return image
    }
}
