import DiscModel

/// Which sectors of a disc have been read: runs of sectors, each with a state.
///
/// The runs follow each other without gaps from 0 to the end. The states and their signs are those of
/// ddrescue's map files (its manual, “Mapfile structure”).
public struct SalvageMap: Hashable, Sendable {
    /// How far sectors have been tried; a greater state is nearer to the end of the trying.
    public enum State: Character, Sendable, CaseIterable, Comparable {
        /// Nobody has tried them.
        case untried = "?"
        /// They were part of a large read that failed.
        case untrimmed = "*"
        /// They were, and both ends of that were tried by themselves.
        case unscraped = "/"
        /// They can't be read by themselves.
        case bad = "-"
        /// They have been read.
        case finished = "+"

        var rank: Int {
            switch self {
            case .untried: 0
            case .untrimmed: 1
            case .unscraped: 2
            case .bad: 3
            case .finished: 4
            }
        }

        /// Whether sectors of one state are less tried than those of another.
        public static func < (one: State, other: State) -> Bool { one.rank < other.rank }
    }

    /// Sectors in a row of one state.
    public struct Run: Hashable, Sendable {
        /// The sectors.
        public var sectors: Range<Int>
        /// How far they have been tried.
        public var state: State

        package init(sectors: Range<Int>, state: State) {
            self.sectors = sectors
            self.state = state
        }
    }

    /// The runs in order; neighbours differ in their state.
    public private(set) var runs: [Run]
    /// The number of sectors of each state, by its rank.
    private var counts = [Int](repeating: 0, count: State.allCases.count)

    /// Creates a map of so many sectors that nobody has tried.
    public init(sectors: Int) {
        runs = sectors > 0 ? [Run(sectors: 0..<sectors, state: .untried)] : []
        counts[State.untried.rank] = max(0, sectors)
    }

    /// The number of sectors.
    public var sectorCount: Int { runs.last?.sectors.upperBound ?? 0 }

    /// The runs of a state.
    public func ranges(_ state: State) -> [Range<Int>] {
        runs.filter { $0.state == state }.map(\.sectors)
    }

    /// The number of sectors of a state.
    public func count(_ state: State) -> Int { counts[state.rank] }

    /// The sectors that have not been read, in rising order.
    public var missing: [Range<Int>] {
        runs.reduce(into: []) { missing, run in
            guard run.state != .finished else { return }
            if let last = missing.last, last.upperBound == run.sectors.lowerBound {
                missing[missing.count - 1] = last.lowerBound..<run.sectors.upperBound
            } else {
                missing.append(run.sectors)
            }
        }
    }

    /// In how many areas those sectors lie that were tried and not read.
    public var badAreas: Int {
        var areas = 0
        var isBad = false
        for run in runs {
            let isRunBad = run.state != .finished && run.state != .untried
            if isRunBad, !isBad { areas += 1 }
            isBad = isRunBad
        }
        return areas
    }

    /// The place among the runs of the one that holds a sector; `nil` outside the map.
    package func index(of sector: Int) -> Int? {
        guard sector >= 0, sector < sectorCount else { return nil }
        // A disc is mostly read from its beginning to its end.
        if let last = runs.last, last.sectors.contains(sector) { return runs.count - 1 }
        return max(0, runs.firstIndexInOrder { $0.sectors.lowerBound > sector } - 1)
    }

    /// The run that holds a sector; `nil` outside the map.
    public func run(at sector: Int) -> Run? { index(of: sector).map { runs[$0] } }

    /// The first run of one of some states at or behind a sector, cut off at its front there.
    public func first(_ states: Set<State>, from sector: Int) -> Run? {
        guard let start = index(of: max(0, sector)) else { return nil }
        guard let found = runs[start...].first(where: { states.contains($0.state) }) else {
            return nil
        }
        let from = max(found.sectors.lowerBound, sector)
        return Run(sectors: from..<found.sectors.upperBound, state: found.state)
    }

    /// The last run of one of some states before a sector, cut off at its end there.
    public func last(_ states: Set<State>, before sector: Int) -> Run? {
        guard let end = index(of: min(sector, sectorCount) - 1) else { return nil }
        guard let found = runs[...end].last(where: { states.contains($0.state) }) else {
            return nil
        }
        let to = min(found.sectors.upperBound, sector)
        return Run(sectors: found.sectors.lowerBound..<to, state: found.state)
    }

    /// Puts sectors that nobody has tried behind the last one.
    public mutating func append(_ count: Int) {
        guard count > 0 else { return }
        append(Run(sectors: sectorCount..<sectorCount + count, state: .untried))
    }

    /// Puts a run behind the last one, at which it begins.
    mutating func append(_ run: Run) {
        counts[run.state.rank] += run.sectors.count
        if let last = runs.last, last.state == run.state {
            runs[runs.count - 1].sectors = last.sectors.lowerBound..<run.sectors.upperBound
        } else {
            runs.append(run)
        }
    }

    /// Gives a range of sectors a state.
    public mutating func mark(_ range: Range<Int>, _ state: State) {
        let range = range.clamped(to: 0..<sectorCount)
        guard let firstIndex = index(of: range.lowerBound), !range.isEmpty else { return }
        var lastIndex = firstIndex
        while runs[lastIndex].sectors.upperBound < range.upperBound { lastIndex += 1 }
        for run in runs[firstIndex...lastIndex] {
            counts[run.state.rank] -= run.sectors.clamped(to: range).count
        }
        counts[state.rank] += range.count
        let (first, last) = (runs[firstIndex], runs[lastIndex])
        var pieces = [
            Run(sectors: first.sectors.lowerBound..<range.lowerBound, state: first.state),
            Run(sectors: range, state: state),
            Run(sectors: range.upperBound..<last.sectors.upperBound, state: last.state),
        ].filter { !$0.sectors.isEmpty }
        var (from, to) = (firstIndex, lastIndex)
        if from > 0 {
            from -= 1
            pieces.insert(runs[from], at: 0)
        }
        if to + 1 < runs.count {
            to += 1
            pieces.append(runs[to])
        }
        runs.replaceSubrange(from...to, with: Self.joined(pieces))
    }

    private static func joined(_ pieces: [Run]) -> [Run] {
        pieces.reduce(into: []) { result, piece in
            if let last = result.last, last.state == piece.state {
                result[result.count - 1].sectors =
                    last.sectors.lowerBound..<piece.sectors.upperBound
            } else {
                result.append(piece)
            }
        }
    }

    // MARK: Several maps

    /// The sectors that another map of the same disc calls finished and this one doesn't.
    public func gains(from other: SalvageMap) -> [Range<Int>] {
        var gains: [Range<Int>] = []
        var start = 0
        for run in other.runs where run.state == .finished {
            let end = min(run.sectors.upperBound, sectorCount)
            start = max(start, run.sectors.lowerBound)
            while start < end,
                let missing = first([.untried, .untrimmed, .unscraped, .bad], from: start),
                missing.sectors.lowerBound < end
            {
                let range = missing.sectors.clamped(to: start..<end)
                if let last = gains.last, last.upperBound == range.lowerBound {
                    gains[gains.count - 1] = last.lowerBound..<range.upperBound
                } else {
                    gains.append(range)
                }
                start = range.upperBound
            }
        }
        return gains
    }

    /// Cuts the map off, or puts sectors that nobody has tried behind it.
    public mutating func resize(to sectors: Int) {
        let sectors = max(0, sectors)
        guard sectors < sectorCount else { return append(sectors - sectorCount) }
        for run in runs { counts[run.state.rank] -= run.sectors.count }
        runs = runs.filter { $0.sectors.lowerBound < sectors }
        if let last = runs.last {
            runs[runs.count - 1].sectors =
                last.sectors.lowerBound..<min(last.sectors.upperBound, sectors)
        }
        for run in runs { counts[run.state.rank] += run.sectors.count }
    }
}
