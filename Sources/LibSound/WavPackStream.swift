internal import CLibWavPack

/// A file as libwavpack reads it.
final class WavPackStream {
    fileprivate let byteCount: Int
    fileprivate let reader: SndfileDecoder.Reader
    /// Where in the file the library reads on.
    fileprivate var position = 0
    /// What the reader threw.
    fileprivate(set) var failure: (any Error)?

    /// Takes a file.
    ///
    /// - Parameters:
    ///   - byteCount: The length of the file.
    ///   - reader: Reads it.
    init(byteCount: Int, _ reader: @escaping SndfileDecoder.Reader) {
        self.byteCount = byteCount
        self.reader = reader
    }

    /// The functions with which the library reads it; none write.
    ///
    /// The corresponding C type is `WavpackStreamReader64`.
    static var calls: WavpackStreamReader64 {
        unsafe WavpackStreamReader64(
            read_bytes: readWavPack,
            write_bytes: nil,
            get_pos: tellWavPack,
            set_pos_abs: seekWavPack,
            set_pos_rel: moveWavPack,
            push_back_byte: pushBackWavPack,
            get_length: lengthOfWavPack,
            can_seek: canSeekWavPack,
            truncate_here: nil,
            close: nil
        )
    }
}

// The library calls these with the stream that it was given; functions and not closures, as no
// isolation is to be checked.

private func stream(_ id: UnsafeMutableRawPointer?) -> WavPackStream? {
    unsafe id.map { unsafe Unmanaged<WavPackStream>.fromOpaque($0).takeUnretainedValue() }
}

private func readWavPack(
    _ id: UnsafeMutableRawPointer?,
    _ data: UnsafeMutableRawPointer?,
    _ count: Int32
) -> Int32 {
    guard let stream = unsafe stream(id), let data = unsafe data, count > 0 else { return 0 }
    let bytes = unsafe UnsafeMutableBufferPointer(
        start: data.assumingMemoryBound(to: UInt8.self),
        count: Int(count)
    )
    var span = unsafe bytes.mutableSpan
    do {
        let got = try stream.reader(stream.position, &span)
        stream.position += got
        return Int32(clamping: got)
    } catch {
        stream.failure = stream.failure ?? error
        return 0
    }
}

private func tellWavPack(_ id: UnsafeMutableRawPointer?) -> Int64 {
    Int64(unsafe stream(id)?.position ?? 0)
}

private func lengthOfWavPack(_ id: UnsafeMutableRawPointer?) -> Int64 {
    Int64(unsafe stream(id)?.byteCount ?? 0)
}

private func canSeekWavPack(_ id: UnsafeMutableRawPointer?) -> CInt { 1 }

private func seekWavPack(_ id: UnsafeMutableRawPointer?, _ place: Int64) -> CInt {
    unsafe move(stream(id), from: 0, by: place)
}

private func moveWavPack(_ id: UnsafeMutableRawPointer?, _ delta: Int64, _ mode: CInt) -> CInt {
    guard let stream = unsafe stream(id) else { return -1 }
    // SEEK_SET, SEEK_CUR and SEEK_END of C.
    let base = mode == 0 ? 0 : mode == 1 ? stream.position : stream.byteCount
    return move(stream, from: base, by: delta)
}

/// Gives back the byte that was read last: the library gives back no other.
private func pushBackWavPack(_ id: UnsafeMutableRawPointer?, _ byte: CInt) -> CInt {
    guard let stream = unsafe stream(id), stream.position > 0 else { return -1 }
    stream.position -= 1
    return byte
}

private func move(_ stream: WavPackStream?, from base: Int, by delta: Int64) -> CInt {
    let (place, overflow) = base.addingReportingOverflow(Int(clamping: delta))
    guard let stream, !overflow, place >= 0 else { return -1 }
    stream.position = place
    return 0
}
