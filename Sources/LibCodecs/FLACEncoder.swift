internal import CLibFLAC

/// Packs the audio of a CD with FLAC: 44.1 kHz, 16 bits, two channels.
///
/// The corresponding C type is `FLAC__StreamEncoder`. One thread uses it at a time.
@safe
public final class FLACEncoder {
    /// Takes bytes of the stream at a place.
    public typealias Writer = (_ bytes: Span<UInt8>, _ offset: Int) throws -> Void

    private let encoder: UnsafeMutablePointer<FLAC__StreamEncoder>
    fileprivate let writer: Writer
    fileprivate var position = 0
    fileprivate let keepsHeader: Bool
    fileprivate var failure: (any Error)?
    /// The blocks of the header besides the first, which libFLAC reads as long as it encodes.
    private var blocks: [UnsafeMutablePointer<FLAC__StreamMetadata>?] = unsafe []

    /// Begins a stream.
    ///
    /// The corresponding C function is `FLAC__stream_encoder_init_stream`.
    ///
    /// - Parameters:
    ///   - samples: How many samples of each channel will come, where that is known.
    ///   - blockSize: Samples of a frame; absent: as the library likes.
    ///   - keepsHeader: Whether the stream has a header; without it only frames are written.
    ///   - tags: What the header says of the audio.
    ///   - cover: The picture that the header has; `nil` if it has none.
    ///   - cueSheet: The tracks of the CD that the audio is; `nil` if the header says nothing of that. One that
    ///     no block can say is left out.
    ///   - room: Bytes to keep free behind the tags, in a block of padding; none if 0.
    ///   - verifies: Whether all that is packed is unpacked again at once, and compared.
    ///   - writer: Takes the stream; its header is written again at the end.
    /// - Throws: ``FLACError`` where there is no memory; what the writer throws.
    public init(
        samples: Int = 0,
        blockSize: Int? = nil,
        keepsHeader: Bool = true,
        tags: [FLACTag] = [],
        cover: FLACPicture? = nil,
        cueSheet: FLACCueSheet? = nil,
        room: Int = 0,
        verifies: Bool = false,
        _ writer: @escaping Writer
    ) throws {
        guard let encoder = unsafe FLAC__stream_encoder_new() else { throw FLACError.noMemory }
        unsafe self.encoder = encoder
        self.writer = writer
        self.keepsHeader = keepsHeader
        unsafe FLAC__stream_encoder_set_channels(encoder, 2)
        unsafe FLAC__stream_encoder_set_bits_per_sample(encoder, 16)
        unsafe FLAC__stream_encoder_set_sample_rate(encoder, 44100)
        unsafe FLAC__stream_encoder_set_compression_level(encoder, 8)
        unsafe FLAC__stream_encoder_set_total_samples_estimate(encoder, UInt64(max(0, samples)))
        unsafe FLAC__stream_encoder_set_verify(encoder, verifies ? 1 : 0)
        if let cover { unsafe blocks.append(try FLACMetadata.picture(cover)) }
        if let cueSheet, cueSheet.isLegal {
            unsafe blocks.append(try FLACMetadata.cueSheet(cueSheet))
        }
        // Room for more comments is right after them.
        if !tags.isEmpty || room > 0 { unsafe blocks.append(try FLACMetadata.comments(tags)) }
        if room > 0 { unsafe blocks.append(try FLACMetadata.padding(room)) }
        if unsafe !blocks.isEmpty {
            // libFLAC copies the list, and not the blocks.
            unsafe FLAC__stream_encoder_set_metadata(encoder, &blocks, UInt32(blocks.count))
        }
        if let blockSize {
            unsafe FLAC__stream_encoder_set_streamable_subset(encoder, 0)
            unsafe FLAC__stream_encoder_set_blocksize(encoder, UInt32(clamping: blockSize))
        }
        let result = unsafe FLAC__stream_encoder_init_stream(
            encoder,
            writeFLAC,
            keepsHeader ? seekToWriteFLAC : nil,
            keepsHeader ? tellWhereFLACIsWritten : nil,
            nil,
            Unmanaged.passUnretained(self).toOpaque()
        )
        if let failure { throw failure }
        guard result == FLAC__STREAM_ENCODER_INIT_STATUS_OK else { throw FLACError.noMemory }
    }

    deinit {
        unsafe FLAC__stream_encoder_delete(encoder)
        while let block = unsafe blocks.popLast() {
            if let block = unsafe block { unsafe FLAC__metadata_object_delete(block) }
        }
    }

    /// Why the library gave up, if the writer did not.
    private var refusal: FLACError {
        unsafe FLAC__stream_encoder_get_state(encoder)
            == FLAC__STREAM_ENCODER_VERIFY_MISMATCH_IN_AUDIO_DATA
            ? .unproven : .noMemory
    }

    /// Packs samples.
    ///
    /// The corresponding C function is `FLAC__stream_encoder_process_interleaved`.
    ///
    /// - Parameters:
    ///   - bytes: Four bytes for each sample, left before right.
    ///   - isBigEndian: Whether the high byte comes first.
    /// - Throws: What the writer throws; ``FLACError`` where there is no memory.
    public func append(_ bytes: Span<UInt8>, isBigEndian: Bool = false) throws {
        let piece = 4096
        var values = [FLAC__int32](repeating: 0, count: 2 * piece)
        let (high, low) = isBigEndian ? (0, 1) : (1, 0)
        let count = bytes.count / FLACFormat.cdSampleSize
        var done = 0
        while done < count {
            let some = min(piece, count - done)
            for i in 0..<(2 * some) {
                let at = done * 4 + 2 * i
                let bits = UInt16(bytes[at + high]) << 8 | UInt16(bytes[at + low])
                values[i] = FLAC__int32(Int16(bitPattern: bits))
            }
            let isDone = unsafe FLAC__stream_encoder_process_interleaved(
                encoder,
                values,
                UInt32(some)
            )
            if let failure { throw failure }
            guard isDone != 0 else { throw refusal }
            done += some
        }
    }

    /// Ends the stream.
    ///
    /// The corresponding C function is `FLAC__stream_encoder_finish`.
    public func finish() throws {
        let isDone = unsafe FLAC__stream_encoder_finish(encoder) != 0
        if let failure { throw failure }
        guard isDone else { throw refusal }
    }
}

private func encoder(_ client: UnsafeMutableRawPointer?) -> FLACEncoder? {
    unsafe client.map { unsafe Unmanaged<FLACEncoder>.fromOpaque($0).takeUnretainedValue() }
}

private func writeFLAC(
    _: UnsafePointer<FLAC__StreamEncoder>?,
    _ buffer: UnsafePointer<FLAC__byte>?,
    _ count: Int,
    _ samples: UInt32,
    _: UInt32,
    _ client: UnsafeMutableRawPointer?
) -> FLAC__StreamEncoderWriteStatus {
    guard let encoder = unsafe encoder(client), encoder.failure == nil else {
        return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR
    }
    // The header's parts hold no samples.
    if samples == 0, !encoder.keepsHeader { return FLAC__STREAM_ENCODER_WRITE_STATUS_OK }
    do {
        let bytes = unsafe UnsafeBufferPointer(start: buffer, count: count)
        try encoder.writer(unsafe bytes.span, encoder.position)
        encoder.position += count
        return FLAC__STREAM_ENCODER_WRITE_STATUS_OK
    } catch {
        encoder.failure = error
        return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR
    }
}

private func seekToWriteFLAC(
    _: UnsafePointer<FLAC__StreamEncoder>?,
    _ offset: UInt64,
    _ client: UnsafeMutableRawPointer?
) -> FLAC__StreamEncoderSeekStatus {
    guard let encoder = unsafe encoder(client), let offset = Int(exactly: offset) else {
        return FLAC__STREAM_ENCODER_SEEK_STATUS_ERROR
    }
    encoder.position = offset
    return FLAC__STREAM_ENCODER_SEEK_STATUS_OK
}

private func tellWhereFLACIsWritten(
    _: UnsafePointer<FLAC__StreamEncoder>?,
    _ offset: UnsafeMutablePointer<UInt64>?,
    _ client: UnsafeMutableRawPointer?
) -> FLAC__StreamEncoderTellStatus {
    guard let encoder = unsafe encoder(client), let offset = unsafe offset else {
        return FLAC__STREAM_ENCODER_TELL_STATUS_ERROR
    }
    unsafe offset.pointee = UInt64(encoder.position)
    return FLAC__STREAM_ENCODER_TELL_STATUS_OK
}
