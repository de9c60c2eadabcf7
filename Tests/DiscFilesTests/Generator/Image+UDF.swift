/// Structures of ECMA-167 and UDF, written from their field tables.
extension Image {
    mutating func putRecognition(from sector: Int, standard: String = "NSR02") {
        for (index, name) in ["BEA01", standard, "TEA01"].enumerated() {
            put([0], at: (sector + index) * 2048)
            put(name, at: (sector + index) * 2048 + 1)
            put([1], at: (sector + index) * 2048 + 6)
        }
    }

    /// Completes a descriptor whose body is in place: the tag of ECMA-167 3/7.2.
    mutating func seal(_ identifier: UInt16, block: Int, blockSize: Int = 2048, length: Int = 496) {
        sealFile(identifier, at: block * blockSize, location: block, length: length)
    }

    mutating func putAnchor(
        at block: Int,
        main: Int,
        reserve: Int,
        blockSize: Int = 2048,
        count: Int = 16
    ) {
        let base = block * blockSize
        for (index, start) in [main, reserve].enumerated() {
            putLittle(UInt32(count * blockSize), at: base + 16 + index * 8)
            putLittle(UInt32(start), at: base + 20 + index * 8)
        }
        seal(2, block: block, blockSize: blockSize)
    }

    mutating func putName(_ name: String, at offset: Int, width: Int) {
        put([8] + Array(name.utf8), at: offset)
        put([UInt8(1 + name.utf8.count)], at: offset + width - 1)
    }

    /// A primary, a partition and a logical volume descriptor and their terminator.
    mutating func putSequence(
        at block: Int,
        partition: (start: UInt32, count: UInt32),
        name: String = "A LOGICAL VOLUME",
        blockSize: Int = 2048
    ) {
        var base = block * blockSize
        putLittle(UInt32(1), at: base + 16)
        putName("A MEDIUM", at: base + 24, width: 32)
        putName("A SET OF MEDIA", at: base + 72, width: 128)
        // Local time, one hour east; 2023-04-05 06:07:08.
        putLittle(UInt16(0x1000 | 60), at: base + 376)
        putLittle(UInt16(2023), at: base + 378)
        put([4, 5, 6, 7, 8], at: base + 380)
        seal(1, block: block, blockSize: blockSize)

        putPartition(at: block + 1, number: 0, partition, rank: 2, blockSize: blockSize)

        base = (block + 2) * blockSize
        putLittle(UInt32(3), at: base + 16)
        putName(name, at: base + 84, width: 128)
        putLittle(UInt32(blockSize), at: base + 212)
        put("*OSTA UDF Compliant", at: base + 217)
        putLittle(UInt16(0x0201), at: base + 240)
        putLittle(UInt32(6), at: base + 264)
        putLittle(UInt32(1), at: base + 268)
        put([1, 6, 1, 0, 0, 0], at: base + 440)
        seal(6, block: block + 2, blockSize: blockSize)
        seal(8, block: block + 3, blockSize: blockSize)
    }

    mutating func putPartition(
        at block: Int,
        number: UInt16,
        _ extent: (start: UInt32, count: UInt32),
        rank: UInt32,
        blockSize: Int = 2048
    ) {
        let base = block * blockSize
        putLittle(rank, at: base + 16)
        putLittle(number, at: base + 22)
        putLittle(UInt32(1), at: base + 184)
        putLittle(extent.start, at: base + 188)
        putLittle(extent.count, at: base + 192)
        seal(5, block: block, blockSize: blockSize)
    }

    /// A whole volume: the sequences at 32 and 48, a partition from 257, an anchor behind it.
    static func udf(partition count: Int, sectors: Int) -> Image {
        var image = Image(sectors: sectors)
        image.putRecognition(from: 16)
        image.putSequence(at: 32, partition: (257, UInt32(count)))
        image.putSequence(at: 48, partition: (257, UInt32(count)))
        image.putAnchor(at: 256, main: 32, reserve: 48)
        return image
    }
}
