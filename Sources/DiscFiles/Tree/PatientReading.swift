package import Transfer

/// How a file is read in order though some of its sectors can't be read.
///
/// A command fails as a whole, so that sector by sector shows which are to blame; of a drive each try takes
/// seconds, so that behind many of them not each of those that follow is tried.
package struct PatientReading {
    /// Sectors that can't be read, behind which not each of those that follow is tried.
    private static let patience = 1000
    /// How often the same one may be needed: by all sectors of the largest block of a packed file.
    private static let mostNeeds = 64
    /// Sectors from one that is tried to the next one, at most.
    private static let longestStride = 512
    private static let sectorSize = 2048

    /// The bytes to read at once.
    package private(set) var step: Int
    /// The sectors that can't be read.
    package private(set) var unreadable: [Int] = []
    /// How many sectors were left out.
    package private(set) var untried = 0
    /// How often the last of them was needed.
    private var needs = 0
    /// Those of them, and the times that one was needed for more than a block.
    private var failures = 0
    private let size: Int
    private let piece: Int
    private var stride = 1

    /// Begins.
    ///
    /// - Parameters:
    ///   - size: The file's size.
    ///   - piece: The bytes to read at once where nothing is wrong.
    package init(of size: Int, inPiecesOf piece: Int) {
        self.size = size
        self.piece = piece
        step = piece
    }

    /// Goes on behind bytes that were read.
    package mutating func succeed() {
        step = min(piece, step * 2)
        stride = 1
    }

    /// Goes on behind what can't be read.
    ///
    /// - Parameters:
    ///   - error: The sectors that can't be read.
    ///   - place: The first byte that was wanted.
    /// - Returns: The bytes to leave out; 0 if the same place is to be tried in a smaller step.
    package mutating func fail(_ error: UnreadableSectors, at place: Int) -> Int {
        guard step <= Self.sectorSize else {
            step = Self.sectorSize
            return 0
        }
        // A block of a packed file may need the same sector as the one before it.
        if error.start != unreadable.last {
            unreadable.append(error.start)
            needs = 0
        }
        needs += 1
        // All of such a file may need the same one: that which says where its blocks are.
        if needs == 1 || needs > Self.mostNeeds { failures += 1 }
        if failures >= Self.patience { stride = min(stride * 2, Self.longestStride) }
        let sector = min(Self.sectorSize - place % Self.sectorSize, size - place)
        let skipped = min(sector + (stride - 1) * Self.sectorSize, size - place)
        untried += (skipped - sector + Self.sectorSize - 1) / Self.sectorSize
        return skipped
    }

    /// That sectors were left out, and why: the rest of a sentence about the file; `nil` if none was.
    package var omission: String? {
        guard untried > 0 else { return nil }
        let what =
            unreadable.count < Self.patience
            ? "\(Self.patience) tries in vain" : "\(Self.patience) sectors that can't be read"
        return "after \(what), \(untried) others were not tried"
    }
}
