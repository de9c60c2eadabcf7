internal import CLibLZMA

/// liblzma's decoder, for `.xz` and for `.lzma`.
@safe
final class LZMAStream: UnpackingStream {
    /// The most memory that a stream may ask for; `xz -9` takes 65 MiB.
    private static let memory: UInt64 = 1 << 28

    private let stream: UnsafeMutablePointer<lzma_stream>
    private let codec: Codec

    init(_ codec: Codec) throws(CodecError) {
        self.codec = codec
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: lzma_stream())
        do {
            try begin()
        } catch {
            unsafe lzma_end(stream)
            unsafe stream.deallocate()
            throw error
        }
    }

    deinit {
        unsafe lzma_end(stream)
        unsafe stream.deallocate()
    }

    func reset() throws(CodecError) {
        // The library keeps what memory it can use again.
        try begin()
    }

    private func begin() throws(CodecError) {
        let result =
            codec == .xz
            ? unsafe lzma_stream_decoder(stream, Self.memory, 0)
            : unsafe lzma_alone_decoder(stream, Self.memory)
        guard result == LZMA_OK else { throw CodecError(.noMemory, codec) }
    }

    func step(_ input: Span<UInt8>, _ output: inout MutableSpan<UInt8>) throws(CodecError)
        -> UnpackingStep
    {
        let (stream, codec) = unsafe (stream, codec)
        return try unsafe input.withUnsafeBufferPointer { input throws(CodecError) in
            try unsafe output.withUnsafeMutableBufferPointer { output throws(CodecError) in
                unsafe stream.pointee.next_in = input.baseAddress
                unsafe stream.pointee.avail_in = input.count
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = output.count
                let result = unsafe lzma_code(stream, LZMA_RUN)
                switch result {
                case LZMA_OK, LZMA_STREAM_END, LZMA_BUF_ERROR: break
                case LZMA_MEM_ERROR, LZMA_MEMLIMIT_ERROR: throw CodecError(.noMemory, codec)
                default: throw CodecError(.damaged, codec)
                }
                return unsafe UnpackingStep(
                    read: input.count - stream.pointee.avail_in,
                    written: output.count - stream.pointee.avail_out,
                    isEnd: result == LZMA_STREAM_END
                )
            }
        }
    }
}
