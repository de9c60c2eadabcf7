internal import CLibBZ2
internal import CLibLZ4
internal import CLibZ
internal import CLibZstd

/// Packs bytes a block at a time.
@safe
public final class Packer {
    /// The codec.
    public let codec: Codec
    private let stream: UnsafeMutablePointer<z_stream>?

    /// Makes a packer for deflate, zlib, gzip, bzip2, LZ4 or zstd; there is none for the others.
    ///
    /// - Parameters:
    ///   - codec: The codec.
    ///   - level: How hard it tries, from 1 to 9; of LZ4 to 12, of zstd to 22.
    public init?(_ codec: Codec, level: Int = 9) {
        self.codec = codec
        self.level = CInt(clamping: level)
        switch codec {
        case .deflate, .zlib, .gzip:
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            unsafe stream.initialize(to: z_stream())
            let bits: CInt = codec == .deflate ? -15 : codec == .gzip ? 15 + 16 : 15
            let result = unsafe deflateInit2_(
                stream,
                self.level,
                Z_DEFLATED,
                bits,
                9,
                Z_DEFAULT_STRATEGY,
                ZLIB_VERSION,
                CInt(MemoryLayout<z_stream>.size)
            )
            guard result == Z_OK else {
                unsafe stream.deallocate()
                return nil
            }
            unsafe self.stream = stream
        case .bzip2, .lz4, .zstd:
            unsafe stream = nil
        case .xz, .lzma:
            return nil
        }
    }

    private let level: CInt

    deinit {
        if let stream = unsafe stream {
            unsafe deflateEnd(stream)
            unsafe stream.deallocate()
        }
    }

    /// Packs one block.
    ///
    /// The corresponding C functions are `deflate`, `BZ2_bzBuffToBuffCompress`, `LZ4_compress_HC`
    /// and `ZSTD_compress`.
    ///
    /// - Returns: How many bytes it takes; `nil` if there is no room for it.
    public func block(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> Int? {
        guard let given = CInt(exactly: input.count), let room = CInt(exactly: output.count) else {
            return nil
        }
        let (stream, level, codec) = unsafe (stream, level, codec)
        return unsafe input.withUnsafeBytes { input -> Int? in
            unsafe output.withUnsafeMutableBytes { output -> Int? in
                guard let to = output.baseAddress, let from = input.baseAddress else { return nil }
                switch codec {
                case .bzip2:
                    var length = CUnsignedInt(room)
                    let result = unsafe BZ2_bzBuffToBuffCompress(
                        to.assumingMemoryBound(to: CChar.self),
                        &length,
                        UnsafeMutableRawPointer(mutating: from)
                            .assumingMemoryBound(to: CChar.self),
                        CUnsignedInt(given),
                        level,
                        0,
                        0
                    )
                    return result == BZ_OK ? Int(length) : nil
                case .lz4:
                    let length = unsafe LZ4_compress_HC(
                        from.assumingMemoryBound(to: CChar.self),
                        to.assumingMemoryBound(to: CChar.self),
                        given,
                        room,
                        level
                    )
                    return length > 0 ? Int(length) : nil
                case .zstd:
                    let length = unsafe ZSTD_compress(
                        to,
                        output.count,
                        from,
                        input.count,
                        level
                    )
                    return ZSTD_isError(length) == 0 ? length : nil
                default:
                    guard let stream = unsafe stream, unsafe deflateReset(stream) == Z_OK else {
                        return nil
                    }
                    unsafe stream.pointee.next_in = UnsafeMutablePointer(
                        mutating: from.assumingMemoryBound(to: UInt8.self)
                    )
                    unsafe stream.pointee.avail_in = uInt(given)
                    unsafe stream.pointee.next_out = to.assumingMemoryBound(to: UInt8.self)
                    unsafe stream.pointee.avail_out = uInt(room)
                    guard unsafe deflate(stream, Z_FINISH) == Z_STREAM_END else { return nil }
                    return unsafe Int(room) - Int(stream.pointee.avail_out)
                }
            }
        }
    }
}
