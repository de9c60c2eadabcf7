/// Goes through a tree, each directory before what is in it.
///
/// Only the directories on the way to the present entry are held. A directory that is met a second
/// time is not entered again, and neither is one that lies too deep.
public struct FileWalk {
    /// An entry and its place.
    public struct Visit: Sendable {
        /// The names from the root on, with slashes between them and none at either end.
        public var path: String
        /// The same as ``FileName/shown(_:)`` shows it.
        public var shownPath: String
        /// The entry.
        public var entry: FileEntry
        /// The directories above it.
        public var depth: Int
    }

    /// Directories in each other: POSIX's longest path has no more.
    public static let greatestDepth = 1024
    /// Bytes of a directory's path.
    public static let longestPath = 1 << 16
    /// Problems that are kept.
    private static let mostProblems = 200

    private struct Level {
        var entries: ArraySlice<FileEntry>
        /// What stands before the names: nothing, or the path and a slash.
        var prefix: String
        /// The same as it is shown.
        var shownPrefix: String
    }

    /// What was broken or odd so far.
    public private(set) var problems: [FileTreeProblem] = []
    /// Problems beyond those that are kept.
    public private(set) var furtherProblems = 0
    /// What may be missing for the problems.
    public private(set) var losses: Set<FileTreeProblem.Loss> = []
    /// The directories that may have more than was met in them; the root's path is empty.
    public private(set) var incompletePaths: Set<String> = []
    /// Whether entries may be missing for the problems.
    public var isIncomplete: Bool { losses.contains(.entries) }

    private let tree: any FileTree
    private let mostExamined: Int
    private var levels: [Level] = []
    private var seen: Set<UInt64> = []
    private var examined = 0
    private var hasBegun = false
    private var pending: Visit?

    /// Prepares to go through a tree; nothing is read before the first entry is asked for.
    public init(_ tree: any FileTree) {
        self.tree = tree
        mostExamined = tree.mostExamined
    }

    /// The next entry; nil behind the last one.
    ///
    /// - Throws: What the tree throws.
    public mutating func next() throws -> Visit? {
        if !hasBegun {
            hasBegun = true
            try enter(Visit(path: "", shownPath: "", entry: tree.root, depth: 0))
        }
        if let directory = pending {
            pending = nil
            try enter(directory)
        }
        while let level = levels.last {
            guard let entry = level.entries.first else {
                levels.removeLast()
                continue
            }
            levels[levels.count - 1].entries.removeFirst()
            let visit = Visit(
                path: level.prefix + entry.name,
                shownPath: level.shownPrefix + FileName.shown(entry.name),
                entry: entry,
                depth: levels.count - 1
            )
            if entry.kind == .directory { pending = visit }
            return visit
        }
        return nil
    }

    /// Leaves out what is in the directory that was met last.
    public mutating func skipDirectory() { pending = nil }

    private mutating func enter(_ directory: Visit) throws {
        let path = directory.path
        guard seen.insert(directory.entry.identity).inserted else {
            // HFS Plus may give a directory several names.
            return note(
                FileTreeProblem("The directory was listed elsewhere; it is not listed again."),
                in: directory
            )
        }
        guard levels.count < Self.greatestDepth, path.utf8.count < Self.longestPath else {
            return note(
                FileTreeProblem("The directory lies too deep; it is not listed."),
                in: directory
            )
        }
        guard examined <= mostExamined else {
            return note(
                FileTreeProblem(
                    "The directories are larger than the disc; this one is not listed."
                ),
                in: directory
            )
        }
        let listing = try tree.entries(of: directory.entry)
        examined += tree.examinedBytes
        for problem in listing.problems { note(problem, in: directory) }
        levels.append(
            Level(
                entries: listing.entries[...],
                prefix: path.isEmpty ? "" : path + "/",
                shownPrefix: path.isEmpty ? "" : directory.shownPath + "/"
            )
        )
    }

    private mutating func note(_ problem: FileTreeProblem, in directory: Visit) {
        if let loss = problem.loss { losses.insert(loss) }
        if problem.loss == .entries { incompletePaths.insert(directory.path) }
        guard problems.count < Self.mostProblems else {
            furtherProblems += 1
            return
        }
        var problem = problem
        problem.path = directory.path.isEmpty ? "/" : directory.shownPath
        problems.append(problem)
    }
}
