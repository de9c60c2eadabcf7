/// Which parts of a disc have been read: ranges of sectors, each with a state.
///
/// The ranges follow each other without gaps from 0 to the end. The states and their signs are
/// those of ddrescue's map files (its manual, “Mapfile structure”).
public struct BlockMap: Hashable, Sendable {
    /// How far a range has been tried.
    public enum State: Character, Sendable {
        case untried = "?"
        case untrimmed = "*"
        case unscraped = "/"
        case bad = "-"
        case finished = "+"
    }

    /// A run of sectors of one state.
    public struct Block: Hashable, Sendable {
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
    public private(set) var blocks: [Block]

    /// Creates a map of so many sectors that nobody has tried.
    public init(sectors: Int) {
        blocks = sectors > 0 ? [Block(sectors: 0..<sectors, state: .untried)] : []
    }

    /// The number of sectors.
    public var sectorCount: Int { blocks.last?.sectors.upperBound ?? 0 }

    /// The runs of a state.
    public func ranges(_ state: State) -> [Range<Int>] {
        blocks.filter { $0.state == state }.map(\.sectors)
    }

    /// The number of sectors of a state.
    public func count(_ state: State) -> Int {
        ranges(state).reduce(0) { $0 + $1.count }
    }

    /// Puts sectors that nobody has tried behind the last one.
    public mutating func append(_ count: Int) {
        guard count > 0 else { return }
        let end = sectorCount
        blocks = Self.joined(blocks + [Block(sectors: end..<end + count, state: .untried)])
    }

    /// Gives a run of sectors a state.
    public mutating func mark(_ range: Range<Int>, _ state: State) {
        let range = range.clamped(to: 0..<sectorCount)
        guard !range.isEmpty else { return }
        // A disc is read from its beginning to its end, so the place is looked for from behind.
        let firstIndex = blocks.lastIndex { $0.sectors.lowerBound <= range.lowerBound } ?? 0
        var lastIndex = firstIndex
        while blocks[lastIndex].sectors.upperBound < range.upperBound { lastIndex += 1 }
        let first = blocks[firstIndex]
        let last = blocks[lastIndex]
        var pieces = [
            Block(sectors: first.sectors.lowerBound..<range.lowerBound, state: first.state),
            Block(sectors: range, state: state),
            Block(sectors: range.upperBound..<last.sectors.upperBound, state: last.state),
        ].filter { !$0.sectors.isEmpty }
        var from = firstIndex
        var to = lastIndex
        if from > 0 {
            from -= 1
            pieces.insert(blocks[from], at: 0)
        }
        if to + 1 < blocks.count {
            to += 1
            pieces.append(blocks[to])
        }
        blocks.replaceSubrange(from...to, with: Self.joined(pieces))
    }

    private static func joined(_ pieces: [Block]) -> [Block] {
        pieces.reduce(into: []) { result, piece in
            if let last = result.last, last.state == piece.state {
                result[result.count - 1].sectors =
                    last.sectors.lowerBound..<piece.sectors.upperBound
            } else {
                result.append(piece)
            }
        }
    }
}
