import DiscModel

/// The runs of an Apple disk image's partitions, in order.
final class DMGMap: DividedBlockMap {
    let byteCount: Int
    private let base: any ByteSource
    private let format: String
    private let runs: [DMGTable.Run]
    private let unpacker: DMGUnpacker

    /// Takes runs.
    ///
    /// - Parameters:
    ///   - base: The file's bytes.
    ///   - format: The format's name, for messages.
    ///   - runs: In order, without overlap.
    ///   - byteCount: How many bytes there are when all is unpacked.
    init(_ base: any ByteSource, format: String, runs: [DMGTable.Run], byteCount: Int) {
        self.base = base
        self.format = format
        self.runs = runs
        self.byteCount = byteCount
        unpacker = DMGUnpacker(name: base.name, format: format)
    }

    var makeUnpacker: @Sendable () throws -> any BlockUnpacker {
        let (name, format) = (base.name, format)
        return { DMGUnpacker(name: name, format: format) }
    }

    func block(holding offset: Int) -> PackedBlock {
        let index = runs.firstIndexInOrder { $0.range.upperBound > offset }
        guard index < runs.count else { return PackedBlock(offset..<byteCount, .zeros) }
        let run = runs[index]
        guard run.range.contains(offset) else {
            return PackedBlock(offset..<run.range.lowerBound, .zeros)
        }
        switch run.kind {
        case .zeros, .unused: return PackedBlock(run.range, .zeros)
        case .plain: return PackedBlock(run.range, .plain(run.place))
        default: return PackedBlock(run.range, .packed(index))
        }
    }

    func piece(of block: PackedBlock) throws -> PackedPiece? {
        guard case .packed(let index) = block.content else { return nil }
        let run = runs[index]
        // No codec makes blocks much longer.
        let most = run.range.count + run.range.count / 8 + 65536
        let bytes = try base.bytes(run.place..<(run.place + run.count), limit: most)
        guard bytes.count == min(run.count, most) else {
            throw ImageFormatError(
                base.name,
                format,
                "run \(index)",
                at: run.place,
                "lies past the end of the file"
            )
        }
        return PackedPiece(
            number: index,
            kind: Int(run.kind.rawValue),
            place: run.place,
            bytes: bytes
        )
    }

    func unpack(_ block: PackedBlock, into buffer: inout MutableSpan<UInt8>) throws {
        guard let piece = try piece(of: block) else { return }
        try unpacker.unpack(piece, into: &buffer)
    }
}
