internal import CLibFLAC

/// Unpacks FLAC, from any place in it.
///
/// The corresponding C type is `FLAC__StreamDecoder`. One thread uses it at a time.
@safe
public final class FLACDecoder {
    /// Reads bytes of the stream at a place; fewer come only at its end.
    public typealias Reader = (_ offset: Int, _ buffer: inout MutableSpan<UInt8>) throws -> Int

    /// What the stream says of its audio.
    public fileprivate(set) var format = FLACFormat(rate: 0, channels: 0, bits: 0, samples: 0)

    private let decoder: UnsafeMutablePointer<FLAC__StreamDecoder>
    fileprivate let byteCount: Int
    fileprivate let reader: Reader
    /// Where in the stream the decoder reads on.
    fileprivate var position = 0
    /// What the reader threw.
    fileprivate var failure: (any Error)?
    fileprivate var isDamaged = false
    /// Whether samples come out with their high byte first.
    var isBigEndian = false
    /// The block that was unpacked last: samples of 16 bits, channels in turn.
    fileprivate var block: [UInt8] = []
    /// The first sample of the block.
    fileprivate var first = 0
    /// What is found of the stream where it is only held against what its header says.
    fileprivate var proof: FLACProof?
    private var blockSamples: Int { block.count / FLACFormat.cdSampleSize }

    /// Begins a stream.
    ///
    /// The corresponding C functions are `FLAC__stream_decoder_init_stream` and
    /// `FLAC__stream_decoder_process_until_end_of_metadata`.
    ///
    /// - Parameters:
    ///   - byteCount: The length of the stream.
    ///   - reader: Reads it.
    /// - Throws: ``FLACError`` where it is no FLAC stream; what the reader throws.
    public convenience init(byteCount: Int, _ reader: @escaping Reader) throws {
        try self.init(byteCount: byteCount, proof: nil, reader)
    }

    private init(byteCount: Int, proof: FLACProof?, _ reader: @escaping Reader) throws {
        guard let decoder = unsafe FLAC__stream_decoder_new() else { throw FLACError.noMemory }
        unsafe self.decoder = decoder
        self.byteCount = byteCount
        self.proof = proof
        self.reader = reader
        if proof != nil { unsafe FLAC__stream_decoder_set_md5_checking(decoder, 1) }
        let result = unsafe FLAC__stream_decoder_init_stream(
            decoder,
            readFLAC,
            seekFLAC,
            tellFLAC,
            lengthFLAC,
            isAtEndOfFLAC,
            writeFLACBlock,
            noteFLACMetadata,
            noteFLACError,
            Unmanaged.passUnretained(self).toOpaque()
        )
        guard result == FLAC__STREAM_DECODER_INIT_STATUS_OK else { throw FLACError.noMemory }
        let isBegun = unsafe FLAC__stream_decoder_process_until_end_of_metadata(decoder) != 0
        if let failure { throw failure }
        guard isBegun, format.rate > 0 else { throw FLACError.damaged }
    }

    /// Begins frames of the audio of a CD that have no header before them.
    ///
    /// The library finds the first of them by its mark.
    init(bare reader: @escaping Reader) throws(FLACError) {
        guard let decoder = unsafe FLAC__stream_decoder_new() else { throw FLACError.noMemory }
        unsafe self.decoder = decoder
        byteCount = Int.max
        self.reader = reader
        let result = unsafe FLAC__stream_decoder_init_stream(
            decoder,
            readFLAC,
            nil,
            tellFLAC,
            nil,
            nil,
            writeFLACBlock,
            nil,
            noteFLACError,
            Unmanaged.passUnretained(self).toOpaque()
        )
        guard result == FLAC__STREAM_DECODER_INIT_STATUS_OK else { throw FLACError.noMemory }
        format = .cd
        format.samples = Int.max
    }

    deinit {
        unsafe FLAC__stream_decoder_delete(decoder)
    }

    /// Reads audio of two channels of 16 bits.
    ///
    /// The corresponding C functions are `FLAC__stream_decoder_process_single` and
    /// `FLAC__stream_decoder_seek_absolute`.
    ///
    /// - Parameters:
    ///   - sample: The first sample that is wanted.
    ///   - buffer: Four bytes for each, left before right, low byte first.
    /// - Returns: How many bytes there were.
    /// - Throws: ``FLACError`` where the stream is damaged there; what the reader throws.
    public func read(at sample: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard format.channels == 2, format.bits == 16 else { return 0 }
        let size = FLACFormat.cdSampleSize
        var done = 0
        while done + size <= buffer.count {
            let wanted = sample + done / size
            if wanted < first || wanted >= first + blockSamples {
                guard wanted < format.samples else { break }
                try go(to: wanted)
            }
            let from = (wanted - first) * size
            let count = min(block.count - from, (buffer.count - done) / size * size)
            copyBytes(block.span.extracting(from..<(from + count)), to: &buffer, at: done)
            done += count
        }
        return done
    }

    /// Unpacks the block that holds a sample.
    private func go(to sample: Int) throws {
        isDamaged = false
        failure = nil
        let isNext = !block.isEmpty && sample == first + blockSamples
        if isNext || sample == 0 && block.isEmpty && first == 0 {
            try step(to: sample)
        } else {
            block = []
            let isFound = unsafe FLAC__stream_decoder_seek_absolute(decoder, UInt64(sample)) != 0
            if !isFound {
                // A decoder whose search has failed is of no use until it is flushed.
                unsafe FLAC__stream_decoder_flush(decoder)
                block = []
            }
        }
        if let failure { throw failure }
        guard !isDamaged, sample >= first, sample < first + blockSamples else {
            block = []
            // The next read looks for its place again.
            first = -1
            throw FLACError.damaged
        }
    }

    private func step(to sample: Int) throws {
        let next = first + blockSamples
        block = []
        first = next
        while block.isEmpty, !isDamaged, failure == nil {
            guard unsafe FLAC__stream_decoder_process_single(decoder) != 0,
                unsafe FLAC__stream_decoder_get_state(decoder)
                    != FLAC__STREAM_DECODER_END_OF_STREAM
            else { return }
        }
    }

    /// Unpacks a whole stream, and holds it against what its header says of it.
    ///
    /// The corresponding C functions are `FLAC__stream_decoder_set_md5_checking`,
    /// `FLAC__stream_decoder_process_single` and `FLAC__stream_decoder_finish`.
    ///
    /// - Parameters:
    ///   - byteCount: The length of the stream.
    ///   - isStopped: Whether to stop before the end, where nothing is found.
    ///   - reader: Reads it.
    /// - Throws: ``FLACError`` where it is damaged, has fewer or more samples than its header counts,
    ///   others than its MD5 is of, or frames of another form; what the reader throws.
    public static func prove(
        byteCount: Int,
        isStopped: () -> Bool,
        _ reader: @escaping Reader
    ) throws {
        let decoder = try FLACDecoder(byteCount: byteCount, proof: FLACProof(), reader)
        let claimed = decoder.format.samples
        // What lies behind the last sample that the header counts need be no block.
        while claimed == 0 || decoder.proof?.samples ?? 0 < claimed {
            guard !isStopped() else { return }
            guard try decoder.proveBlock() else { break }
        }
        let proof = decoder.proof ?? FLACProof()
        guard !proof.isOfOtherForm else { throw FLACError.otherForm }
        guard claimed == 0 || proof.samples == claimed else {
            throw proof.samples < claimed
                ? FLACError.cutOff(proof.samples, of: claimed) : FLACError.uncounted(claimed)
        }
        let end = decoder.decodedBytes ?? byteCount
        guard unsafe FLAC__stream_decoder_finish(decoder.decoder) != 0 else {
            throw FLACError.otherSamples
        }
        guard claimed > 0, end < byteCount else { return }
        let rest = try FLACDecoder(bare: { offset, buffer in try reader(end + offset, &buffer) })
        rest.proof = FLACProof()
        while try !isStopped() && rest.proveBlock(isSearch: true) {
            guard rest.proof?.samples == 0 else { throw FLACError.uncounted(claimed) }
        }
    }

    /// Unpacks the next block, of which no more is kept than its length.
    ///
    /// - Parameter isSearch: Whether what is no block is passed over.
    /// - Returns: `false` at the end.
    /// - Throws: ``FLACError`` where it is damaged; what the reader throws.
    private func proveBlock(isSearch: Bool = false) throws -> Bool {
        isDamaged = false
        let isWorking = unsafe FLAC__stream_decoder_process_single(decoder) != 0
        if let failure { throw failure }
        guard proof?.isOfOtherForm != true else { return false }
        guard isSearch || isWorking && !isDamaged else {
            throw FLACError.damaged(after: proof?.samples ?? 0)
        }
        let state = unsafe FLAC__stream_decoder_get_state(decoder)
        // The states behind that of the end are those of failure.
        return isWorking && state.rawValue < FLAC__STREAM_DECODER_END_OF_STREAM.rawValue
    }

    /// How far in the stream the blocks go that were unpacked.
    ///
    /// The corresponding C function is `FLAC__stream_decoder_get_decode_position`.
    var decodedBytes: Int? {
        var place: UInt64 = 0
        guard unsafe FLAC__stream_decoder_get_decode_position(decoder, &place) != 0 else {
            return nil
        }
        return Int(exactly: place)
    }

    /// Whether the block that was unpacked last is the last thing in the stream.
    public var isAtEnd: Bool { decodedBytes == byteCount }

    /// Begins a stream of another content, for a reader that has changed what it reads.
    ///
    /// The corresponding C function is `FLAC__stream_decoder_reset`.
    func restart() throws(FLACError) {
        position = 0
        block = []
        first = 0
        failure = nil
        isDamaged = false
        guard unsafe FLAC__stream_decoder_reset(decoder) != 0 else { throw FLACError.noMemory }
    }
}

/// Copies bytes into a buffer that has room for them.
func copyBytes(_ source: Span<UInt8>, to target: inout MutableSpan<UInt8>, at offset: Int) {
    guard source.count > 0, offset >= 0, source.count <= target.count - offset else { return }
    unsafe source.withUnsafeBytes { source in
        unsafe target.withUnsafeMutableBytes { target in
            unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset...])
                .copyMemory(from: source)
        }
    }
}

// The library calls these with the decoder that it was given; functions and not closures, as no
// isolation is to be checked.

private func decoder(_ client: UnsafeMutableRawPointer?) -> FLACDecoder? {
    unsafe client.map { unsafe Unmanaged<FLACDecoder>.fromOpaque($0).takeUnretainedValue() }
}

private func readFLAC(
    _: UnsafePointer<FLAC__StreamDecoder>?,
    _ buffer: UnsafeMutablePointer<FLAC__byte>?,
    _ count: UnsafeMutablePointer<Int>?,
    _ client: UnsafeMutableRawPointer?
) -> FLAC__StreamDecoderReadStatus {
    guard let decoder = unsafe decoder(client), let buffer = unsafe buffer,
        let count = unsafe count
    else {
        return FLAC__STREAM_DECODER_READ_STATUS_ABORT
    }
    do {
        let room = unsafe UnsafeMutableBufferPointer(start: buffer, count: count.pointee)
        var span = unsafe room.mutableSpan
        let got = try decoder.reader(decoder.position, &span)
        decoder.position += got
        unsafe count.pointee = got
        return got == 0
            ? FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM
            : FLAC__STREAM_DECODER_READ_STATUS_CONTINUE
    } catch {
        decoder.failure = error
        return FLAC__STREAM_DECODER_READ_STATUS_ABORT
    }
}

private func seekFLAC(
    _: UnsafePointer<FLAC__StreamDecoder>?,
    _ offset: UInt64,
    _ client: UnsafeMutableRawPointer?
) -> FLAC__StreamDecoderSeekStatus {
    guard let decoder = unsafe decoder(client), let offset = Int(exactly: offset),
        offset <= decoder.byteCount
    else { return FLAC__STREAM_DECODER_SEEK_STATUS_ERROR }
    decoder.position = offset
    return FLAC__STREAM_DECODER_SEEK_STATUS_OK
}

private func tellFLAC(
    _: UnsafePointer<FLAC__StreamDecoder>?,
    _ offset: UnsafeMutablePointer<UInt64>?,
    _ client: UnsafeMutableRawPointer?
) -> FLAC__StreamDecoderTellStatus {
    guard let decoder = unsafe decoder(client), let offset = unsafe offset else {
        return FLAC__STREAM_DECODER_TELL_STATUS_ERROR
    }
    unsafe offset.pointee = UInt64(decoder.position)
    return FLAC__STREAM_DECODER_TELL_STATUS_OK
}

private func lengthFLAC(
    _: UnsafePointer<FLAC__StreamDecoder>?,
    _ length: UnsafeMutablePointer<UInt64>?,
    _ client: UnsafeMutableRawPointer?
) -> FLAC__StreamDecoderLengthStatus {
    guard let decoder = unsafe decoder(client), let length = unsafe length else {
        return FLAC__STREAM_DECODER_LENGTH_STATUS_ERROR
    }
    unsafe length.pointee = UInt64(decoder.byteCount)
    return FLAC__STREAM_DECODER_LENGTH_STATUS_OK
}

private func isAtEndOfFLAC(
    _: UnsafePointer<FLAC__StreamDecoder>?,
    _ client: UnsafeMutableRawPointer?
) -> FLAC__bool {
    guard let decoder = unsafe decoder(client) else { return 1 }
    return decoder.position >= decoder.byteCount ? 1 : 0
}

private func writeFLACBlock(
    _: UnsafePointer<FLAC__StreamDecoder>?,
    _ frame: UnsafePointer<FLAC__Frame>?,
    _ channels: UnsafePointer<UnsafePointer<FLAC__int32>?>?,
    _ client: UnsafeMutableRawPointer?
) -> FLAC__StreamDecoderWriteStatus {
    guard let decoder = unsafe decoder(client), let header = unsafe frame?.pointee.header else {
        return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
    }
    if decoder.proof != nil {
        let format = decoder.byteCount == Int.max ? nil : decoder.format
        decoder.proof?.add(header, format, decoder.isDamaged)
        return decoder.proof?.isOfOtherForm == true
            ? FLAC__STREAM_DECODER_WRITE_STATUS_ABORT : FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE
    }
    guard let channels = unsafe channels, header.channels == 2, header.bits_per_sample == 16,
        header.number_type == FLAC__FRAME_NUMBER_TYPE_SAMPLE_NUMBER,
        let left = unsafe channels[0], let right = unsafe channels[1],
        let first = unsafe Int(exactly: header.number.sample_number)
    else { return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT }
    let count = Int(header.blocksize)
    let low = decoder.isBigEndian ? 1 : 0
    decoder.block = unsafe [UInt8](unsafeUninitializedCapacity: count * 4) { bytes, filled in
        for i in 0..<count {
            let (l, r) = unsafe (left[i], right[i])
            unsafe bytes[4 * i + low] = UInt8(truncatingIfNeeded: l)
            unsafe bytes[4 * i + 1 - low] = UInt8(truncatingIfNeeded: l >> 8)
            unsafe bytes[4 * i + 2 + low] = UInt8(truncatingIfNeeded: r)
            unsafe bytes[4 * i + 3 - low] = UInt8(truncatingIfNeeded: r >> 8)
        }
        filled = count * 4
    }
    decoder.first = first
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE
}

private func noteFLACMetadata(
    _: UnsafePointer<FLAC__StreamDecoder>?,
    _ metadata: UnsafePointer<FLAC__StreamMetadata>?,
    _ client: UnsafeMutableRawPointer?
) {
    guard let decoder = unsafe decoder(client), let metadata = unsafe metadata,
        unsafe metadata.pointee.type == FLAC__METADATA_TYPE_STREAMINFO
    else { return }
    let info = unsafe metadata.pointee.data.stream_info
    let md5 = unsafe withUnsafeBytes(of: info.md5sum) { unsafe [UInt8]($0) }
    decoder.format = FLACFormat(
        rate: Int(info.sample_rate),
        channels: Int(info.channels),
        bits: Int(info.bits_per_sample),
        samples: Int(clamping: info.total_samples),
        // Encoders that don't know it leave zeros (RFC 9639 §8.2).
        md5: md5.contains { $0 != 0 } ? md5 : nil
    )
}

private func noteFLACError(
    _: UnsafePointer<FLAC__StreamDecoder>?,
    _: FLAC__StreamDecoderErrorStatus,
    _ client: UnsafeMutableRawPointer?
) {
    unsafe decoder(client)?.isDamaged = true
}
