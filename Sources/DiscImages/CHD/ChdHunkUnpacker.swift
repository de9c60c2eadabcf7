import DiscModel

/// Unpacks the hunks of a CHD image, whichever of its codecs packed them.
final class ChdHunkUnpacker: BlockUnpacker {
    private let unpackers: [ChdUnpacker]
    private let name: String

    /// Makes unpackers of all codecs.
    ///
    /// - Throws: `CodecError` where there is no memory.
    init(_ codecs: [ChdCodec], hunk: Int, name: String) throws {
        unpackers = try codecs.map { try ChdUnpacker($0, hunk: hunk) }
        self.name = name
    }

    func unpack(_ piece: PackedPiece, into buffer: inout MutableSpan<UInt8>) throws {
        do {
            try unpackers[piece.kind].unpack(piece.bytes.span, into: &buffer)
        } catch {
            throw Self.damage(piece.number, name, "\(error)")
        }
        if let sum = piece.sum, CRC16.sum(of: buffer.span, continuing: ChdMap.sumStart) != sum {
            throw Self.damage(piece.number, name, "has another checksum")
        }
    }

    /// What is told of a hunk that is damaged.
    static func damage(_ hunk: Int, _ name: String, _ problem: String) -> UnreadableBytes {
        UnreadableBytes(reason: "hunk \(hunk) of \(name) \(problem)")
    }
}
