/// An audio file that becomes a track, and what is done to it.
public struct PlannedSound: Codable, Hashable, Sendable {
    /// The file.
    public var file: String
    /// The number of the track.
    public var track: Int
    /// The file's format, such as `flac`, `wav`, `wavpack`, `mp3`, `vorbis`, `opus`, `aac` or `alac`.
    public var format: String
    /// Its samples of a channel in a second.
    public var rate: Int
    /// Its channels.
    public var channels: Int
    /// The bits of its samples; `nil` if it has no samples of whole numbers.
    public var bits: Int?
    /// The samples of a channel that come of it, at 44100 in a second.
    public var samples: Int
    /// Whether these are the file's own, so that nothing is lost.
    public var exact: Bool
    /// What resamples it; `nil` if nothing has to.
    public var resampler: String?
    /// The noise that is added where samples are rounded to 16 bits, such as `tpdf`; `nil` if none is.
    public var dither: String?
    /// How many samples of all channels were louder than a CD can hold, and were cut; `nil` if exact.
    public var clippedSamples: Int?
    /// How many samples at its end fill no sector and begin the next track; `nil` if none do.
    public var carriedSamples: Int?
    /// How many samples of silence fill up its last sector; `nil` if none do.
    public var paddingSamples: Int?

    /// Describes a file.
    public init(
        file: String,
        track: Int = 0,
        format: String,
        rate: Int,
        channels: Int,
        bits: Int?,
        samples: Int,
        exact: Bool
    ) {
        self.file = file
        self.track = track
        self.format = format
        self.rate = rate
        self.channels = channels
        self.bits = bits
        self.samples = samples
        self.exact = exact
    }
}
