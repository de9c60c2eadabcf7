/// Reads what nobody has tried, in large pieces; smaller ones follow a failure, and grow again.
///
/// The first pass goes forwards and skips areas behind damage: none behind the first bad piece, and
/// twice as much behind each that follows it soon. The second goes backwards and leaves what is left of
/// a skipped area at the first bad piece in it. The third reads the rest.
struct CopyingPass: SalvagePass {
    let number: Int
    private let area: SalvageArea
    /// The largest piece, and the first one behind damage, in sectors.
    private let largest: Int
    private let smallest: Int
    /// The most sectors that are skipped.
    private let mostSkipped: Int
    private let borders: [Int]

    /// Where the next piece begins or, backwards, ends.
    private var cursor: Int
    private var length: Int
    /// The length up to which it is doubled after a good piece.
    private var doubling: Int
    /// The sectors to skip behind the next bad piece.
    private var skip = 0
    /// Good sectors since the last bad piece.
    private var good = 0
    /// The untried sectors that are being read, as they were before the first of them.
    private var run = 0..<0
    /// Bad pieces since the last good one.
    private var failures = 0

    /// Sectors of a piece that is small and still takes no longer than its way to the drive.
    private static let smallestPiece = 16
    /// Skips that have to be good before damage is taken to be over.
    private static let calm = 4

    let activity = SalvageMapFile.Activity.copying

    init(_ number: Int, _ area: SalvageArea, sectors: Int, _ settings: SalvageSettings) {
        self.number = number
        self.area = area
        largest = settings.largestRead
        smallest = min(
            largest,
            Self.smallestPiece.roundedUp(toMultipleOf: settings.sectorsPerBlock)
        )
        mostSkipped = max(64 * smallest, (sectors / 100).roundedUp(toMultipleOf: smallest))
        borders = settings.borders
        length = largest
        doubling = largest
        cursor = number == 2 ? sectors : 0
    }

    var isBackward: Bool { number == 2 }
    private var skips: Bool { number < 3 }

    mutating func restart() {
        cursor = isBackward ? Int.max : 0
        run = 0..<0
    }

    mutating func next(_ known: inout SalvageKnowledge, _ seconds: Double) -> Range<Int>? {
        let block = known.sectorsPerBlock
        if isBackward {
            guard let found = area.last([.untried], before: cursor, in: known.map) else {
                return nil
            }
            if found.lowerBound < run.lowerBound || run.isEmpty {
                run = found
                length = smallest
                failures = 0
            }
            let border = borders.last { $0 < found.upperBound } ?? 0
            let start = max(found.lowerBound, border, found.upperBound - length)
            let aligned = start.roundedUp(toMultipleOf: block)
            let isWhole =
                start == max(found.lowerBound, border) || aligned >= found.upperBound
            return (isWhole ? start : aligned)..<found.upperBound
        }
        guard let found = area.first([.untried], from: cursor, in: known.map) else { return nil }
        if found.lowerBound != cursor { skip = 0 }
        run = found
        let border = borders.first { $0 > found.lowerBound } ?? found.upperBound
        let end = min(found.upperBound, border, found.lowerBound + length)
        let aligned = end / block * block
        let isWhole = end == min(found.upperBound, border) || aligned <= found.lowerBound
        return found.lowerBound..<(isWhole ? end : aligned)
    }

    mutating func learn(_ sectors: Range<Int>, _ finding: Finding, _ known: inout SalvageKnowledge)
    {
        switch finding {
        case .read:
            failures = 0
            length = min(largest, length < doubling ? length * 2 : length + smallest)
            good += sectors.count
            if good >= Self.calm * skip { skip = 0 }
            cursor = isBackward ? sectors.lowerBound : sectors.upperBound
        case .slow:
            leave(sectors)
        case .bad(let bad, _)
        where isBackward && failures == 0 && bad.upperBound < sectors.upperBound:
            // What lies behind the bad sectors joins what has been read.
            cursor = sectors.upperBound
            length = smallest
            failures = 1
        case .bad(let bad, _):
            leave(isBackward ? sectors : sectors.lowerBound..<bad.upperBound)
        case .unknown:
            // Of a large piece all has to be looked through for the bad sector.
            doubling = max(smallest, sectors.count / 2)
            leave(sectors)
        }
    }

    /// Goes on behind damage.
    private mutating func leave(_ sectors: Range<Int>) {
        length = smallest
        good = 0
        guard skips else { return cursor = sectors.upperBound }
        guard !isBackward else { return cursor = run.lowerBound }
        // On the far side of what is known damage need not go on.
        cursor = max(sectors.upperBound, min(run.upperBound, sectors.upperBound + skip))
        skip = min(mostSkipped, max(smallest, skip * 2))
    }
}

extension Int {
    fileprivate func roundedUp(toMultipleOf unit: Int) -> Int { (self + unit - 1) / unit * unit }
}
