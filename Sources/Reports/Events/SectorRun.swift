/// Sectors in a row.
public struct SectorRun: Codable, Hashable, Sendable {
    /// The first.
    public var start: Int
    /// How many.
    public var count: Int

    /// Creates a run.
    public init(_ range: Range<Int>) {
        start = range.lowerBound
        count = range.count
    }
}
