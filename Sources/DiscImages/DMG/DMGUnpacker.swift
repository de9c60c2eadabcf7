import LibCodecs

/// Unpacks the runs of Apple disk images.
final class DMGUnpacker: BlockUnpacker {
    private let name: String
    private let format: String
    private var unpackers: [Codec: Unpacker] = [:]

    /// Takes the names of the file and of the format, for messages.
    init(name: String, format: String) {
        self.name = name
        self.format = format
    }

    func unpack(_ piece: PackedPiece, into buffer: inout MutableSpan<UInt8>) throws {
        func error(_ problem: String) -> ImageFormatError {
            ImageFormatError(name, format, "run \(piece.number)", at: piece.place, problem)
        }
        let kind = UInt32(exactly: piece.kind).flatMap(DMGTable.Kind.init(rawValue:))
        let got: Int?
        switch kind {
        case .adc: got = ADC.unpack(piece.bytes.span, into: &buffer)
        case .lzfse: got = LZFSE.unpack(piece.bytes.span, into: &buffer)
        default:
            guard let codec = kind?.codec else { throw error("can't be unpacked") }
            do {
                let unpacker = try unpackers[codec] ?? Unpacker(codec)
                unpackers[codec] = unpacker
                got = try unpacker.block(piece.bytes.span, into: &buffer)
            } catch let problem as CodecError {
                throw error("\(problem)")
            }
        }
        guard let got else { throw error("is not intact \(kind?.displayName ?? "") data") }
        guard got == buffer.count else {
            throw error("unpacks to \(got) bytes instead of \(buffer.count)")
        }
    }
}
