/// Something of a disc that a conversion loses, because the format can't hold it.
public struct JobLoss: Codable, Hashable, Sendable {
    /// What it is, by a name for programs, such as `pregap-content`.
    public var feature: String
    /// The tracks that lose it; empty where it belongs to the whole disc.
    public var tracks: [Int]
    /// The same for a person, without a full stop.
    public var text: String

    /// Creates a loss.
    public init(feature: String, tracks: [Int], text: String) {
        self.feature = feature
        self.tracks = tracks
        self.text = text
    }
}
