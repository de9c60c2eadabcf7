import DiscFiles
import Transfer

/// Descriptors and directories for a partition of an image (`xorriso -partition_offset`): those who look at the
/// partition alone find the same files there, with places that count from the partition's beginning.
struct SecondVolume {
    /// The sector that the partition begins with.
    let start: Int
    /// What is found there.
    let trees: DiscTrees

    /// Looks at a partition of an image.
    ///
    /// - Parameters:
    ///   - source: The image.
    ///   - start: The sector that the partition begins with.
    /// - Throws: What the source throws.
    init(_ source: any SectorSource, at start: Int) throws {
        self.start = start
        trees = try DiscTrees(SessionSource(source, from: start))
    }

    /// The descriptors; none if there is no volume.
    var descriptors: [VolumeDescriptor] { trees.content.iso9660?.descriptors ?? [] }

    /// Looks for something that is other than in the image's own trees.
    ///
    /// - Parameter first: Those.
    /// - Returns: What is other; `nil` if nothing is.
    /// - Throws: What reading throws.
    func difference(from first: DiscTrees) throws -> String? {
        let kinds: Set<FileTreeKind> = [.rockRidge, .joliet, .iso1999, .iso]
        guard trees.available == first.available.filter(kinds.contains) else {
            return "it has other trees"
        }
        for kind in trees.available {
            guard let mine = trees.tree(kind), let other = first.tree(kind) else { continue }
            let (found, wanted) = (try entries(mine, by: start), try entries(other, by: 0))
            guard found != wanted else { continue }
            let path = Set(found.keys).union(wanted.keys).filter { found[$0] != wanted[$0] }.min()
            return "\(FileName.shown(path?.text ?? "")) differs in its \(kind.displayName) tree"
        }
        return nil
    }

    /// What a tree has at its paths, as far as it can be the same in another one.
    private func entries(_ tree: any FileTree, by sectors: Int) throws -> [ExactName: FileEntry] {
        var found: [ExactName: FileEntry] = [:]
        var walk = FileWalk(tree)
        while let visit = try walk.next() {
            var entry = visit.entry
            // Directories lie elsewhere, and numbers count for each tree.
            entry.identity = 0
            entry.number = nil
            entry.extents =
                entry.kind == .file
                ? entry.extents.filter { $0.length > 0 }.shifted(by: sectors) : []
            entry.resourceForkExtents = entry.resourceForkExtents.shifted(by: sectors)
            found[ExactName(visit.path)] = entry
        }
        if walk.isIncomplete {
            let problem = walk.problems.first { $0.loss == .entries }
            throw BrokenStructure(problem?.description ?? "A tree can't be read to the end.")
        }
        return found
    }
}
