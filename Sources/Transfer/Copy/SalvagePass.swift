/// A pass over a part of a disc.
protocol SalvagePass: Sendable {
    /// What a map file calls it.
    var activity: SalvageMapFile.Activity { get }
    /// Its number among those of its kind, from 1.
    var number: Int { get }
    /// How hard the drive is to try.
    var effort: Salvage.Effort { get }
    /// Whether it goes from the end to the beginning.
    var isBackward: Bool { get }

    /// What to read next; `nil` if the pass is over.
    mutating func next(_ known: inout SalvageKnowledge, _ seconds: Double) -> Range<Int>?

    /// Takes what reading that has shown.
    mutating func learn(_ sectors: Range<Int>, _ finding: Finding, _ known: inout SalvageKnowledge)

    /// Begins again.
    mutating func restart()
}

extension SalvagePass {
    var number: Int { 1 }
    var effort: Salvage.Effort { .quick }
    var isBackward: Bool { false }

    mutating func learn(
        _ sectors: Range<Int>,
        _ finding: Finding,
        _ known: inout SalvageKnowledge
    ) {}
}

/// A part of a disc: ranges of sectors in rising order.
struct SalvageArea: Sendable {
    let ranges: [Range<Int>]

    /// The areas of a disc: first those that were asked for, in their order, then all others.
    static func areas(_ sectors: Int, first: [RangeSet<Int>]) -> [SalvageArea] {
        var rest = RangeSet(0..<max(0, sectors))
        var areas: [SalvageArea] = []
        for wanted in first {
            let part = rest.intersection(wanted)
            rest.subtract(part)
            areas.append(SalvageArea(ranges: Array(part.ranges)))
        }
        return (areas + [SalvageArea(ranges: Array(rest.ranges))]).filter { !$0.ranges.isEmpty }
    }

    /// The first sectors of some states at or behind one.
    func first(_ states: Set<SalvageMap.State>, from sector: Int, in map: SalvageMap) -> Range<Int>?
    {
        for range in ranges where range.upperBound > sector {
            let start = max(sector, range.lowerBound)
            if let run = map.first(states, from: start), run.sectors.lowerBound < range.upperBound {
                return run.sectors.clamped(to: range)
            }
        }
        return nil
    }

    /// The last sectors of some states before one.
    func last(_ states: Set<SalvageMap.State>, before sector: Int, in map: SalvageMap)
        -> Range<Int>?
    {
        for range in ranges.reversed() where range.lowerBound < sector {
            let end = min(sector, range.upperBound)
            if let run = map.last(states, before: end), run.sectors.upperBound > range.lowerBound {
                return run.sectors.clamped(to: range)
            }
        }
        return nil
    }
}
