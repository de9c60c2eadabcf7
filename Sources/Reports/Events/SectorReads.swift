/// How often a sector that did not come as it should was read, and how often that was wrong.
public struct SectorReads: Codable, Hashable, Sendable {
    /// The sector.
    public var sector: Int
    /// How often it was read.
    public var reads: Int
    /// How often something else came than should, or nothing.
    public var wrong: Int

    /// Creates a count.
    public init(sector: Int, reads: Int, wrong: Int) {
        self.sector = sector
        self.reads = reads
        self.wrong = wrong
    }
}
