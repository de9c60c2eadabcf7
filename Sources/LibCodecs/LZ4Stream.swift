internal import CLibLZ4

/// liblz4's decoder of blocks, which are whole or nothing.
final class LZ4Stream: UnpackingStream {
    func reset() {}

    /// Unpacks a block; bytes behind its end are left alone where the output is full by then.
    func step(_ input: Span<UInt8>, _ output: inout MutableSpan<UInt8>) throws(CodecError)
        -> UnpackingStep
    {
        guard let given = CInt(exactly: input.count), let room = CInt(exactly: output.count) else {
            throw CodecError(.noMemory, .lz4)
        }
        let count = unsafe input.withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBytes { output in
                guard let from = input.baseAddress, let to = output.baseAddress else {
                    return CInt(-1)
                }
                return unsafe LZ4_decompress_safe_partial(
                    from.assumingMemoryBound(to: CChar.self),
                    to.assumingMemoryBound(to: CChar.self),
                    given,
                    room,
                    room
                )
            }
        }
        guard count >= 0 else { throw CodecError(.damaged, .lz4) }
        return UnpackingStep(read: input.count, written: Int(count), isEnd: true)
    }
}
