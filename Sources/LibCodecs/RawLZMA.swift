internal import CLibLZMA

/// Blocks of LZMA without a header and without a mark at the end, with the usual literal and
/// position bits (3, 0, 2), as a hunk of a CHD image has them.
///
/// One thread uses it at a time.
@safe
public final class RawLZMA {
    /// LZMA1, and the same with flags of its own: without any there is no mark at the end
    /// (`LZMA_FILTER_LZMA1`, `LZMA_FILTER_LZMA1EXT`).
    private enum Filter: lzma_vli {
        case plain = 0x4000_0000_0000_0001
        case flagged = 0x4000_0000_0000_0002
    }

    private let stream: UnsafeMutablePointer<lzma_stream>
    private let options: UnsafeMutablePointer<lzma_options_lzma>

    /// Makes a coder.
    ///
    /// - Parameter size: How many bytes a block unpacks to at most.
    public init(size: Int) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: lzma_stream())
        unsafe options = .allocate(capacity: 1)
        unsafe options.initialize(to: lzma_options_lzma())
        unsafe lzma_lzma_preset(options, 6)
        // A window of the whole block, whatever the one was that it was packed with.
        unsafe options.pointee.dict_size = UInt32(clamping: max(1 << 12, size))
        unsafe options.pointee.nice_len = 64
    }

    deinit {
        unsafe lzma_end(stream)
        unsafe stream.deallocate()
        unsafe options.deallocate()
    }

    /// Unpacks a block.
    ///
    /// The corresponding C function is `lzma_raw_decoder`.
    ///
    /// - Throws: ``CodecError`` where it is damaged, or does not fill the buffer.
    public func unpack(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>)
        throws(CodecError)
    {
        guard begin(.plain, isDecoder: true) else { throw CodecError(.noMemory, .lzma) }
        let (result, count) = run(input, &output, LZMA_RUN)
        guard result == LZMA_OK || result == LZMA_STREAM_END || result == LZMA_BUF_ERROR else {
            throw CodecError(.damaged, .lzma)
        }
        guard count == output.count else { throw CodecError(.endsEarly, .lzma) }
    }

    /// Packs a block.
    ///
    /// The corresponding C function is `lzma_raw_encoder`.
    ///
    /// - Returns: How many bytes it takes; `nil` if there is no room for it.
    public func pack(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> Int? {
        unsafe options.pointee.ext_flags = 0
        unsafe options.pointee.ext_size_low = UInt32(truncatingIfNeeded: input.count)
        unsafe options.pointee.ext_size_high = UInt32(truncatingIfNeeded: input.count >> 32)
        guard begin(.flagged, isDecoder: false) else { return nil }
        let (result, count) = run(input, &output, LZMA_FINISH)
        return result == LZMA_STREAM_END ? count : nil
    }

    private func begin(_ filter: Filter, isDecoder: Bool) -> Bool {
        let (stream, options) = unsafe (stream, options)
        // The last of the filters is marked by the largest number.
        let filters = unsafe [
            lzma_filter(id: filter.rawValue, options: UnsafeMutableRawPointer(options)),
            lzma_filter(id: lzma_vli.max, options: nil),
        ]
        let result = unsafe filters.withUnsafeBufferPointer { filters in
            unsafe isDecoder
                ? lzma_raw_decoder(stream, filters.baseAddress)
                : lzma_raw_encoder(stream, filters.baseAddress)
        }
        return result == LZMA_OK
    }

    private func run(
        _ input: Span<UInt8>,
        _ output: inout MutableSpan<UInt8>,
        _ action: lzma_action
    ) -> (lzma_ret, Int) {
        let stream = unsafe stream
        return unsafe input.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe stream.pointee.next_in = input.baseAddress
                unsafe stream.pointee.avail_in = input.count
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = output.count
                let result = unsafe lzma_code(stream, action)
                return unsafe (result, output.count - stream.pointee.avail_out)
            }
        }
    }
}
