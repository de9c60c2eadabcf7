/// Says what to read next of a damaged disc, and learns from how that went: it reads nothing itself,
/// knows no clock, and no more of sectors than their numbers.
///
/// The passes are those of ddrescue (its manual, “Algorithm”): what reads well comes first, with skips
/// over damage that grow; then the skipped areas from their far side, and what is left of them; then the
/// edges and the inside of large reads that failed; last, retries. What ddrescue does not use:
///
/// - A block of error correction (16 sectors of a DVD, 32 of a BD) fails as a whole, so that one read
///   that fails tells of all of it. This is looked into on each disc, and given up for it once a single
///   sector turns up in a block whose others can't be read.
/// - Drives name the sector at which they gave up. What lies before it can be read, and what is named
///   need not be looked for. A drive that names wrong sectors is no longer believed.
/// - A drive can be told to give up early (mode page 01h). ``Effort/quick`` asks for that; the drive's
///   whole patience is for what is left at the end.
public struct Salvage: Sendable {
    /// How hard the drive is to try.
    public enum Effort: Hashable, Sendable {
        /// To give up early.
        case quick
        /// With all its retries, slowly.
        case patient
    }

    /// What to read in one command.
    public struct Attempt: Hashable, Sendable {
        /// The sectors.
        public var sectors: Range<Int>
        /// How hard.
        public var effort: Effort

        /// Creates an attempt.
        public init(_ sectors: Range<Int>, _ effort: Effort) {
            self.sectors = sectors
            self.effort = effort
        }
    }

    /// How an attempt went.
    public enum Outcome: Hashable, Sendable {
        /// All of its sectors have been read.
        case read
        /// They can't be read; the drive names the first bad one, or `nil`.
        case failed(at: Int?)
        /// The drive did not answer in time, and may have had to be reset.
        case hung
        /// The drive does not give them out, however often it is asked, as with those that are protected.
        case refused(at: Int?)
    }

    /// Why there is nothing more to read.
    public enum End: Hashable, Sendable {
        /// All was tried as often as was asked for.
        case finished
        /// The time is over.
        case timeLimit
        /// More sectors are bad than were allowed.
        case tooManyBad
    }

    /// What was read.
    public var map: SalvageMap { known.map }
    /// Why there is nothing more to read; `nil` while there is.
    public private(set) var end: End?
    /// Whether the disc's blocks of error correction are taken to fail as wholes.
    public var failsInBlocks: Bool { known.failsInBlocks }
    /// The sectors that the drive does not give out.
    public var refused: RangeSet<Int> { known.refused }

    private let settings: SalvageSettings
    private var known: SalvageKnowledge
    private var plan: [any SalvagePass]
    /// The passes over an area in the plan, if all of them follow each other; else 0.
    private let passesOfArea: Int
    /// The pass at hand in the plan.
    private var index = 0
    private var errands: [Errand] = []
    private var pending: (attempt: Attempt, errand: Errand?)?
    /// The sector that was asked for last.
    public private(set) var position = 0

    /// Something to read between two reads of a pass.
    private enum Errand {
        /// What lies before the sector that the drive named.
        case front(Range<Int>, named: Int)
        /// What is left of a block of which a part has been read after the whole had failed.
        case rest(Range<Int>)
    }

    /// Goes on from a map.
    ///
    /// - Parameters:
    ///   - map: What was read already; sectors of all states but ``SalvageMap/State/finished`` are tried.
    ///   - settings: What the medium and the drive are like, and how much to try.
    public init(_ map: SalvageMap, _ settings: SalvageSettings) {
        self.settings = settings
        known = SalvageKnowledge(map, sectorsPerBlock: settings.sectorsPerBlock)
        let areas = SalvageArea.areas(map.sectorCount, first: settings.first)
        plan = Self.plan(areas, map.sectorCount, settings)
        passesOfArea = settings.finishesParts ? plan.count / max(1, areas.count) : 0
    }

    /// All passes over a disc, in order.
    private static func plan(_ areas: [SalvageArea], _ sectors: Int, _ settings: SalvageSettings)
        -> [any SalvagePass]
    {
        var plan: [any SalvagePass] = []
        for area in areas {
            plan += (1...3).map { CopyingPass($0, area, sectors: sectors, settings) }
            plan += [TrimmingPass(area), ScrapingPass(area)]
            if settings.finishesParts { plan += retries(area, settings) }
        }
        if !settings.finishesParts { for area in areas { plan += retries(area, settings) } }
        return plan
    }

    private static func retries(_ area: SalvageArea, _ settings: SalvageSettings)
        -> [any SalvagePass]
    {
        var passes: [any SalvagePass] = []
        for pass in 0..<settings.retries {
            // Whoever asks for more than one retry wants every sector tried by itself.
            if pass < 2 { passes.append(ProbingPass(area, isThorough: pass == 1)) }
            passes.append(RetryingPass(pass + 1, area))
        }
        return passes
    }

    // MARK: Asking

    /// What to read next.
    ///
    /// - Parameter seconds: How long it has taken until now.
    /// - Returns: An attempt, the same until its outcome is told to ``learn(_:seconds:)``; `nil` at the end.
    public mutating func next(at seconds: Double) -> Attempt? {
        guard end == nil else { return nil }
        if let limit = settings.secondsLimit, seconds >= limit { return finish(.timeLimit) }
        if let limit = settings.badLimit, map.count(.bad) > limit { return finish(.tooManyBad) }
        if let pending { return pending.attempt }
        while let errand = errands.popLast() {
            switch errand {
            case .front(let sectors, _), .rest(let sectors):
                return give(sectors, index < plan.count ? plan[index].effort : .quick, errand)
            }
        }
        while index < plan.count {
            if let sectors = plan[index].next(&known, seconds) {
                return give(sectors, plan[index].effort, nil)
            }
            index += 1
        }
        return finish(.finished)
    }

    private mutating func give(_ sectors: Range<Int>, _ effort: Effort, _ errand: Errand?)
        -> Attempt
    {
        let attempt = Attempt(sectors, effort)
        pending = (attempt, errand)
        let isBackward = index < plan.count && plan[index].isBackward
        position = isBackward ? sectors.upperBound : sectors.lowerBound
        return attempt
    }

    private mutating func finish(_ end: End) -> Attempt? {
        self.end = end
        return nil
    }

    // MARK: Learning

    /// Takes how the attempt went that ``next(at:)`` gave last.
    ///
    /// - Parameters:
    ///   - outcome: How it went.
    ///   - seconds: How long it took.
    public mutating func learn(_ outcome: Outcome, seconds: Double) {
        guard let (attempt, errand) = pending else { return }
        pending = nil
        let before = known.failsInBlocks
        let finding = known.take(attempt, outcome, seconds)
        switch errand {
        case .front(let front, let named): learnFront(front, named, finding)
        case .rest:
            // One part can be read and the other can't: sectors of this disc fail by themselves.
            if finding.isBad { known.stopTrustingBlocks() }
        case nil:
            let start = attempt.sectors.lowerBound
            if case .bad(_, let named?) = finding, named > start {
                errands.append(.front(start..<named, named: named))
            }
            if !finding.isBad, attempt.sectors.count == 1 { askForRest(of: start) }
            plan[index].learn(attempt.sectors, finding, &known)
        }
        // What was called bad for its block's sake is to be tried once more, by itself.
        if before, !known.failsInBlocks {
            let start = passesOfArea > 0 ? index / passesOfArea * passesOfArea : 0
            index = min(index, plan[start...].firstIndex { $0 is ScrapingPass } ?? index)
            for later in index..<plan.count { plan[later].restart() }
        }
    }

    private mutating func learnFront(_ front: Range<Int>, _ named: Int, _ finding: Finding) {
        guard !finding.isBad else { return known.doubtNames() }
        known.believeNames()
        if known.block(of: named).contains(front.upperBound - 1) { askForRest(of: named - 1) }
    }

    /// Asks for what is bad of the block of a sector that has been read.
    private mutating func askForRest(of sector: Int) {
        guard known.failsInBlocks else { return }
        let bad = known.block(of: sector).filter {
            known.map.run(at: $0)?.state == .bad && !known.refused.contains($0)
        }
        if let rest = RangeSet(bad.map { $0..<$0 + 1 }).ranges.first { errands.append(.rest(rest)) }
    }

    // MARK: The map file

    /// What the reader is at.
    public var activity: SalvageMapFile.Activity {
        end != .finished && index < plan.count ? plan[index].activity : .finished
    }

    /// The number of the pass in that, from 1.
    public var pass: Int {
        end != .finished && index < plan.count ? plan[index].number : 1
    }

    /// The map with what the reader is at, as a map file has it.
    public var file: SalvageMapFile {
        SalvageMapFile(map, position: position, activity, pass: pass)
    }
}
