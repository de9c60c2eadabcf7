/// What of a rip's audio was read again because databases of other people's rips speak against it, or nobody
/// speaks for it.
public struct AudioReview: Codable, Hashable, Sendable {
    /// The tracks of which databases had other samples than were read at first.
    public var tracks: [Int]
    /// Whether parity named the very sectors that were wrong, so that no others were read again.
    public var isNamed: Bool
    /// How many sectors were read again.
    public var sectors = 0
    /// These sectors.
    public var runs: [SectorRun] = []
    /// How many of them came with other samples than before.
    public var changedSectors = 0
    /// These sectors.
    public var changedRuns: [SectorRun] = []

    /// How many of them did not come twice the same, so that what was read first is kept.
    public var unconfirmedSectors = 0
    /// These sectors.
    public var unconfirmedRuns: [SectorRun] = []
    /// Whether somebody ended it before all that should be was read again.
    public var isEndedEarly = false

    /// Creates one of nothing.
    public init(tracks: [Int], isNamed: Bool) {
        self.tracks = tracks
        self.isNamed = isNamed
    }
}
