import DiscFiles
import Reports
import Transfer

/// The sectors of files that are to be read before all others, and of what leads to them.
struct FirstFiles {
    /// The parts of the disc that come first, in order: the structures of its file system, then each path.
    let areas: [RangeSet<Int>]

    /// The sectors in which file systems say what they are (ECMA-119 §6.2, ECMA-167 3/8).
    private static let descriptors = 0..<512
    /// Entries of a tree that are looked at.
    private static let mostEntries = 2_000_000

    /// Looks for paths on a disc.
    ///
    /// - Parameters:
    ///   - paths: Files and directories, which stand for all that is in them, with slashes between names.
    ///   - source: The disc's sectors.
    /// - Throws: ``Reports/Failure`` if the disc has no file system that can be read, or a path is not on it.
    init(_ paths: [String], on source: any SectorSource) throws(Failure) {
        let wanted = paths.map(FileName.names)
        var structures = RangeSet(Self.descriptors)
        var found = [RangeSet<Int>](repeating: RangeSet(), count: paths.count)
        var isFound = [Bool](repeating: false, count: paths.count)
        do {
            let trees = try DiscTrees(source)
            guard let choice = try TreeChoice(trees), let tree = trees.tree(choice.kind) else {
                throw Self.nothing("no file system that can be read")
            }
            var walk = FileWalk(tree)
            var entries = 0
            while entries < Self.mostEntries, let visit = try walk.next() {
                entries += 1
                let extents = (visit.entry.extents + visit.entry.resourceForkExtents)
                    .compactMap(\.sectors)
                if visit.entry.kind == .directory {
                    for range in extents { structures.insert(contentsOf: range) }
                }
                let names = FileName.names(of: visit.path)
                for (index, path) in wanted.enumerated() where names.starts(with: path) {
                    isFound[index] = true
                    for range in extents { found[index].insert(contentsOf: range) }
                }
            }
            for range in tree.root.extents.compactMap(\.sectors) {
                structures.insert(contentsOf: range)
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Self.nothing("no file system that can be read: \(error)")
        }
        if let index = isFound.firstIndex(of: false) {
            throw Self.nothing("no file or directory “\(paths[index])”")
        }
        let all = RangeSet(0..<(source.sectorCount ?? 0))
        areas = ([structures] + found).map { $0.intersection(all) }
    }

    private static func nothing(_ problem: String) -> Failure {
        Failure(
            .unsuitable,
            "The disc has \(problem).",
            meaning: "Nothing was read.",
            advice: "See “spindle list” for what is on it, or leave --first out."
        )
    }
}
