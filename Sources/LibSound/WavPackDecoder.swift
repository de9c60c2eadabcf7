internal import CLibWavPack
internal import LibCrypto

/// Decodes WavPack: lossless, and hybrid with its correction file or without.
///
/// The corresponding C type is `WavpackContext`. The library checks each block as far as it has a
/// checksum, and what comes out is held against the file's own MD5 if it has one.
@safe
public final class WavPackDecoder: SoundDecoder {
    /// What the file says of its audio; it has no bits if they are not those of the source.
    public let format: SoundFormat
    /// None: the tags of such files are read where those of others are.
    public var tags: [SoundTag: [UInt8]] { [:] }
    /// Whether what comes out is what was packed.
    public let isLossless: Bool

    private let context: OpaquePointer
    private let calls: UnsafeMutablePointer<WavpackStreamReader64>
    private let streams: [WavPackStream]
    /// Bytes of a sample of one channel.
    private let width: Int
    /// What makes samples numbers around 1.
    private let scale: Double
    private let isFloat: Bool
    private var buffer: [Int32] = []
    /// Samples of a channel that came so far.
    private var position = 0
    /// The MD5 that the file has of its samples, and that of those which came; `nil` if it has none.
    private var claimedSum: [UInt8]?
    private var digest: Digest?

    /// Channels that are decoded: with more of them a buffer would hold no sample of all.
    private static let mostChannels = 256
    /// The library's room for words (`wavpack.h` takes no other).
    private static let wordsSize = 80

    /// Opens a file.
    ///
    /// The corresponding C function is `WavpackOpenFileInputEx64`.
    ///
    /// - Parameters:
    ///   - byteCount: The length of the file.
    ///   - samples: How many samples of a channel its blocks have; `nil` if the library is to say it.
    ///   - correction: The length of the correction file and what reads it; `nil` for none.
    ///   - reader: Reads the file.
    /// - Throws: ``SoundError`` if the library does not know it; what the readers throw.
    public init(
        byteCount: Int,
        samples: Int? = nil,
        correction: (byteCount: Int, reader: SndfileDecoder.Reader)? = nil,
        _ reader: @escaping SndfileDecoder.Reader
    ) throws {
        var streams = [WavPackStream(byteCount: byteCount, reader)]
        if let correction {
            streams.append(WavPackStream(byteCount: correction.byteCount, correction.reader))
        }
        // The library keeps their address.
        let calls = UnsafeMutablePointer<WavpackStreamReader64>.allocate(capacity: 1)
        unsafe calls.initialize(to: WavPackStream.calls)
        var words = [CChar](repeating: 0, count: Self.wordsSize)
        let opened = unsafe WavpackOpenFileInputEx64(
            calls,
            Unmanaged.passUnretained(streams[0]).toOpaque(),
            streams.count > 1 ? Unmanaged.passUnretained(streams[1]).toOpaque() : nil,
            &words,
            CInt(streams.count > 1 ? OPEN_WVC : 0),
            0
        )
        guard let context = unsafe opened else {
            unsafe calls.deallocate()
            if let failure = streams.lazy.compactMap(\.failure).first { throw failure }
            throw SoundError("is not decoded: \(Self.message(words))")
        }
        let (rate, channels) = unsafe (
            Int(WavpackGetSampleRate(context)), Int(WavpackGetNumChannels(context))
        )
        let (width, bits) = unsafe (
            Int(WavpackGetBytesPerSample(context)), Int(WavpackGetBitsPerSample(context))
        )
        guard rate > 0, (1...Self.mostChannels).contains(channels), (1...4).contains(width),
            bits > 0
        else {
            _ = unsafe WavpackCloseFile(context)
            unsafe calls.deallocate()
            throw SoundError("says nothing sensible of its rate and its channels")
        }
        let mode = unsafe WavpackGetMode(context)
        let claimed = unsafe WavpackGetNumSamples64(context)
        isFloat = mode & MODE_FLOAT != 0
        isLossless = mode & MODE_LOSSLESS != 0
        // Whole numbers fill their bytes from above; floating point says what its full scale is.
        let exponent = unsafe 127 - Int(WavpackGetFloatNormExp(context))
        scale =
            isFloat
            ? Double(sign: .plus, exponent: exponent, significand: 1)
            : Double(sign: .plus, exponent: 1 - 8 * width, significand: 1)
        format = SoundFormat(
            name: "wavpack",
            displayName: "WavPack",
            rate: rate,
            channels: channels,
            bits: isFloat || !isLossless ? nil : bits,
            samples: samples ?? (claimed < 0 ? nil : Int(clamping: claimed))
        )
        var sum = [UInt8](repeating: 0, count: 16)
        if isLossless, unsafe WavpackGetMD5Sum(context, &sum) != 0 {
            claimedSum = sum
            // A system that offers no MD5 checks none.
            digest = try? Digest(.md5)
        }
        self.width = width
        self.streams = streams
        unsafe self.calls = calls
        unsafe self.context = context
    }

    deinit {
        _ = unsafe WavpackCloseFile(context)
        unsafe calls.deallocate()
        withExtendedLifetime(streams) {}
    }

    /// Decodes what follows.
    ///
    /// The corresponding C functions are `WavpackUnpackSamples` and `WavpackGetNumErrors`.
    public func decode(into samples: inout MutableSpan<Double>) throws -> Int {
        let frames = samples.count / format.channels
        guard frames > 0 else { return 0 }
        let values = frames * format.channels
        if buffer.count < values { buffer = [Int32](repeating: 0, count: values) }
        let unpacked = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            unsafe WavpackUnpackSamples(context, buffer.baseAddress, UInt32(clamping: frames))
        }
        if let failure = streams.lazy.compactMap(\.failure).first { throw failure }
        let errors = unsafe WavpackGetNumErrors(context)
        guard errors == 0 else { throw SoundError(damage("some of it fails its checksum")) }
        let count = min(Int(unpacked), frames)
        guard count > 0 else {
            try checkEnd()
            return 0
        }
        for i in 0..<(count * format.channels) {
            let value = buffer[i]
            samples[i] =
                isFloat
                ? Double(Float(bitPattern: UInt32(bitPattern: value))) * scale
                : Double(value) * scale
        }
        addToSum(count * format.channels)
        position += count
        return count
    }

    /// Fails if what came is not what the file says it holds.
    private func checkEnd() throws(SoundError) {
        if isLossless, unsafe WavpackLossyBlocks(context) != 0 {
            throw SoundError(damage("some of what makes it lossless is missing"))
        }
        // The library leaves out a last block that is damaged.
        if let samples = format.samples, position < samples {
            throw SoundError(damage("it has \(samples) samples, and \(position) came out"))
        }
        guard let claimedSum, let digest = digest.take() else { return }
        // At the end it is the sum of all.
        self.claimedSum = nil
        guard digest.finish().bytes == claimedSum else {
            throw SoundError(
                "has other samples than those that its own checksum (MD5) is of"
            )
        }
    }

    /// Adds samples to the sum as they stand in the source: whole bytes, the low one first, those of 8
    /// bits without a sign.
    private func addToSum(_ count: Int) {
        guard claimedSum != nil else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * width)
        for i in 0..<count {
            let value = width == 1 ? buffer[i] &+ 128 : buffer[i]
            for k in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * Int32(k)))) }
        }
        digest?.update(bytes.span)
    }

    private func damage(_ what: String) -> String {
        streams.count > 1
            ? "is damaged, or its correction file is that or another one's: \(what)"
            : "is damaged: \(what)"
    }

    /// What the library says, as the rest of a sentence.
    private static func message(_ words: [CChar]) -> String {
        let bytes = words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let text = String(decoding: bytes, as: UTF8.self)
        guard !text.isEmpty else { return "libwavpack does not say why" }
        return
            "libwavpack says “\(text.last == "." || text.last == "!" ? String(text.dropLast()) : text)”"
    }
}
