/// What a file says of its audio.
public struct SoundFormat: Hashable, Sendable {
    /// The format's name for programs, such as `mp3`.
    public var name: String
    /// The format's name for people, such as “MP3”.
    public var displayName: String
    /// Samples of a channel in a second.
    public var rate: Int
    /// The number of channels.
    public var channels: Int
    /// The bits of a sample; `nil` if the file has no samples of whole numbers.
    public var bits: Int?
    /// Samples of a channel that the file says it has; `nil` if it does not say.
    public var samples: Int?

    /// Describes audio.
    public init(
        name: String,
        displayName: String,
        rate: Int,
        channels: Int,
        bits: Int?,
        samples: Int?
    ) {
        self.name = name
        self.displayName = displayName
        self.rate = rate
        self.channels = channels
        self.bits = bits
        self.samples = samples
    }
}
