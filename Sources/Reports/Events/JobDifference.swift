/// The first thing in which two discs differ.
public struct JobDifference: Codable, Hashable, Sendable {
    /// The track, where it belongs to one.
    public var track: Int?
    /// The sector, where it belongs to one.
    public var sector: Int?
    /// What differs, for a person, without a full stop.
    public var text: String

    /// Creates a difference.
    public init(track: Int? = nil, sector: Int? = nil, text: String) {
        self.track = track
        self.sector = sector
        self.text = text
    }
}
