/// Which of a disc's trees shows its files best, and what the others have besides.
public struct TreeChoice: Hashable, Sendable {
    /// Files that one tree has and another hasn't.
    public struct Difference: Hashable, Sendable {
        /// The tree that has them.
        public var holder: FileTreeKind
        /// The tree that hasn't.
        public var other: FileTreeKind
        /// How many they are.
        public var count: Int
        /// The path of one of them in the tree that has them.
        public var example: String

        /// One sentence.
        public var sentence: String {
            count == 1
                ? "“\(example)” is in the \(holder.displayName) tree and not in the \(other.displayName) one."
                : "\(count) files, such as “\(example)”, are in the \(holder.displayName) tree and not in the \(other.displayName) one."
        }
    }

    /// Files that are held to be compared; beyond them it is only told that trees differ.
    private static let mostFiles = 1 << 20

    /// The tree to show.
    public let kind: FileTreeKind
    /// What other trees have that it hasn't, and the other way about.
    public let differences: [Difference]

    /// Compares a disc's trees.
    ///
    /// Files are the same where their bytes are the same on the disc; names don't count, for each tree
    /// has its own. Where trees differ, the one that has all that the others have is taken, HFS
    /// excepted, else the first in the order of ``FileTreeKind``.
    ///
    /// - Returns: Nil where there is no tree.
    /// - Throws: What the source throws.
    public init?(_ trees: DiscTrees) throws {
        // Rock Ridge and plain ISO 9660 are two readings of the same records.
        let kinds = trees.available.filter { $0 != .iso || !trees.available.contains(.rockRidge) }
        guard let first = kinds.first else { return nil }
        guard kinds.count > 1 else {
            kind = first
            differences = []
            return
        }
        var prints: [FileTreeKind: Print] = [:]
        for kind in kinds {
            guard let tree = trees.tree(kind) else { continue }
            prints[kind] = try Print(tree)
        }
        var best = first
        var found: [Difference] = []
        for other in kinds.dropFirst() where prints[other] != prints[best] {
            let missing = try Self.difference(trees, holder: other, other: best)
            let more = try Self.difference(trees, holder: best, other: other)
            found += [missing, more].compactMap(\.self)
            // The Mac's side has files of the Finder's own, and no permissions.
            if missing != nil, more == nil, other != .hfs { best = other }
        }
        kind = best
        differences = found
    }

    /// The number of a tree's files with bytes, and a sum over where they are: equal for equal sets,
    /// in whatever order they are met.
    private struct Print: Equatable {
        var count = 0
        var sum: UInt64 = 0

        init(_ tree: any FileTree) throws {
            var walk = FileWalk(tree)
            while let visit = try walk.next() {
                guard let mark = TreeChoice.mark(visit.entry) else { continue }
                count += 1
                sum &+= mark
            }
        }
    }

    /// Tells files apart by where they begin and how long they are; nil for what has no bytes.
    private static func mark(_ entry: FileEntry) -> UInt64? {
        guard entry.kind == .file, entry.size > 0, let offset = entry.extents.first?.offset else {
            return nil
        }
        // What zisofs packed counts by its packed bytes, which are what the other trees show.
        let size =
            entry.compression == nil ? entry.size : entry.extents.reduce(0) { $0 &+ $1.length }
        var value = UInt64(truncatingIfNeeded: offset) &* 0x9E37_79B9_7F4A_7C15
        value ^= UInt64(truncatingIfNeeded: size) &* 0xC2B2_AE3D_27D4_EB4F
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    private static func difference(
        _ trees: DiscTrees,
        holder: FileTreeKind,
        other: FileTreeKind
    ) throws -> Difference? {
        guard let holding = trees.tree(holder), let lacking = trees.tree(other) else { return nil }
        var known: Set<UInt64> = []
        var walk = FileWalk(lacking)
        while known.count < mostFiles, let visit = try walk.next() {
            if let mark = mark(visit.entry) { known.insert(mark) }
        }
        guard known.count < mostFiles else { return nil }
        var (count, example) = (0, "")
        walk = FileWalk(holding)
        while let visit = try walk.next() {
            guard let mark = mark(visit.entry), !known.contains(mark) else { continue }
            if count == 0 { example = visit.shownPath }
            count += 1
        }
        guard count > 0 else { return nil }
        return Difference(holder: holder, other: other, count: count, example: example)
    }
}
