public import DiscImages

/// Something in which two discs differ.
public struct DiscDifference: Hashable, Sendable {
    /// What would have to be lost for it to be no difference; empty where nothing excuses it.
    public var features: Set<DiscFeature>
    /// The track, by its number on the first disc; absent where it belongs to the whole disc.
    public var track: Int?
    /// The sector, by its address on the first disc; absent where it belongs to no sector.
    public var sector: Int?
    /// What differs, as a part of a sentence: “the recording code is A on one, and B on the other”.
    public var text: String

    /// Creates a difference.
    public init(
        _ features: Set<DiscFeature>,
        track: Int? = nil,
        sector: Int? = nil,
        _ text: String
    ) {
        self.features = features
        self.track = track
        self.sector = sector
        self.text = text
    }
}

extension DiscDifference: CustomStringConvertible {
    /// Where and what, without a full stop.
    public var description: String {
        var place: [String] = []
        if let track { place.append("track \(track)") }
        if let sector { place.append("sector \(sector)") }
        return place.isEmpty ? text : "\(place.joined(separator: ", ")): \(text)"
    }
}
