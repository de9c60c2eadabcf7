/// Raw data sectors in a row that have the same wrong.
public struct SectorFaultRun: Codable, Hashable, Sendable {
    /// The first.
    public var start: Int
    /// How many.
    public var count: Int
    /// What is wrong: `sync`, `header`, `edc`, `ecc`, or `empty`.
    public var faults: [String]
    /// Whether they can be repaired; `nil` if their data are right and need no repair.
    public var isRepairable: Bool?
    /// The bytes that a repair changes in all of them; `nil` if there is none.
    public var changedBytes: Int?
    /// By how many sectors the addresses in their headers are greater than theirs; `nil` if they are
    /// not, or not all by the same.
    public var headerOffset: Int?

    /// Creates a run.
    public init(
        _ sectors: Range<Int>,
        faults: [String],
        isRepairable: Bool? = nil,
        changedBytes: Int? = nil,
        headerOffset: Int? = nil
    ) {
        start = sectors.lowerBound
        count = sectors.count
        self.faults = faults
        self.isRepairable = isRepairable
        self.changedBytes = changedBytes
        self.headerOffset = headerOffset
    }
}
