internal import CLibZstd

/// libzstd's decoder; it refuses windows of more than 128 MiB.
@safe
final class ZstdStream: UnpackingStream {
    private let stream: OpaquePointer

    init() throws(CodecError) {
        guard let stream = unsafe ZSTD_createDStream() else { throw CodecError(.noMemory, .zstd) }
        unsafe self.stream = stream
    }

    deinit {
        unsafe ZSTD_freeDStream(stream)
    }

    func reset() throws(CodecError) {
        guard unsafe ZSTD_isError(ZSTD_DCtx_reset(stream, ZSTD_reset_session_only)) == 0 else {
            throw CodecError(.noMemory, .zstd)
        }
    }

    func step(_ input: Span<UInt8>, _ output: inout MutableSpan<UInt8>) throws(CodecError)
        -> UnpackingStep
    {
        let stream = unsafe stream
        return try unsafe input.withUnsafeBytes { input throws(CodecError) in
            try unsafe output.withUnsafeMutableBytes { output throws(CodecError) in
                var from = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                var to = unsafe ZSTD_outBuffer(
                    dst: output.baseAddress,
                    size: output.count,
                    pos: 0
                )
                let result = unsafe ZSTD_decompressStream(stream, &to, &from)
                guard ZSTD_isError(result) == 0 else { throw CodecError(.damaged, .zstd) }
                return unsafe UnpackingStep(read: from.pos, written: to.pos, isEnd: result == 0)
            }
        }
    }
}
