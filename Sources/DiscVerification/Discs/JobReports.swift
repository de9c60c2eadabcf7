public import DiscImages
public import Reports

extension JobLoss {
    /// A loss, as jobs tell it.
    public init(_ loss: DiscLoss) {
        self.init(feature: loss.feature.rawValue, tracks: loss.tracks, text: "\(loss)")
    }
}

extension JobDifference {
    /// A difference, as jobs tell it.
    public init(_ difference: DiscDifference) {
        self.init(track: difference.track, sector: difference.sector, text: difference.text)
    }
}
