import DiscFiles

extension TreeEditor {
    /// A file's bytes, which are the same in all trees.
    private struct Mark: Hashable {
        var offset: Int?
        var count: Int

        init(_ entry: Entry) {
            offset = entry.extents.first?.offset
            count = entry.byteCount
        }
    }

    /// Finds the entries of a directory in the other trees.
    func pair(_ directory: Directory) {
        guard !directory.isPaired else { return }
        directory.isPaired = true
        let shown = directory.shown
        for entry in shown { entry.counterparts = others.map { _ in nil } }
        directory.unpaired = others.map { _ in [] }
        for index in others.indices {
            guard let other = directory.counterparts[index] else { continue }
            var waiting = shown
            func isSame(_ a: Entry, _ b: Entry) -> Bool {
                (a.kind == .directory) == (b.kind == .directory)
                    && (a.kind != .file || Mark(a) == Mark(b))
            }
            var rest = other.shown
            // By the same name, and then by one that differs in small letters and capitals only, where
            // only one of each side has it.
            for key in [{ Array($0.utf8) }, { Array($0.lowercased().utf8) }]
                as [(String) -> [UInt8]]
            {
                var left = Dictionary(grouping: rest) { key($0.name) }
                let alike = Dictionary(grouping: waiting) { key($0.name) }
                waiting = waiting.filter { entry in
                    let name = key(entry.name)
                    guard let found = left[name]?.only({ isSame(entry, $0) }),
                        alike[name]?.only({ isSame($0, found) }) === entry
                    else { return true }
                    entry.counterparts[index] = found
                    left[name]?.removeAll { $0 === found }
                    return false
                }
                rest = left.values.flatMap { $0 }
            }
            // By the same bytes, where no other name on either side has them.
            let files = Dictionary(grouping: rest.filter { $0.kind == .file && $0.byteCount > 0 }) {
                Mark($0)
            }
            let alike = Dictionary(grouping: waiting.filter { $0.kind == .file }) { Mark($0) }
            for (mark, entries) in alike where entries.count == 1 {
                if let same = files[mark], same.count == 1 {
                    entries[0].counterparts[index] = same[0]
                }
            }
            var paired = Set(
                shown.compactMap { $0.counterparts[index].map(ObjectIdentifier.init) }
            )
            let directories = Dictionary(grouping: rest.filter { $0.kind == .directory }) {
                Self.print($0)
            }
            let mine = Dictionary(
                grouping: waiting.filter { $0.kind == .directory },
                by: Self.print
            )
            for (print, entries) in mine {
                guard entries.count == 1, let same = directories[print], same.count == 1 else {
                    continue
                }
                entries[0].counterparts[index] = same[0]
                paired.insert(ObjectIdentifier(same[0]))
            }
            directory.unpaired[index] = rest.filter { !paired.contains(ObjectIdentifier($0)) }
        }
    }

    /// What two trees' directories of the same files have in common.
    private struct Print: Hashable {
        var files: Set<Mark> = []
        var directories = 0
    }

    private static func print(_ entry: Entry) -> Print {
        var print = Print()
        var pending = [entry]
        while let next = pending.popLast() {
            if next.kind == .directory {
                print.directories += 1
                pending += next.directory?.shown ?? []
            } else if next.byteCount > 0 {
                print.files.insert(Mark(next))
            }
        }
        return print
    }
}
