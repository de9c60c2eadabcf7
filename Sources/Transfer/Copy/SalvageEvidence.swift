/// How well it is known that sectors are what the disc holds.
///
/// Some were read twice the same, and of some a checksum of their own proves it. All others that were read were read once.
///
/// It is kept in a file beside the map, for ddrescue drops comments from maps that it writes.
public struct SalvageEvidence: Hashable, Sendable {
    /// Two reads gave the same, perhaps of two copies of the disc.
    public private(set) var twice = RangeSet<Int>()
    /// Their EDC is right.
    public private(set) var proven = RangeSet<Int>()
    /// Their EDC is wrong in all reads that there were.
    public var wrong = RangeSet<Int>()
    /// Audio in which the drive could not correct every sample.
    public var doubtful = RangeSet<Int>()

    /// Creates evidence of nothing.
    public init() {}

    /// Whether nothing is known but that sectors were read.
    public var isEmpty: Bool { kinds.allSatisfy(\.sectors.isEmpty) }

    /// Notes that sectors were read twice the same.
    public mutating func noteTwice(_ sectors: Range<Int>) { twice.insert(contentsOf: sectors) }

    /// Notes that the EDC of sectors is right.
    public mutating func noteProven(_ sectors: Range<Int>) { proven.insert(contentsOf: sectors) }

    /// Forgets what is known of sectors that are read once more.
    public mutating func forget(_ sectors: RangeSet<Int>) {
        twice.subtract(sectors)
        proven.subtract(sectors)
        wrong.subtract(sectors)
        doubtful.subtract(sectors)
    }

    /// How many of the sectors that a map calls read are of which kind; what is proven is not counted twice.
    public func counts(in map: SalvageMap) -> (once: Int, twice: Int, proven: Int) {
        let read = RangeSet(map.ranges(.finished))
        let proven = read.intersection(proven).elementCount
        let twice = read.intersection(twice).subtracting(self.proven).elementCount
        return (map.count(.finished) - proven - twice, twice, proven)
    }

    // MARK: The file

    private static let twiceName = "twice"
    private static let provenName = "edc"
    private static let wrongName = "wrong-edc"
    private static let doubtfulName = "c2"

    private var kinds: [(name: String, sectors: RangeSet<Int>)] {
        [
            (Self.twiceName, twice), (Self.provenName, proven), (Self.wrongName, wrong),
            (Self.doubtfulName, doubtful),
        ]
    }

    /// Writes the file: a start and a size in bytes on each line, and `twice`, `edc`, `wrong-edc` or `c2`.
    ///
    /// - Parameter bytesPerSector: 2048, or 2352 if sectors are kept raw.
    /// - Returns: Its whole content.
    public func text(bytesPerSector: Int) -> String {
        var text =
            "# Sectors that were read twice the same (twice), whose EDC is right (edc) or wrong\n"
        text += "# in every read (wrong-edc), or in which the drive guessed samples (c2)\n"
        for (name, sectors) in kinds {
            for range in sectors.ranges {
                text += "0x" + String(range.lowerBound * bytesPerSector, radix: 16, uppercase: true)
                text += "  0x" + String(range.count * bytesPerSector, radix: 16, uppercase: true)
                text += "  \(name)\n"
            }
        }
        return text
    }

    /// Reads the file; sectors that are not named as a whole don't count.
    ///
    /// - Throws: ``SalvageMapError`` if a line is not as ``text(bytesPerSector:)`` writes it.
    public init(parsing bytes: [UInt8], bytesPerSector: Int) throws(SalvageMapError) {
        guard bytes.count <= SalvageMapFile.mostBytes else {
            throw SalvageMapError(problem: "has more than \(SalvageMapFile.mostBytes) bytes")
        }
        var lines = SalvageMapLines(bytes)
        while let line = lines.next() {
            guard let start = line.integer(0), let size = line.integer(1), let name = line.word(2),
                size <= Int.max - start - bytesPerSector
            else { throw SalvageMapError(line: line.number, problem: "is not a line of evidence") }
            let first = (start + bytesPerSector - 1) / bytesPerSector
            let sectors = first..<max(first, (start + size) / bytesPerSector)
            switch name {
            case Self.twiceName: noteTwice(sectors)
            case Self.provenName: noteProven(sectors)
            case Self.wrongName: wrong.insert(contentsOf: sectors)
            case Self.doubtfulName: doubtful.insert(contentsOf: sectors)
            default: throw SalvageMapError(line: line.number, problem: "is not a line of evidence")
            }
        }
    }
}
