import DiscFiles
import TestSupport

/// What a tree holds, as tests compare it.
struct TreeReading {
    var paths: [String] = []
    var entries: [String: FileEntry] = [:]
    var problems: [FileTreeProblem] = []
    var isIncomplete = false

    init(_ tree: any FileTree) throws {
        var walk = FileWalk(tree)
        while let visit = try walk.next() {
            paths.append(visit.shownPath + (visit.entry.kind == .directory ? "/" : ""))
            entries[visit.shownPath] = visit.entry
        }
        problems = walk.problems
        isIncomplete = walk.isIncomplete
    }

    /// Reads one tree of an image.
    init(_ bytes: [UInt8], _ kind: FileTreeKind, sessionStart: Int = 0, bad: Set<Int> = []) throws {
        let trees = try DiscTrees(MemorySource(bytes, bad: bad), sessionStart: sessionStart)
        guard let tree = trees.tree(kind) else {
            throw Missing(trees: trees.available, trees.broken)
        }
        try self.init(tree)
    }

    /// There is no such tree.
    struct Missing: Error {
        var trees: [FileTreeKind]
        var broken: [FileTreeKind: String]

        init(trees: [FileTreeKind], _ broken: [FileTreeKind: String]) {
            self.trees = trees
            self.broken = broken
        }
    }

    /// The bytes of a file.
    func contents(_ path: String, _ bytes: [UInt8]) throws -> [UInt8] {
        guard let entry = entries[path] else { return [] }
        return try Self.contents(of: entry, bytes)
    }

    static func contents(of entry: FileEntry, _ bytes: [UInt8], piece: Int = 5000) throws -> [UInt8]
    {
        let contents = try FileContents(MemorySource(bytes), entry)
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0xAA, count: piece)
        while result.count < contents.count {
            var span = buffer.mutableSpan
            let count = try contents.read(at: result.count, into: &span)
            guard count > 0 else { break }
            result += buffer[..<count]
        }
        return result
    }
}
