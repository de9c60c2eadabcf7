public import DiscImages
public import LibCrypto

/// What a comparison of two discs found.
public struct DiscComparisonResult: Sendable {
    /// What one disc has after the end of the other one's track.
    public struct Tail: Hashable, Sendable {
        /// The disc that has it.
        public var side: DiscComparison.Side
        /// The track, by its number on the first disc.
        public var track: Int
        /// Its first sector, by its address on the first disc.
        public var start: Int
        /// How many sectors it has.
        public var sectors: Int
        /// Those of which its disc stores nothing, such as run-out; they count as zeros.
        public var absent = 0
        /// The first of them that is not all zeros; what follows it was not read.
        public var firstNotZero: Int?
        /// Those that could not be read.
        public var unreadable: [Int] = []
        /// Whether what is in it makes the discs differ.
        public var differs = false
        /// The sectors that were read, or at least tried.
        var examined = 0
        /// How much further back a sector of the track lies on the second disc.
        var shift: Int
        /// What differs if it is a difference, as a part of a sentence.
        var text: String

        /// Whether all of it was read.
        public var isKnown: Bool { unreadable.isEmpty && examined == sectors }
    }

    /// Differences that nothing excuses: those of sessions and tracks, then the first of the sectors.
    public var differences: [DiscDifference] = []
    /// What differs and is excused, and in which tracks.
    public var excused: [DiscFeature: Set<Int>] = [:]
    /// Sectors that were compared.
    public var sectors = 0
    /// Their bytes: of audio and raw sectors all, of others the user data.
    public var bytes = 0
    /// Sectors that both discs have and that differ, but for those that are excused.
    public var differingInBoth = 0
    var firstDifferingInBoth: Int?
    /// The sector in which nothing differs but what follows the last byte of the shorter of two runs of
    /// user data.
    public var differingRest: Int?
    /// By how many bytes one of two runs of user data is longer that end within the same sector.
    public var differingBytes = 0
    /// The sectors of tracks of a kind, audio or data, that only one of the discs has at all.
    public var missingSectors = 0
    /// Sectors that can't be read on one of the discs, by their addresses on the first.
    public var unreadable: [Range<Int>] = []

    /// The sector, by its address on the first disc, before which the comparison ended because too many
    /// could not be read; `nil` if it went to the end.
    public var gaveUpAt: Int?
    /// What only one disc has, after the end of the other one's track.
    public var tails: [Tail] = []
    /// Whether zeros at the end of tracks are the only difference.
    public var onlyPaddingDiffers = false
    /// The tracks of data, by their numbers on the first disc, of which only one disc stores sync, header,
    /// EDC and ECC, or other parts beside the user data.
    public var partlyStored: Set<Int> = []
    /// The sum over two runs of user data, as far as both go; `nil` if not all of that was read.
    public var sha256: Checksum?

    /// Whether everything is the same that could be compared and is not excused.
    public var isSame: Bool { differences.isEmpty }
    /// How many sectors can't be read.
    public var unreadableSectors: Int { unreadable.reduce(0) { $0 + $1.count } }

    /// Sectors that differ, but for those that are excused; one that only one disc has differs, too.
    public var differingSectors: Int {
        tails.filter(\.differs).reduce(
            differingInBoth + missingSectors + (differingRest == nil ? 0 : 1)
        ) { $0 + $1.sectors }
    }

    /// The first of those at places that both discs have, by its address on the first disc.
    public var firstDifferingSector: Int? {
        ([firstDifferingInBoth, differingRest] + tails.filter(\.differs).map(\.start))
            .compactMap(\.self).min()
    }

    /// Sectors of zeros, as far as they can be read, that only one disc has.
    public var paddingSectors: Int {
        tails.filter { $0.firstNotZero == nil }.reduce(0) { $0 + $1.sectors }
    }

    /// What is excused, by the order of the features.
    public var excusedLosses: [DiscLoss] {
        DiscFeature.allCases.compactMap { feature in
            excused[feature].map { DiscLoss(feature: feature, tracks: $0.sorted()) }
        }
    }
}
