import DiscFiles

/// A tree as it was and as it is.
struct TreePair {
    typealias Targets = [ExactName: EditedTree.Target]

    let old: Targets
    let new: Targets

    init(_ old: Targets, _ new: Targets) { (self.old, self.new) = (old, new) }

    /// The same bytes in directories of the same name.
    private struct Group: Hashable {
        var offset: Int
        var directory: ExactName
    }

    /// Paths of files of which more than one have the same bytes, by their directories.
    private static func groups(_ targets: Targets) -> [Group: [ExactName]] {
        var groups: [Group: [ExactName]] = [:]
        for (path, target) in targets {
            guard let offset = target.offset else { continue }
            let directory = folded(directory(of: path))
            groups[Group(offset: offset, directory: directory), default: []].append(path)
        }
        return groups
    }

    private static func directory(of path: ExactName) -> ExactName {
        let text = path.text
        return ExactName(text.utf8.lastIndex(of: 0x2F).map { String(text[..<$0]) } ?? "")
    }

    /// A path with small letters for capitals.
    private static func folded(_ path: ExactName) -> ExactName { ExactName(path.text.lowercased()) }

    /// Looks for a file that another tree has lost under a name that may be another file's.
    ///
    /// Hard links have the same bytes, so only their names tell them apart: a name that is still here must
    /// still be there, and one that there is no such name of must not be lost while another that there is
    /// no such name of stays.
    ///
    /// - Parameter other: The other tree.
    /// - Returns: The path here that should have kept its name; `nil` if there is none.
    func wrongName(in other: TreePair) -> String? {
        let (mine, theirs) = (Self.groups(old), Self.groups(other.old))
        for (group, names) in theirs {
            guard let here = mine[group], here.count > 1 || names.count > 1 else { continue }
            let lost = names.filter {
                other.new[$0]?.offset != group.offset
                    && (Self.directory(of: $0).text.isEmpty
                        || other.new[Self.directory(of: $0)] != nil)
            }
            guard !lost.isEmpty else { continue }
            let kept = here.filter { new[$0]?.offset == group.offset }
            let known = Set(here.map(Self.folded)).intersection(names.map(Self.folded))
            let lostNames = Set(lost.map(Self.folded))
            let stillThere = Set(names.filter { !lost.contains($0) }.map(Self.folded))
            let isDoubtful = !lostNames.isSubset(of: known)
            for path in kept.sorted() {
                let name = Self.folded(path)
                if known.contains(name) {
                    if !stillThere.contains(name) { return path.text }
                } else if isDoubtful {
                    return path.text
                }
            }
        }
        return nil
    }
}
