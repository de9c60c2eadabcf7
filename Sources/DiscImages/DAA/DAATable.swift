import LibCodecs

/// Reads the table that says how long each chunk of a DAA image is, and how it is packed.
enum DAATable {
    /// The longest table: three bytes for each chunk of 16 KiB of a BDXL disc.
    private static let longest = 1 << 25
    /// The most chunks: those of 16 KiB that a BDXL disc has.
    private static let mostChunks = 1 << 23
    /// What bytes of LZMA's properties would add to each chunk; lengths leave it out.
    private static let omitted = 5
    /// What hidden bits are turned with, one after the other.
    private static let mask: [UInt8] = [0x0A, 0x35, 0x2D, 0x3F, 0x08, 0x33, 0x09, 0x15]

    /// Reads it.
    ///
    /// - Throws: ``ImageFormatError`` where it is cut off or damaged.
    static func chunks(_ file: ImageFile, _ header: DAAHeader) throws -> DAAMap.Chunks {
        let count = (header.byteCount - 1) / header.chunkSize + 1
        func error(_ problem: String) -> ImageFormatError {
            ImageFormatError(
                file.name,
                header.format,
                "the chunk table",
                at: header.table,
                problem
            )
        }
        let width = header.isPackedByBits ? header.lengthBits + header.kindBits : 24
        guard count <= min(mostChunks, longest * 8 / width) else {
            throw error("has \(count) entries")
        }
        let needed = (count * width + 7) / 8
        var bytes = try bytes(file, header, needed)
        guard bytes.count >= needed else {
            throw error("has \(bytes.count) bytes instead of the \(needed) for \(count) chunks")
        }
        reveal(&bytes, header, width)
        var chunks = DAAMap.Chunks(reserving: count)
        guard header.isPackedByBits else {
            for index in 0..<count {
                let at = index * 3
                let length =
                    Int(bytes[at]) << 16 | Int(bytes[at + 2]) << 8 | Int(bytes[at + 1])
                guard length <= header.chunkSize * 2 + 4096 else {
                    throw error("has \(length) bytes for chunk \(index)")
                }
                chunks.append(.deflate, length)
            }
            return chunks
        }
        var bit = 0
        for index in 0..<count {
            var length = take(bytes, &bit, header.lengthBits)
            var kind = take(bytes, &bit, header.kindBits)
            if header.hidesBits {
                let byte = UInt64(UInt8(truncatingIfNeeded: index) ^ mask[index & 7])
                let turned = byte * 0x0101_0101
                length ^= turned & (1 << UInt64(header.lengthBits) - 1)
                kind ^= turned & (1 << UInt64(header.kindBits) - 1)
            }
            let whole = Int(length) + omitted
            guard whole <= header.chunkSize * 2 + 4096 else {
                throw error("has \(whole) bytes for chunk \(index)")
            }
            switch kind {
            case _ where whole >= header.chunkSize: chunks.append(.plain, whole)
            case 0: chunks.append(.lzma, whole)
            case 1: chunks.append(.deflate, whole)
            default: throw error("has chunk \(index) packed in the way \(kind), which is not known")
            }
        }
        return chunks
    }

    private static func bytes(_ file: ImageFile, _ header: DAAHeader, _ needed: Int) throws
        -> [UInt8]
    {
        guard let packed = header.packedTableSize else {
            return try file.bytes.bytes(header.table..<header.dataOffset, limit: longest)
        }
        let bytes = try file.bytes.bytes(header.table..<(header.table + packed), limit: longest)
        // A table may be filled up to a whole entry, or more.
        var table = [UInt8](repeating: 0, count: needed + 0x10000)
        var span = table.mutableSpan
        do {
            let count = try DAADeflate(header.blockKinds).unpack(bytes, into: &span)
            return Array(table.prefix(count))
        } catch {
            throw ImageFormatError(
                file.name,
                header.format,
                "the chunk table",
                at: header.table,
                "\(error)"
            )
        }
    }

    /// Undoes what hides a table.
    private static func reveal(_ bytes: inout [UInt8], _ header: DAAHeader, _ width: Int) {
        if header.isGBI {
            // Of a table of bits only so many bytes count as whole entries have.
            let size =
                header.isPackedByBits
                ? (bytes.count * 8 / width * width + 7) / 8 : bytes.count
            let turned = UInt8(truncatingIfNeeded: size >> 2)
            for i in bytes.indices { bytes[i] = (bytes[i] &- header.sumByte) ^ turned }
        }
        if header.hidesTable {
            let sectors = header.byteCount / 2048
            let step = UInt8(truncatingIfNeeded: sectors >> 8)
            var taken = UInt8(truncatingIfNeeded: sectors)
            for i in bytes.indices {
                bytes[i] = bytes[i] &- taken
                taken = taken &+ step
            }
        }
    }

    /// Takes bits, the lowest first.
    private static func take(_ bytes: [UInt8], _ bit: inout Int, _ count: Int) -> UInt64 {
        var value: UInt64 = 0
        for i in 0..<count where bit + i < bytes.count * 8 {
            value |= UInt64(bytes[(bit + i) / 8] >> UInt8((bit + i) % 8) & 1) << UInt64(i)
        }
        bit += count
        return value
    }
}
