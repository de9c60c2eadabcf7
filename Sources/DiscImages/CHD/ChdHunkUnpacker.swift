import DiscModel

/// Unpacks the hunks of a CHD image, whichever of its codecs packed them.
final class ChdHunkUnpacker: BlockUnpacker {
    private let unpackers: [ChdUnpacker]
    private let name: String
    private let proofs: ChdProofs

    /// Makes unpackers of all codecs.
    ///
    /// - Parameters:
    ///   - codecs: The codecs.
    ///   - hunk: The bytes of a hunk.
    ///   - name: The file's name.
    ///   - proofs: Finds what is right of a damaged hunk.
    /// - Throws: `CodecError` where there is no memory.
    init(_ codecs: [ChdCodec], hunk: Int, name: String, proofs: ChdProofs) throws {
        unpackers = try codecs.map { try ChdUnpacker($0, hunk: hunk) }
        self.name = name
        self.proofs = proofs
    }

    func unpack(_ piece: PackedPiece, into buffer: inout MutableSpan<UInt8>) throws {
        do {
            try unpackers[piece.kind].unpack(piece.bytes.span, into: &buffer)
        } catch let error as ChdUnpacker.Damage where error.hasSectors {
            throw damage(piece.number, error.description, buffer.span)
        } catch {
            throw Self.damage(piece.number, name, "\(error)")
        }
        if let sum = piece.sum { try check(sum, buffer.span, piece.number) }
    }

    /// Holds a hunk against its checksum.
    ///
    /// - Parameters:
    ///   - sum: The checksum.
    ///   - bytes: The hunk.
    ///   - number: Its number.
    /// - Throws: ``UnreadableBytes`` with what is right of it if they don't agree.
    func check(_ sum: UInt16, _ bytes: Span<UInt8>, _ number: Int) throws {
        guard CRC16.sum(of: bytes, continuing: ChdMap.sumStart) != sum else { return }
        throw damage(number, "has another checksum", bytes)
    }

    private func damage(_ hunk: Int, _ problem: String, _ bytes: Span<UInt8>) -> UnreadableBytes {
        var damage = Self.damage(hunk, name, problem)
        let proven = proofs.proven(hunk, bytes)
        if !proven.isEmpty {
            let bytes = (0..<bytes.count).map { bytes[$0] }
            damage.rest = UnreadableBytes.Rest(bytes: bytes, proven: proven)
        }
        return damage
    }

    /// What is told of a hunk that is damaged.
    static func damage(_ hunk: Int, _ name: String, _ problem: String) -> UnreadableBytes {
        UnreadableBytes(reason: "hunk \(hunk) of \(name) \(problem)")
    }
}
