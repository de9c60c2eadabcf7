/// Tries both ends of large reads that failed, in the smallest pieces, up to the first bad one.
struct TrimmingPass: SalvagePass {
    let area: SalvageArea
    private var cursor = 0

    let activity = SalvageMapFile.Activity.trimming

    init(_ area: SalvageArea) {
        self.area = area
    }

    mutating func restart() { cursor = 0 }

    mutating func next(_ known: inout SalvageKnowledge, _ seconds: Double) -> Range<Int>? {
        while let run = area.first([.untrimmed], from: cursor, in: known.map) {
            cursor = run.lowerBound
            let failed: Set<SalvageMap.State> = [.bad, .unscraped]
            let before = known.map.run(at: run.lowerBound - 1)
            guard let before, failed.contains(before.state) else {
                return run.clamped(to: known.unit(of: run.lowerBound))
            }
            let after = known.map.run(at: run.upperBound)
            guard let after, failed.contains(after.state) else {
                return run.clamped(to: known.unit(of: run.upperBound - 1))
            }
            known.trim(run)
        }
        return nil
    }
}

/// Tries the inside of large reads that failed, in the smallest pieces.
struct ScrapingPass: SalvagePass {
    let area: SalvageArea
    private var cursor = 0
    /// Where sectors end among which the drive named no bad one.
    private var singlesEnd = 0

    let activity = SalvageMapFile.Activity.scraping

    init(_ area: SalvageArea) {
        self.area = area
    }

    mutating func restart() { cursor = 0 }

    mutating func next(_ known: inout SalvageKnowledge, _ seconds: Double) -> Range<Int>? {
        guard let run = area.first([.unscraped], from: cursor, in: known.map) else { return nil }
        cursor = run.lowerBound
        // A drive that names the bad sector is asked for a whole block at once.
        let isNamed = known.namesSectors && cursor >= singlesEnd
        return run.clamped(to: isNamed ? known.block(of: cursor) : known.unit(of: cursor))
    }

    mutating func learn(
        _ sectors: Range<Int>,
        _ finding: Finding,
        _ known: inout SalvageKnowledge
    ) {
        guard case .unknown = finding else { return }
        known.trim(sectors)
        singlesEnd = sectors.upperBound
    }
}

/// Looks into bad blocks of error correction for sectors that can be read by themselves.
///
/// All sectors of all blocks, or of the first few, and of others while that takes little time beside all before it; then
/// the first and the last of each block: of sectors in a row that are bad by themselves, one end lies
/// within a block.
struct ProbingPass: SalvagePass {
    private let area: SalvageArea
    private var cursor = 0
    private var blocks = 0
    /// The block that is looked into.
    private var block = 0..<0
    private var isThorough: Bool
    private let isAlwaysThorough: Bool
    /// How long it had taken when the pass began, in seconds.
    private var began: Double?

    /// Blocks that are looked into in any case.
    private static let sample = 4
    /// How much of the time of all before it looking into further blocks may take.
    private static let share = 0.25

    let activity = SalvageMapFile.Activity.scraping

    init(_ area: SalvageArea, isThorough: Bool) {
        self.area = area
        self.isThorough = isThorough
        isAlwaysThorough = isThorough
    }

    mutating func restart() {
        cursor = 0
        blocks = 0
        block = 0..<0
    }

    mutating func next(_ known: inout SalvageKnowledge, _ seconds: Double) -> Range<Int>? {
        guard known.failsInBlocks else { return nil }
        let start = began ?? seconds
        began = start
        while true {
            if let sector = candidate(known) { return sector..<sector + 1 }
            let from = max(cursor, block.upperBound)
            guard let run = area.first([.bad], from: from, in: known.map) else { return nil }
            block = known.block(of: run.lowerBound)
            cursor = block.lowerBound
            isThorough =
                isAlwaysThorough || blocks < Self.sample || seconds - start < start * Self.share
            blocks += 1
        }
    }

    /// A sector of the block that did not fail by itself yet, from its end.
    private func candidate(_ known: SalvageKnowledge) -> Int? {
        let bad = block.filter {
            known.map.run(at: $0)?.state == .bad && !known.refused.contains($0)
        }
        let rest = bad.filter { !known.alone.contains($0) }
        if isThorough { return rest.last }
        return [bad.last, bad.first].compactMap(\.self).first { rest.contains($0) }
    }
}

/// Tries what is bad once more with all the drive's patience, in turns backwards and forwards; in the first
/// pass nothing over which the drive hung.
struct RetryingPass: SalvagePass {
    let number: Int
    private let area: SalvageArea
    private var cursor: Int?

    let activity = SalvageMapFile.Activity.retrying
    let effort = Salvage.Effort.patient

    init(_ number: Int, _ area: SalvageArea) {
        self.number = number
        self.area = area
    }

    var isBackward: Bool { number % 2 == 1 }

    mutating func restart() { cursor = nil }

    mutating func next(_ known: inout SalvageKnowledge, _ seconds: Double) -> Range<Int>? {
        while true {
            let run =
                isBackward
                ? area.last([.bad], before: cursor ?? known.map.sectorCount, in: known.map)
                : area.first([.bad], from: cursor ?? 0, in: known.map)
            guard let run else { return nil }
            let unit = known.unit(of: isBackward ? run.upperBound - 1 : run.lowerBound)
            let without = number == 1 ? known.refused.union(known.hung) : known.refused
            let parts = RangeSet(run.clamped(to: unit)).subtracting(without).ranges
            guard let piece = isBackward ? parts.last : parts.first else {
                cursor = isBackward ? unit.lowerBound : unit.upperBound
                continue
            }
            cursor = isBackward ? piece.lowerBound : piece.upperBound
            return piece
        }
    }
}
