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
            // By the same name, and then by one that differs in small letters and capitals only.
            for key in [{ Array($0.utf8) }, { Array($0.lowercased().utf8) }]
                as [(String) -> [UInt8]]
            {
                var left = Dictionary(grouping: rest) { key($0.name) }
                waiting = waiting.filter { entry in
                    let name = key(entry.name)
                    guard let found = left[name]?.firstIndex(where: { isSame(entry, $0) }) else {
                        return true
                    }
                    entry.counterparts[index] = left[name]?.remove(at: found)
                    return false
                }
                rest = left.values.flatMap { $0 }
            }
            var files = Dictionary(grouping: rest.filter { $0.kind == .file && $0.byteCount > 0 }) {
                Mark($0)
            }
            for entry in waiting where entry.kind == .file {
                entry.counterparts[index] = files[Mark(entry)]?.popLast()
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
