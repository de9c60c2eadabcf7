import LibCrypto

/// A piece of what a CHD image says of its data.
struct ChdMetadata: Hashable {
    /// Bytes before a piece.
    static let headerSize = 16
    /// The most pieces that are looked at: 99 tracks and some more.
    private static let most = 256
    /// The longest piece that is read.
    private static let longest = 1 << 16

    /// Four letters.
    var tag: String
    /// What it says.
    var bytes: [UInt8]
    /// Whether the image's sum counts it.
    var isSummed = true

    /// The text, without the zero behind it.
    var text: String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

    /// Reads all pieces.
    ///
    /// - Throws: ``ImageFormatError`` where one lies nowhere.
    static func read(_ file: ImageFile, _ header: ChdHeader, _ format: String) throws
        -> [ChdMetadata]
    {
        var result: [ChdMetadata] = []
        var at = header.metadataOffset
        while at != 0, result.count < most {
            let fields = BinaryFields(
                file.name,
                format,
                at < file.bytes.byteCount
                    ? try file.bytes.bytes(at..<min(at + headerSize, file.bytes.byteCount)) : [],
                origin: at,
                order: .big
            )
            let tag = fields.text(0, 4)
            let flags = try fields.u8(4, "a piece of metadata")
            let length = try fields.u32(4, "a piece of metadata") & 0xFF_FFFF
            let next = try fields.u64(8, "the place of the next piece of metadata")
            guard length <= file.bytes.byteCount - at - headerSize else {
                throw fields.error("the length of a piece of metadata", 5, "is \(length)")
            }
            let start = at + headerSize
            result.append(
                ChdMetadata(
                    tag: tag,
                    bytes: try file.bytes.bytes(start..<(start + length), limit: longest),
                    isSummed: flags & 1 != 0
                )
            )
            at = next
        }
        return result
    }

    /// The bytes of pieces that follow one another.
    static func bytes(of pieces: [ChdMetadata], at offset: Int) -> [UInt8] {
        var record = BinaryRecord(.big)
        for (i, piece) in pieces.enumerated() {
            record.add(piece.tag, 4)
            record.add(piece.isSummed ? 1 : 0, 1)
            record.add(piece.bytes.count, 3)
            let next = offset + record.bytes.count + 8 + piece.bytes.count
            record.add(i + 1 < pieces.count ? next : 0, 8)
            record.add(piece.bytes)
        }
        return record.bytes
    }

    /// The image's sum: that of the data's sum and of the pieces', in their order as numbers.
    static func sum(of raw: [UInt8], _ pieces: [ChdMetadata]) throws -> [UInt8] {
        var sums: [[UInt8]] = []
        for piece in pieces where piece.isSummed {
            var digest = try Digest(.sha1)
            digest.update(piece.bytes.span)
            sums.append(Array(piece.tag.utf8) + digest.finish().bytes)
        }
        var digest = try Digest(.sha1)
        digest.update(raw.span)
        for sum in sums.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            digest.update(sum.span)
        }
        return digest.finish().bytes
    }
}
