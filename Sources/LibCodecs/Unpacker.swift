/// Unpacks bytes, a block or a piece of a stream at a time, never more than there is room for.
///
/// It keeps its memory from one block to the next. One thread uses it at a time.
public final class Unpacker {
    /// The codec.
    public let codec: Codec
    private let stream: any UnpackingStream

    /// Makes an unpacker.
    ///
    /// The corresponding C functions are `inflateInit2`, `BZ2_bzDecompressInit`,
    /// `lzma_stream_decoder`, `lzma_alone_decoder` and `ZSTD_createDStream`.
    public init(_ codec: Codec) throws(CodecError) {
        self.codec = codec
        switch codec {
        case .deflate, .zlib, .gzip: stream = try ZStream(codec)
        case .bzip2: stream = try BZip2Stream()
        case .xz, .lzma: stream = try LZMAStream(codec)
        case .zstd: stream = try ZstdStream()
        case .lz4: stream = LZ4Stream()
        }
    }

    /// Unpacks one block.
    ///
    /// The corresponding C functions are `inflate`, `BZ2_bzDecompress`, `lzma_code`,
    /// `ZSTD_decompressStream` and `LZ4_decompress_safe_partial`.
    ///
    /// - Parameters:
    ///   - input: The block; bytes behind its end don't matter.
    ///   - output: Room for all that it may hold.
    /// - Returns: How many bytes it held.
    /// - Throws: ``CodecError``, also where it holds more than there is room for. Of LZ4 that can't
    ///   be told.
    public func block(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>)
        throws(CodecError) -> Int
    {
        try stream.reset()
        var read = 0
        var written = 0
        while true {
            let room = output.count - written
            let step: UnpackingStep
            if room > 0 {
                var rest = output._mutatingExtracting(written...)
                step = try stream.step(input.extracting(read...), &rest)
            } else {
                // A place for a byte too many, so that checksums behind the last one are looked at.
                var byte = [UInt8](repeating: 0, count: 1)
                var one = byte.mutableSpan
                step = try stream.step(input.extracting(read...), &one)
                guard step.written == 0 else { throw CodecError(.tooLong, codec) }
            }
            read += step.read
            written += step.written
            if step.isEnd { return written }
            if step.read == 0, step.written == 0 { throw CodecError(.endsEarly, codec) }
        }
    }

    /// Begins a new stream.
    public func begin() throws(CodecError) {
        try stream.reset()
    }

    /// Unpacks a piece of a stream.
    ///
    /// - Returns: How far it came. Nothing read and nothing written means that it needs more input,
    ///   or more room.
    public func step(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>)
        throws(CodecError) -> UnpackingStep
    {
        try stream.step(input, &output)
    }
}
