public import DiscImages

/// What a comparison of two discs found.
public struct DiscComparisonResult: Sendable {
    /// Differences that nothing excuses: those of sessions and tracks, then the first of the sectors.
    public var differences: [DiscDifference] = []
    /// What differs and is excused, and in which tracks.
    public var excused: [DiscFeature: Set<Int>] = [:]
    /// Sectors that were compared.
    public var sectors = 0
    /// Their bytes: of sound and raw sectors all, of others the user data.
    public var bytes = 0
    /// Sectors that differ, but for those that are excused.
    public var differingSectors = 0
    /// The first of them, by its address on the first disc.
    public var firstDifferingSector: Int?
    /// Sectors that can't be read on one of the discs, by their addresses on the first.
    public var unreadable: [Range<Int>] = []

    /// The sector, by its address on the first disc, before which the comparison ended because too many
    /// could not be read; `nil` if it went to the end.
    public var gaveUpAt: Int?
    /// Sectors of zeros that only one disc has, after the end of the other one's track.
    public var paddingSectors = 0
    /// Whether such zeros are the only difference.
    public var onlyPaddingDiffers = false
    /// The tracks of data, by their numbers on the first disc, of which only one disc stores sync, header,
    /// EDC and ECC, or other parts beside the user data.
    public var partlyStored: Set<Int> = []

    /// Whether everything is the same that could be compared and is not excused.
    public var isSame: Bool { differences.isEmpty }
    /// How many sectors can't be read.
    public var unreadableSectors: Int { unreadable.reduce(0) { $0 + $1.count } }

    /// What is excused, by the order of the features.
    public var excusedLosses: [DiscLoss] {
        DiscFeature.allCases.compactMap { feature in
            excused[feature].map { DiscLoss(feature: feature, tracks: $0.sorted()) }
        }
    }
}
