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

    /// The runs that sectors in rising order make.
    public static func runs(of sectors: [Int]) -> [SectorRun] {
        sectors.reduce(into: []) { runs, sector in
            if let last = runs.last, last.start + last.count == sector {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(SectorRun(sector..<sector + 1))
            }
        }
    }
}
