internal import CLibZ

/// zlib's decoder, for all three frames.
@safe
final class ZStream: UnpackingStream {
    private let stream: UnsafeMutablePointer<z_stream>
    private let codec: Codec

    init(_ codec: Codec) throws(CodecError) {
        self.codec = codec
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // Bits of the window; negative without a frame, 16 more for gzip's.
        let bits: CInt =
            switch codec {
            case .deflate: -15
            case .gzip: 15 + 16
            default: 15
            }
        let size = unsafe CInt(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(stream, bits, ZLIB_VERSION, size) == Z_OK else {
            unsafe stream.deallocate()
            throw CodecError(.noMemory, codec)
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    func reset() throws(CodecError) {
        guard unsafe inflateReset(stream) == Z_OK else { throw CodecError(.noMemory, codec) }
    }

    func step(_ input: Span<UInt8>, _ output: inout MutableSpan<UInt8>) throws(CodecError)
        -> UnpackingStep
    {
        let (stream, codec) = unsafe (stream, codec)
        let most = Int(CInt.max)
        return try unsafe input.withUnsafeBufferPointer { input throws(CodecError) in
            try unsafe output.withUnsafeMutableBufferPointer { output throws(CodecError) in
                let given = min(input.count, most)
                let room = min(output.count, most)
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = uInt(given)
                // Without an address zlib takes even an empty buffer for a mistake.
                var nothing: UInt8 = 0
                let result = unsafe withUnsafeMutablePointer(to: &nothing) { nothing in
                    unsafe stream.pointee.next_out = output.baseAddress ?? nothing
                    unsafe stream.pointee.avail_out = uInt(room)
                    return unsafe inflate(stream, Z_NO_FLUSH)
                }
                switch result {
                case Z_OK, Z_STREAM_END, Z_BUF_ERROR: break
                case Z_MEM_ERROR: throw CodecError(.noMemory, codec)
                default: throw CodecError(.damaged, codec)
                }
                return unsafe UnpackingStep(
                    read: given - Int(stream.pointee.avail_in),
                    written: room - Int(stream.pointee.avail_out),
                    isEnd: result == Z_STREAM_END
                )
            }
        }
    }
}
