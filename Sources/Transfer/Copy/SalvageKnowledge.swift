/// What an attempt has shown.
enum Finding {
    /// Its sectors have been read; slowly, for this disc.
    case read
    case slow
    /// These sectors are bad; the drive named the first of them, or it was the only one.
    case bad(Range<Int>, named: Int?)
    /// Some of its sectors are bad.
    case unknown

    var isBad: Bool {
        switch self {
        case .read, .slow: false
        case .bad, .unknown: true
        }
    }
}

/// What is known of a disc and its drive: what was read, and how they fail.
struct SalvageKnowledge: Sendable {
    let sectorsPerBlock: Int
    private(set) var map: SalvageMap
    /// Whether a block of error correction is taken to fail as a whole.
    private(set) var failsInBlocks: Bool
    /// Sectors that failed by themselves, and not for their block's sake.
    private(set) var alone = RangeSet<Int>()
    /// Sectors that the drive does not give out.
    private(set) var refused = RangeSet<Int>()
    /// Sectors over which the drive hung: waiting for it once more is dear.
    private(set) var hung = RangeSet<Int>()
    /// Whether the sectors that the drive names are taken to be the bad ones.
    private(set) var namesAreRight = true
    private var rightNames = 0
    private var wrongNames = 0
    private var goodSeconds = 0.0
    private var goodSectors = 0
    /// Seconds of a quick attempt that fails, on average.
    private var quickFailures = (seconds: 0.0, count: 0)

    /// Seconds below which nothing is slow: drives spin up, and recalibrate.
    private static let slowSeconds = 0.5
    /// How many times longer than usual what is slow takes.
    private static let slowFactor = 10.0

    init(_ map: SalvageMap, sectorsPerBlock: Int) {
        self.map = map
        self.sectorsPerBlock = sectorsPerBlock
        failsInBlocks = sectorsPerBlock > 1
    }

    /// Sectors that fail together.
    var unit: Int { failsInBlocks ? sectorsPerBlock : 1 }

    /// The block of error correction of a sector.
    func block(of sector: Int) -> Range<Int> {
        let start = sector / sectorsPerBlock * sectorsPerBlock
        return start..<min(start + sectorsPerBlock, map.sectorCount)
    }

    /// The sectors that fail together with one.
    func unit(of sector: Int) -> Range<Int> {
        failsInBlocks ? block(of: sector) : sector..<sector + 1
    }

    /// Seconds of a quick attempt that fails; `nil` if none has.
    var secondsOfFailure: Double? {
        quickFailures.count > 0 ? quickFailures.seconds / Double(quickFailures.count) : nil
    }

    // MARK: Learning

    mutating func take(
        _ attempt: Salvage.Attempt,
        _ outcome: Salvage.Outcome,
        _ seconds: Double
    ) -> Finding {
        let sectors = attempt.sectors
        switch outcome {
        case .read:
            let isSlow = isSlow(sectors.count, seconds)
            map.mark(sectors, .finished)
            goodSeconds += seconds
            goodSectors += sectors.count
            return isSlow ? .slow : .read
        case .failed(let named):
            if attempt.effort == .quick {
                quickFailures.seconds += seconds
                quickFailures.count += 1
            }
            return fail(sectors, named)
        case .hung:
            let finding = fail(sectors, nil)
            if case .bad = finding { hung.insert(contentsOf: sectors) }
            return finding
        case .refused(let named):
            let named = named.flatMap { sectors.contains($0) ? $0 : nil }
            guard let sector = named ?? (sectors.count == 1 ? sectors.lowerBound : nil) else {
                // What is protected is so by itself.
                stopTrustingBlocks()
                mark(sectors, .untrimmed)
                return .unknown
            }
            refused.insert(contentsOf: sector..<sector + 1)
            mark(sector..<sector + 1, .bad)
            return .bad(sector..<sector + 1, named: named)
        }
    }

    private mutating func fail(_ sectors: Range<Int>, _ named: Int?) -> Finding {
        let named = named.flatMap { namesAreRight && sectors.contains($0) ? $0 : nil }
        if let named {
            alone.insert(contentsOf: named..<named + 1)
            let bad = unit(of: named)
            mark(bad, .bad)
            return .bad(bad, named: named)
        }
        if sectors.count == 1 { alone.insert(contentsOf: sectors) }
        let unit = unit(of: sectors.lowerBound)
        guard sectors.upperBound <= unit.upperBound else {
            mark(sectors, .untrimmed)
            return .unknown
        }
        mark(sectors, .bad)
        return .bad(sectors, named: nil)
    }

    private func isSlow(_ sectors: Int, _ seconds: Double) -> Bool {
        guard goodSectors > 0, seconds > Self.slowSeconds else { return false }
        let usual = goodSeconds / Double(goodSectors) * Double(sectors)
        return seconds > Self.slowFactor * usual
    }

    /// Gives sectors a state, but for those that have been read.
    private mutating func mark(_ sectors: Range<Int>, _ state: SalvageMap.State) {
        var start = sectors.lowerBound
        let states: Set<SalvageMap.State> = [.untried, .untrimmed, .unscraped, .bad]
        while let run = map.first(states, from: start), run.sectors.lowerBound < sectors.upperBound
        {
            let part = run.sectors.clamped(to: sectors)
            map.mark(part, state)
            start = part.upperBound
        }
    }

    /// The edge of a large read that failed lies between two that did, so that only its inside is left.
    mutating func trim(_ sectors: Range<Int>) { mark(sectors, .unscraped) }

    /// Whether the drive has named sectors, and the right ones.
    var namesSectors: Bool { namesAreRight && rightNames > 0 }

    mutating func believeNames() { rightNames += 1 }

    /// The drive named a sector, and those before it can't be read either.
    mutating func doubtNames() {
        wrongNames += 1
        namesAreRight = wrongNames < 3 || wrongNames * 4 < rightNames
    }

    /// Takes sectors to fail by themselves from now on: those that did not are to be tried.
    mutating func stopTrustingBlocks() {
        guard failsInBlocks else { return }
        failsInBlocks = false
        for run in map.ranges(.bad) {
            let known = alone.union(refused).intersection(RangeSet(run))
            for part in RangeSet(run).subtracting(known).ranges { mark(part, .unscraped) }
        }
    }
}
