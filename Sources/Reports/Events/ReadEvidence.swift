/// How well it is known that the sectors which were read are what the disc holds.
public struct ReadEvidence: Codable, Hashable, Sendable {
    /// Sectors that were read once.
    public var once: Int
    /// Sectors of which two reads were the same.
    public var twice: Int
    /// Sectors whose EDC is right.
    public var edc: Int
    /// Whether the drive's times showed that second reads came from the disc and not from its buffer; `nil` if
    /// there were none of audio.
    public var isBufferMeasured: Bool?

    /// Creates counts.
    public init(once: Int, twice: Int, edc: Int) {
        self.once = once
        self.twice = twice
        self.edc = edc
    }
}
