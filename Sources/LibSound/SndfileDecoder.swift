internal import CLibSndfile

/// Decodes what libsndfile knows: WAVE, AIFF, FLAC, Ogg Vorbis, Opus, MP3 and more.
///
/// The corresponding C type is `SNDFILE`. MP3 is decoded without the samples that its encoder added at
/// both ends, as far as the file says how many these are; Opus without its pre-skip.
@safe
public final class SndfileDecoder: SoundDecoder {
    /// Reads bytes of the file at a place; fewer come only at its end.
    public typealias Reader = (_ offset: Int, _ buffer: inout MutableSpan<UInt8>) throws -> Int

    /// What the file says of its audio.
    public private(set) var format = SoundFormat(
        name: "",
        displayName: "",
        rate: 0,
        channels: 0,
        bits: nil,
        samples: nil
    )
    /// What the file says of itself in words.
    public private(set) var tags: [SoundTag: [UInt8]] = [:]

    private var file: OpaquePointer?
    fileprivate let byteCount: Int
    fileprivate let reader: Reader
    /// Where in the file the library reads on.
    fileprivate var position = 0
    /// What the reader threw.
    fileprivate var failure: (any Error)?

    /// Bytes of a text that are kept: CD-TEXT has room for fewer.
    private static let longestText = 1024
    /// Channels that are decoded: with more of them a buffer would hold no sample of all.
    private static let mostChannels = 256

    /// Opens a file.
    ///
    /// The corresponding C function is `sf_open_virtual`.
    ///
    /// - Parameters:
    ///   - byteCount: The length of the file.
    ///   - reader: Reads it.
    /// - Throws: ``SoundError`` if the library does not know it; what the reader throws.
    public init(byteCount: Int, _ reader: @escaping Reader) throws {
        self.byteCount = byteCount
        self.reader = reader
        var calls = unsafe SF_VIRTUAL_IO(
            get_filelen: lengthOfSound,
            seek: seekSound,
            read: readSound,
            write: nil,
            tell: tellSound
        )
        var info = SF_INFO()
        unsafe file = sf_open_virtual(
            &calls,
            CInt(SFM_READ),
            &info,
            Unmanaged.passUnretained(self).toOpaque()
        )
        if let failure { throw failure }
        guard let file = unsafe file else {
            let words = unsafe Self.message(sf_strerror(nil))
            throw SoundError("is not decoded: \(words)")
        }
        guard info.samplerate > 0, (1...CInt(Self.mostChannels)).contains(info.channels) else {
            throw SoundError("says nothing sensible of its rate and its channels")
        }
        let kind = SoundKind.of(info.format)
        let isKnown = info.frames > 0 && info.frames < Int64.max
        format = SoundFormat(
            name: kind.name,
            displayName: kind.displayName,
            rate: Int(info.samplerate),
            channels: Int(info.channels),
            bits: kind.bits,
            samples: isKnown ? Int(clamping: info.frames) : nil
        )
        for (tag, code) in Self.codes {
            guard let text = unsafe sf_get_string(file, CInt(code)) else { continue }
            let bytes = unsafe String.bytes(of: text, most: Self.longestText)
            if !bytes.isEmpty { tags[tag] = bytes }
        }
    }

    deinit {
        if let file = unsafe file { _ = unsafe sf_close(file) }
    }

    private static let codes: [(SoundTag, Int)] = [
        (.title, SF_STR_TITLE), (.artist, SF_STR_ARTIST), (.album, SF_STR_ALBUM),
    ]

    /// Decodes what follows.
    ///
    /// The corresponding C functions are `sf_readf_double` and `sf_error`.
    public func decode(into buffer: inout MutableSpan<Double>) throws -> Int {
        let frames = buffer.count / max(1, format.channels)
        guard let file = unsafe file, frames > 0 else { return 0 }
        let count = unsafe buffer.withUnsafeMutableBufferPointer { samples in
            guard let first = samples.baseAddress else { return sf_count_t(0) }
            return unsafe sf_readf_double(file, first, sf_count_t(frames))
        }
        if let failure { throw failure }
        let error = unsafe sf_error(file)
        guard error == SF_ERR_NO_ERROR else {
            let words = unsafe Self.message(sf_strerror(file))
            throw SoundError("is damaged: \(words)")
        }
        return Int(clamping: min(max(0, count), sf_count_t(frames)))
    }

    /// What the library says, as the rest of a sentence.
    private static func message(_ text: UnsafePointer<CChar>?) -> String {
        guard let text = unsafe text else { return "libsndfile does not say why" }
        let words = unsafe String(cString: text)
        return "libsndfile says “\(words.hasSuffix(".") ? String(words.dropLast()) : words)”"
    }
}

extension String {
    /// The bytes of a C string, but for those behind the first so many.
    fileprivate static func bytes(of text: UnsafePointer<CChar>, most: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < most, unsafe text[bytes.count] != 0 {
            bytes.append(unsafe UInt8(bitPattern: text[bytes.count]))
        }
        return bytes
    }
}

// The library calls these with the decoder that it was given; functions and not closures, as no
// isolation is to be checked.

private func decoder(_ client: UnsafeMutableRawPointer?) -> SndfileDecoder? {
    unsafe client.map { unsafe Unmanaged<SndfileDecoder>.fromOpaque($0).takeUnretainedValue() }
}

private func lengthOfSound(_ client: UnsafeMutableRawPointer?) -> sf_count_t {
    sf_count_t(unsafe decoder(client)?.byteCount ?? 0)
}

private func seekSound(
    _ offset: sf_count_t,
    _ origin: CInt,
    _ client: UnsafeMutableRawPointer?
) -> sf_count_t {
    guard let decoder = unsafe decoder(client) else { return -1 }
    // SEEK_SET, SEEK_CUR and SEEK_END of C.
    let base = origin == 0 ? 0 : origin == 1 ? decoder.position : decoder.byteCount
    let (place, overflow) = base.addingReportingOverflow(Int(clamping: offset))
    guard !overflow, place >= 0 else { return -1 }
    decoder.position = place
    return sf_count_t(place)
}

private func readSound(
    _ buffer: UnsafeMutableRawPointer?,
    _ count: sf_count_t,
    _ client: UnsafeMutableRawPointer?
) -> sf_count_t {
    guard let decoder = unsafe decoder(client), let buffer = unsafe buffer, count > 0 else {
        return 0
    }
    let bytes = unsafe UnsafeMutableBufferPointer(
        start: buffer.assumingMemoryBound(to: UInt8.self),
        count: Int(clamping: count)
    )
    var span = unsafe bytes.mutableSpan
    do {
        let got = try decoder.reader(decoder.position, &span)
        decoder.position += got
        return sf_count_t(got)
    } catch {
        decoder.failure = decoder.failure ?? error
        return 0
    }
}

private func tellSound(_ client: UnsafeMutableRawPointer?) -> sf_count_t {
    sf_count_t(unsafe decoder(client)?.position ?? 0)
}
