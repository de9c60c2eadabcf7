import DiscFiles
import DiscModel
import LinuxCalls
import Reports
import Transfer

/// The files that sectors belong to which could not be read.
struct DamagedFiles {
    /// Files that are named.
    private static let mostNamed = 1000
    /// Entries of a tree that are looked at.
    private static let mostEntries = 2_000_000

    /// The files, in the order of the tree.
    var files: [DamagedFile] = []
    /// Files that are not named, for there are too many.
    var further = 0
    /// Whether directories could not be read, so that files may be missing.
    private var isIncomplete = false
    /// The first few paths as they are shown.
    private var shown: [String] = []

    /// Paths in a sentence.
    private static let mostShown = 5

    /// Looks in an image of a disc for files with sectors that are missing.
    ///
    /// - Parameters:
    ///   - missing: Sectors that are missing, in rising order.
    ///   - image: The image.
    /// - Returns: `nil` if there is no file system that can be read.
    static func find(_ missing: [Range<Int>], in image: File) -> DamagedFiles? {
        guard let file = try? FileSource(image),
            let trees = try? DiscTrees(DamagedSource(file, missing)),
            let choice = try? TreeChoice(trees), let tree = trees.tree(choice.kind)
        else { return nil }
        var found = DamagedFiles()
        var walk = FileWalk(tree)
        var entries = 0
        while entries < mostEntries, let visit = try? walk.next() {
            entries += 1
            let count = visit.entry.sectors(among: missing)
            guard count > 0 else { continue }
            if found.shown.count < mostShown { found.shown.append(visit.shownPath) }
            guard found.files.count < mostNamed else {
                found.further += 1
                continue
            }
            found.files.append(
                DamagedFile(path: visit.path, bytes: visit.entry.size, unreadableSectors: count)
            )
        }
        found.isIncomplete = walk.isIncomplete || entries >= mostEntries
        return found
    }

    /// What a person should know of it, a sentence each.
    var sentences: [String] {
        let count = files.count + further
        var sentences: [String] = []
        switch count {
        case 0: sentences.append("No file of the disc lies where sectors are missing.")
        case 1: sentences.append("They belong to one file: \(shown[0]).")
        default:
            let names = shown.joined(separator: ", ")
            let others = count - shown.count
            let rest = others > 0 ? " and \(others) more" : ""
            sentences.append("They belong to \(count) files: \(names)\(rest).")
        }
        if isIncomplete {
            sentences.append(
                "Directories are among what is missing, so that there may be more files that are damaged."
            )
        }
        return sentences
    }
}

/// An image without the sectors that are missing in it.
private final class DamagedSource: SectorSource {
    private let image: FileSource
    private let missing: RangeSet<Int>

    init(_ image: FileSource, _ missing: [Range<Int>]) {
        self.image = image
        self.missing = RangeSet(missing)
    }

    var sectorSize: Int { image.sectorSize }
    var sectorCount: Int? { image.sectorCount }

    func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let wanted = start..<start + max(1, buffer.count / sectorSize)
        guard missing.isDisjoint(RangeSet(wanted)) else {
            throw UnreadableSectors(
                start: start,
                count: wanted.count,
                reason: "it could not be read from the disc"
            )
        }
        return try image.read(at: start, into: &buffer)
    }
}

extension FileEntry {
    /// How many of some sectors are its own.
    fileprivate func sectors(among missing: [Range<Int>]) -> Int {
        (extents + resourceForkExtents).compactMap(\.sectors).reduce(0) { count, sectors in
            var index = missing.firstIndexInOrder { $0.upperBound > sectors.lowerBound }
            var sum = count
            while index < missing.count, missing[index].lowerBound < sectors.upperBound {
                sum += missing[index].clamped(to: sectors).count
                index += 1
            }
            return sum
        }
    }
}
