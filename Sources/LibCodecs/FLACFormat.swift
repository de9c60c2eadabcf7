/// What the beginning of a FLAC stream says of its audio.
public struct FLACFormat: Hashable, Sendable {
    /// Samples of a channel in a second.
    public var rate: Int
    /// The number of channels.
    public var channels: Int
    /// The bits of a sample.
    public var bits: Int
    /// Samples of a channel in all; 0 where the stream does not say.
    public var samples: Int
    /// The MD5 of all samples as they are unpacked; `nil` if the stream does not have it.
    public var md5: [UInt8]?

    /// The audio of a CD: 44.1 kHz, 16 bits, two channels (IEC 60908).
    static let cd = FLACFormat(rate: 44100, channels: 2, bits: 16, samples: 0)
    /// Bytes of a sample of both channels on a CD.
    static let cdSampleSize = 4
}
