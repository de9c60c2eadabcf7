import LibCodecs
import LinuxCalls

/// The chunks of a DAA or GBI image.
final class DAAMap: BlockMap {
    /// How a chunk is packed.
    enum Kind: UInt8 {
        case plain, deflate, lzma
    }

    typealias Chunks = PackedChunks<Kind>

    /// The least that LZMA's decoder takes for a dictionary.
    private static let leastDictionary = 4096

    var byteCount: Int { header.byteCount }
    private let base: any ByteSource
    private let header: DAAHeader
    private let chunks: Chunks
    private let cipher: DAACipher?
    private let deflate: DAADeflate
    private let lzma: Unpacker

    init(_ base: any ByteSource, _ header: DAAHeader, _ chunks: Chunks, _ cipher: DAACipher?) throws
    {
        self.base = base
        self.header = header
        self.chunks = chunks
        self.cipher = cipher
        deflate = try DAADeflate(header.blockKinds)
        lzma = try Unpacker(.lzma)
    }

    func block(holding offset: Int) -> PackedBlock {
        let index = offset / header.chunkSize
        let start = index * header.chunkSize
        let range = start..<min(byteCount, start + header.chunkSize)
        let isPlain = chunks.kind(index) == .plain && cipher == nil
        return PackedBlock(range, isPlain ? .plain(chunks.range(index).lowerBound) : .packed(index))
    }

    func unpack(_ block: PackedBlock, into buffer: inout MutableSpan<UInt8>) throws {
        guard case .packed(let index) = block.content else { return }
        func error(_ problem: String) -> ImageFormatError {
            ImageFormatError(base.name, header.format, "chunk \(index)", problem)
        }
        let place = chunks.range(index)
        var bytes = try base.bytes(place, limit: 1 << 28)
        guard bytes.count == place.count else { throw error("lies past the end of the file") }
        cipher?.decrypt(&bytes)
        let got: Int
        do {
            switch chunks.kind(index) {
            case .plain:
                got = min(bytes.count, buffer.count)
                Bytes.copy(bytes.span.extracting(0..<got), to: &buffer)
            case .deflate:
                got = try unpackDeflate(bytes, into: &buffer)
            case .lzma:
                got = try unpackLZMA(bytes, into: &buffer)
                if header.hasJumps { X86Jumps.undo(&buffer) }
            }
        } catch let problem as CodecError {
            throw error("\(problem)")
        }
        guard got == buffer.count else {
            throw error("unpacks to \(got) bytes instead of \(buffer.count)")
        }
    }

    /// The last chunk may be filled up to a whole one.
    private func unpackDeflate(_ bytes: [UInt8], into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    {
        guard buffer.count < header.chunkSize else {
            return try deflate.unpack(bytes, into: &buffer)
        }
        var whole = [UInt8](repeating: 0, count: header.chunkSize)
        var span = whole.mutableSpan
        let got = min(try deflate.unpack(bytes, into: &span), buffer.count)
        Bytes.copy(span.span.extracting(0..<got), to: &buffer)
        return got
    }

    /// Unpacks LZMA without its header; its end may be marked or not.
    private func unpackLZMA(_ bytes: [UInt8], into buffer: inout MutableSpan<UInt8>) throws -> Int {
        // No more of the dictionary is used than a chunk has.
        let claimed = (1..<5).reduce(0) { $0 | Int(header.properties[$1]) << (8 * ($1 - 1)) }
        let dictionary = max(Self.leastDictionary, min(claimed, header.chunkSize))
        var stream = BinaryRecord(.little)
        stream.add(Int(header.properties[0]), 1)
        stream.add(dictionary, 4)
        // The size is not known, for the chunk may be filled up.
        stream.add(-1, 8)
        let input = stream.bytes + bytes
        try lzma.begin()
        var read = 0
        var written = 0
        while written < buffer.count {
            var rest = buffer._mutatingExtracting(written...)
            let step = try lzma.step(input.span.extracting(read...), into: &rest)
            read += step.read
            written += step.written
            if step.isEnd || (step.read == 0 && step.written == 0) { break }
        }
        return written
    }
}
