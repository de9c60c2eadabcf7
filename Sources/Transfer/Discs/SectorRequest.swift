public import DiscModel

/// What a sink wants of a run of sectors that belong to one track.
public struct SectorRequest: Hashable, Sendable {
    /// The sectors.
    public var sectors: Range<Int>
    /// How much of each.
    public var form: SectorForm
    /// Whether their subchannel is wanted as well.
    public var wantsSubchannel: Bool

    /// Creates a request.
    public init(_ sectors: Range<Int>, _ form: SectorForm, wantsSubchannel: Bool = false) {
        self.sectors = sectors
        self.form = form
        self.wantsSubchannel = wantsSubchannel
    }
}
