public import DiscModel

/// What a disc's source keeps of a run of sectors.
public struct SectorStorage: Hashable, Sendable {
    /// How much of the subchannel is kept.
    public enum Subchannel: String, Hashable, Sendable, Codable {
        /// Nothing; P and Q follow from sessions and tracks.
        case absent
        /// Q only.
        case q
        /// All eight channels.
        case full
    }

    /// The mode of the track that they belong to; audio outside of tracks.
    public var mode: TrackMode
    /// How much of each sector is kept.
    public var form: SectorForm
    /// How much of its subchannel.
    public var subchannel: Subchannel
    /// The number of sectors that this is true of, from the one that was asked for; at least 1.
    public var count: Int

    /// Creates a description.
    public init(mode: TrackMode, form: SectorForm, subchannel: Subchannel = .absent, count: Int) {
        self.mode = mode
        self.form = form
        self.subchannel = subchannel
        self.count = max(1, count)
    }

    /// Describes a sector that belongs to no track: nothing is kept up to the next one.
    package init(outsideTracksOf layout: DiscLayout, at address: Int) {
        let next = layout.tracks.map(\.extent.lowerBound).filter { $0 > address }.min()
        self.init(mode: .audio, form: .absent, count: (next ?? address + 1) - address)
    }
}
