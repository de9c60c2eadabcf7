/// Something of a disc that a format can't hold.
public struct DiscLoss: Hashable, Sendable, Codable {
    /// What it is.
    public var feature: DiscFeature
    /// The tracks that have it, in order; empty where it belongs to the whole disc.
    public var tracks: [Int]

    /// Creates a loss.
    public init(feature: DiscFeature, tracks: [Int] = []) {
        self.feature = feature
        self.tracks = tracks
    }

    /// Everything that is lost when a disc becomes an image of a format.
    public static func losses(of inventory: DiscInventory, in format: ImageFormat) -> [DiscLoss] {
        losses(of: inventory, holding: format.holds)
    }

    /// Everything that is lost where only so much is held.
    public static func losses(of inventory: DiscInventory, holding holds: Set<DiscFeature>)
        -> [DiscLoss]
    {
        DiscFeature.allCases.compactMap { feature in
            guard let tracks = inventory.features[feature], !holds.contains(feature) else {
                return nil
            }
            return DiscLoss(feature: feature, tracks: tracks.sorted())
        }
    }
}

extension DiscLoss: CustomStringConvertible {
    /// What is lost and where, without a full stop.
    public var description: String {
        switch tracks.count {
        case 0: feature.displayName
        case 1: "\(feature.displayName), of track \(tracks[0])"
        case 2...6:
            "\(feature.displayName), of tracks "
                + tracks.dropLast().map(String.init).joined(separator: ", ")
                + " and \(tracks[tracks.count - 1])"
        default: "\(feature.displayName), of \(tracks.count) tracks"
        }
    }
}
