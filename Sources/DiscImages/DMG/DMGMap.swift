import LibCodecs

/// The runs of an Apple disk image's partitions, in order.
final class DMGMap: BlockMap {
    let byteCount: Int
    private let base: any ByteSource
    private let format: String
    private let runs: [DMGTable.Run]
    private var unpackers: [Codec: Unpacker] = [:]

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
    }

    func block(holding offset: Int) -> PackedBlock {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].range.upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        guard low < runs.count else { return PackedBlock(offset..<byteCount, .zeros) }
        let run = runs[low]
        guard run.range.contains(offset) else {
            return PackedBlock(offset..<run.range.lowerBound, .zeros)
        }
        switch run.kind {
        case .zeros, .unused: return PackedBlock(run.range, .zeros)
        case .plain: return PackedBlock(run.range, .plain(run.place))
        default: return PackedBlock(run.range, .packed(low))
        }
    }

    func unpack(_ block: PackedBlock, into buffer: inout MutableSpan<UInt8>) throws {
        guard case .packed(let index) = block.content else { return }
        let run = runs[index]
        func error(_ problem: String) -> ImageFormatError {
            ImageFormatError(base.name, format, "run \(index)", at: run.place, problem)
        }
        // No codec makes blocks much longer.
        let most = run.range.count + run.range.count / 8 + 65536
        let bytes = try base.bytes(run.place..<(run.place + run.count), limit: most)
        guard bytes.count == min(run.count, most) else {
            throw error("lies behind the end of the file")
        }
        let got: Int?
        switch run.kind {
        case .adc: got = ADC.unpack(bytes.span, into: &buffer)
        case .lzfse: got = LZFSE.unpack(bytes.span, into: &buffer)
        default:
            guard let codec = run.kind.codec else { throw error("can't be unpacked") }
            do {
                let unpacker = try unpackers[codec] ?? Unpacker(codec)
                unpackers[codec] = unpacker
                got = try unpacker.block(bytes.span, into: &buffer)
            } catch let problem as CodecError {
                throw error("\(problem)")
            }
        }
        guard let got else { throw error("is no intact \(run.kind.displayName) data") }
        guard got == buffer.count else {
            throw error("unpacks to \(got) bytes instead of \(buffer.count)")
        }
    }
}
