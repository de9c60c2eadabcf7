internal import CLibBZ2

/// libbz2's decoder.
@safe
final class BZip2Stream: UnpackingStream {
    private let stream: UnsafeMutablePointer<bz_stream>

    init() throws(CodecError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: bz_stream())
        guard unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            unsafe stream.deallocate()
            throw CodecError(.noMemory, .bzip2)
        }
    }

    deinit {
        unsafe BZ2_bzDecompressEnd(stream)
        unsafe stream.deallocate()
    }

    func reset() throws(CodecError) {
        unsafe BZ2_bzDecompressEnd(stream)
        unsafe stream.initialize(to: bz_stream())
        guard unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            throw CodecError(.noMemory, .bzip2)
        }
    }

    func step(_ input: Span<UInt8>, _ output: inout MutableSpan<UInt8>) throws(CodecError)
        -> UnpackingStep
    {
        let stream = unsafe stream
        let most = Int(CInt.max)
        return try unsafe input.withUnsafeBufferPointer { input throws(CodecError) in
            try unsafe output.withUnsafeMutableBufferPointer { output throws(CodecError) in
                let given = min(input.count, most)
                let room = min(output.count, most)
                unsafe stream.pointee.next_in = input.baseAddress.map {
                    unsafe UnsafeMutableRawPointer(mutating: $0).assumingMemoryBound(to: CChar.self)
                }
                unsafe stream.pointee.avail_in = CUnsignedInt(given)
                unsafe stream.pointee.next_out = output.baseAddress.map {
                    unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: CChar.self)
                }
                unsafe stream.pointee.avail_out = CUnsignedInt(room)
                let result = unsafe BZ2_bzDecompress(stream)
                switch result {
                case BZ_OK, BZ_STREAM_END: break
                case BZ_MEM_ERROR: throw CodecError(.noMemory, .bzip2)
                default: throw CodecError(.damaged, .bzip2)
                }
                return unsafe UnpackingStep(
                    read: given - Int(stream.pointee.avail_in),
                    written: room - Int(stream.pointee.avail_out),
                    isEnd: result == BZ_STREAM_END
                )
            }
        }
    }
}
