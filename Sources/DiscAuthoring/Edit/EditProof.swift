import DiscFiles
import LibCrypto
import LibISOFS
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// Reads a changed image back as any other image is read, and compares it with the image as it was and with
/// what was added.
///
/// What was not changed must have the same names, kinds, sizes, modes, owners, times, links, places and
/// bytes as in the old image; what was added those of its files. The other trees must have the same files
/// under the names that they had, and computers must boot from the same places. Each sector that is not
/// known to be free must have the same bytes, whether something names it or not. All files and directories
/// must lie within the volume, as large as it says that it is (ECMA-119 §8.4.8), and within the image.
struct EditProof {
    private static let pieceSize = 1 << 20

    private let image: ISOEditing
    private let path: FilePath
    private let files: UnfinishedFiles

    init(_ image: ISOEditing, _ path: FilePath, _ files: UnfinishedFiles) {
        self.image = image
        self.path = path
        self.files = files
    }

    /// What a path of the changed image is to lead to.
    private enum Expected {
        /// What the old image has there, perhaps with other attributes.
        case unchanged(FileEntry)
        case added(SourceNode)
    }

    /// Looks for a difference.
    ///
    /// - Returns: The first one, in words; `nil` if there is none, or the job was stopped.
    /// - Throws: ``Reports/Failure`` if the image can't be read.
    func difference(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void) throws -> String? {
        try TreeProof.difference(in: path, files, sessionStart: image.disc.newSession ?? 0) {
            source,
            trees in
            guard let tree = trees.tree(image.mainKind), let old = image.trees.tree(image.mainKind)
            else { throw ImageDifference("it has no \(image.mainKind.displayName) tree") }
            guard trees.available == image.trees.available else {
                throw ImageDifference("it has other trees")
            }
            var expected = try self.expected(old)
            try compareVolume(trees.content)
            for kind in trees.available { try compareEnd(kind, trees, source) }
            let places = try compare(tree, source, &expected, cancellation, tell)
            guard !cancellation.isRequested else { return }
            if let missing = expected.keys.min() {
                throw ImageDifference("\(FileName.shown(missing.text)) is missing")
            }
            for kind in trees.available where kind != image.mainKind && kind != .hfs {
                try compare(kind, trees, tree, old, places)
            }
            try compareSecond(trees, source)
            try compareSectors(source, cancellation)
            try compareMoved(source, cancellation)
        }
    }

    /// Looks whether a partition that has directories for itself shows the same files as the image.
    private func compareSecond(_ trees: DiscTrees, _ source: any SectorSource) throws {
        guard let old = image.second else { return }
        let second = try SecondVolume(source, at: old.start)
        if let difference = try second.difference(from: trees) {
            throw ImageDifference(
                "in the directories of the partition from sector \(old.start) on, \(difference)"
            )
        }
        let view = SessionSource(source, from: old.start)
        for kind in second.trees.available { try compareEnd(kind, second.trees, view) }
    }

    /// Compares each sector that has moved, with the partitions after the volume.
    private func compareMoved(_ source: any SectorSource, _ cancellation: Cancellation) throws {
        guard let move = image.move else { return }
        let size = Self.pieceSize / 2048
        for start in stride(from: move.sectors.lowerBound, to: move.sectors.upperBound, by: size) {
            guard !cancellation.isRequested else { return }
            let count = min(size, move.sectors.upperBound - start)
            var wanted = try Self.read(image.disc.source, start, count)
            for (sector, bytes) in move.changed where (start..<start + count).contains(sector) {
                let place = (sector - start) * 2048
                wanted.replaceSubrange(place..<place + 2048, with: bytes)
            }
            guard try Self.read(source, start + move.distance, count) == wanted else {
                throw ImageDifference(
                    "what lay from sector \(start) on has other bytes at its new place"
                )
            }
        }
    }

    /// What each path is to lead to: the old tree, with the changes in their order.
    private func expected(_ old: any FileTree) throws -> [ExactName: Expected] {
        var expected: [ExactName: Expected] = [:]
        var walk = FileWalk(old)
        while let visit = try walk.next() {
            expected[ExactName(visit.path)] = .unchanged(visit.entry)
        }
        // What the present change has added: it takes nothing of that away again.
        var fresh: Set<ExactName> = []
        for step in image.editor.steps {
            switch step {
            case .begun: fresh = []
            case .added(let path, let node):
                guard fresh.insert(ExactName(path)).inserted, expected[ExactName(path)] == nil
                else {
                    throw ImageDifference("\(FileName.shown(path)) takes the place of another file")
                }
                expected[ExactName(path)] = .added(node)
            case .described(let path, let attributes):
                switch expected[ExactName(path)] {
                case .unchanged(var entry):
                    entry.mode = entry.mode.map { $0 & ~0o7777 | attributes.permissions }
                    (entry.userID, entry.groupID) = (attributes.userID, attributes.groupID)
                    entry.modified = FileTime(seconds: SystemUse.recorded(attributes.modified))
                    entry.accessed = FileTime(seconds: SystemUse.recorded(attributes.accessed))
                    entry.created = nil
                    expected[ExactName(path)] = .unchanged(entry)
                case .added(let node):
                    let copy = SourceNode(node.name, attributes, node.content)
                    expected[ExactName(path)] = .added(copy)
                case nil: break
                }
            case .removed(let path, let isDirectory):
                guard !fresh.contains(ExactName(path)) else {
                    throw ImageDifference("\(FileName.shown(path)) would be there twice")
                }
                expected[ExactName(path)] = nil
                if isDirectory {
                    expected = expected.filter { !$0.key.lies(in: path) }
                }
            case .moved(let from, let target, let isDirectory):
                let moved = expected.removeValue(forKey: ExactName(from))
                if isDirectory {
                    for (key, value) in expected where key.lies(in: from) {
                        expected[key] = nil
                        expected[key.moved(from: from, to: target)] = value
                    }
                }
                expected[ExactName(target)] = moved
            }
        }
        return expected
    }

    /// Compares the whole tree.
    ///
    /// - Returns: Where the bytes of files are.
    private func compare(
        _ tree: any FileTree,
        _ source: any SectorSource,
        _ expected: inout [ExactName: Expected],
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> Set<Int> {
        var meter = RateMeter(phase: .verify, total: image.byteCount)
        var done = 0
        var places: Set<Int> = []
        var numbers: [UInt64: ObjectIdentifier?] = [:]
        var walk = FileWalk(tree)
        while !cancellation.isRequested, let visit = try walk.next() {
            let (entry, path) = (visit.entry, visit.path)
            let place = entry.kind == .file ? entry.extents.first?.offset : nil
            let isKnown = place.map { !places.insert($0).inserted } ?? true
            let wanted = expected.removeValue(forKey: ExactName(path))
            if let number = entry.number {
                let owner = wanted.flatMap(Self.owner)
                guard numbers.updateValue(owner, forKey: number).map({ $0 == owner }) ?? true
                else {
                    throw ImageDifference(
                        "\(visit.shownPath) has the number of another file, as if it were a name of it"
                    )
                }
            }
            switch wanted {
            case nil:
                throw ImageDifference(
                    "\(visit.shownPath) is there and was not put there"
                )
            case .unchanged(let old):
                try compare(entry, old, path)
                if entry.kind == .file, !isKnown {
                    try compareBytes(entry, old, source, path, cancellation)
                    done += entry.size
                }
            case .added(let node):
                try compare(entry, node, path)
                if case .file(let file) = node.content, entry.size > 0, !isKnown {
                    let isSame = try TreeProof.isSame(entry, source, as: file, cancellation)
                    guard isSame || cancellation.isRequested else {
                        throw ImageDifference(
                            "the content of \(visit.shownPath) is another one"
                        )
                    }
                    done += entry.size
                }
            }
            if meter.isDue { tell(.progress(meter.progress(bytes: min(done, image.byteCount)))) }
        }
        if walk.isIncomplete {
            let problem = walk.problems.first { $0.loss == .entries }
            throw ImageDifference(problem?.description ?? "its tree can't be read to the end")
        }
        return places
    }

    /// What was added under a number of its own: a file, which may have several names, or anything else;
    /// `nil` of what was there before.
    private static func owner(of expected: Expected) -> ObjectIdentifier? {
        guard case .added(let node) = expected else { return nil }
        if case .file(let file) = node.content { return ObjectIdentifier(file) }
        return ObjectIdentifier(node)
    }

    /// Compares an entry with the one that it was.
    private func compare(_ entry: FileEntry, _ old: FileEntry, _ path: String) throws {
        var facts: [(what: String, isEqual: Bool)] = [
            ("kind", entry.kind == old.kind), ("size", entry.size == old.size),
            ("mode", entry.mode == old.mode),
            ("owner", entry.userID == old.userID && entry.groupID == old.groupID),
            ("target", entry.target.map(ExactName.init) == old.target.map(ExactName.init)),
            ("packing", entry.compression == old.compression),
            ("hidden flag", entry.isHidden == old.isHidden),
            ("extended attributes", entry.attributes == old.attributes),
            ("resource fork", entry.resourceForkExtents == old.resourceForkExtents),
        ]
        facts.append(
            (
                "time",
                entry.modified == old.modified && entry.accessed == old.accessed
                    && entry.created == old.created
            )
        )
        if entry.kind == .file, entry.size > 0 {
            var extents = old.extents
            if let first = extents.first?.offset, let moved = image.movedBytes[first] {
                for index in extents.indices {
                    extents[index].offset = extents[index].offset.map { $0 - first + moved }
                }
            }
            facts.append(("place", entry.extents == extents))
        }
        if let wrong = facts.first(where: { !$0.isEqual }) {
            throw ImageDifference("the \(wrong.what) of \(FileName.shown(path)) is another one")
        }
    }

    /// Compares an entry with what was added.
    private func compare(_ entry: FileEntry, _ node: SourceNode, _ path: String) throws {
        let attributes = node.attributes
        var facts: [(what: String, isEqual: Bool)] = [
            ("kind", entry.kind == node.kind),
            ("time", entry.modified?.seconds == SystemUse.recorded(attributes.modified)),
        ]
        if image.mainKind == .rockRidge {
            facts += [
                ("mode", entry.mode.map { $0 & 0o7777 } == attributes.permissions),
                (
                    "owner",
                    entry.userID == attributes.userID && entry.groupID == attributes.groupID
                ),
            ]
        }
        switch node.content {
        case .file(let file): facts.append(("size", entry.size == file.byteCount))
        case .link(let target):
            facts.append(("target", TreeProof.isSame(entry.target, target)))
        case .directory, .special: break
        }
        if let wrong = facts.first(where: { !$0.isEqual }) {
            throw ImageDifference("the \(wrong.what) of \(FileName.shown(path)) is another one")
        }
    }

    /// Compares a file's bytes, packed ones unpacked, with those in the old image.
    private func compareBytes(
        _ entry: FileEntry,
        _ old: FileEntry,
        _ source: any SectorSource,
        _ path: String,
        _ cancellation: Cancellation
    ) throws {
        let (new, before) = (
            try FileContents(source, entry), try FileContents(image.keptFiles, old)
        )
        let size = max(1, min(Self.pieceSize, before.count))
        var (read, wanted) = (
            [UInt8](repeating: 0, count: size), [UInt8](repeating: 0, count: size)
        )
        var place = 0
        while place < before.count, !cancellation.isRequested {
            var target = wanted.mutableSpan
            let count = try before.read(at: place, into: &target)
            var got = 0
            while got < count {
                var span = read.mutableSpan
                var rest = span._mutatingExtracting(got..<count)
                let more = try new.read(at: place + got, into: &rest)
                guard more > 0 else { break }
                got += more
            }
            guard count > 0, got == count, read[..<count] == wanted[..<count] else {
                throw ImageDifference("the content of \(FileName.shown(path)) is another one")
            }
            place += count
        }
        guard new.count == before.count else {
            throw ImageDifference("the content of \(FileName.shown(path)) is another one")
        }
    }

    // MARK: Beside the tree

    /// Looks whether all that a tree has lies within the volume and the image.
    private func compareEnd(
        _ kind: FileTreeKind,
        _ trees: DiscTrees,
        _ source: any SectorSource
    ) throws {
        guard let tree = trees.tree(kind), let end = trees.volumeEnd(of: kind) else { return }
        let imageEnd = (source.sectorCount ?? 0) * 2048
        func check(_ extents: [FileExtent], _ name: String) throws {
            for (end, what) in [(imageEnd, "image"), (end, "volume")]
            where !extents.allSatisfy({ $0.ends(by: end) }) {
                throw ImageDifference(
                    "in its \(kind.displayName) tree, \(name) lies past the \(what)'s end"
                )
            }
        }
        try check(tree.root.extents, "the root directory")
        var walk = FileWalk(tree)
        while let visit = try walk.next() {
            try check(visit.entry.extents + visit.entry.resourceForkExtents, visit.shownPath)
        }
    }

    /// Compares another tree: it has the files that it had, as far as they are still there, and those that
    /// were added, each under the name that it is to have.
    private func compare(
        _ kind: FileTreeKind,
        _ trees: DiscTrees,
        _ main: any FileTree,
        _ oldMain: any FileTree,
        _ places: Set<Int>
    ) throws {
        guard let tree = trees.tree(kind), let old = image.trees.tree(kind) else { return }
        let other = TreePair(try targetsBefore(old), try Self.targets(tree))
        let listed = TreePair(try targetsBefore(oldMain), try Self.targets(main))
        let name = kind.displayName
        let planned = image.targets(in: kind)
        if let planned, planned != other.new {
            throw ImageDifference("its \(name) tree has other names")
        }
        let (before, found) = (Self.places(other.old), Self.places(other.new))
        let mainBefore = Self.places(listed.old)
        for place in found where !places.contains(place) {
            guard before.contains(place), !mainBefore.contains(place) else {
                throw ImageDifference("its \(name) tree has other files")
            }
        }
        let wanted = before.intersection(places)
            .union(image.editor.isWhole(kind) ? image.addedPlaces : [])
        guard wanted.isSubset(of: found) else {
            throw ImageDifference("its \(name) tree lacks files")
        }
        // A tree of its own, and not other names in the same directories.
        if planned != nil, let path = listed.wrongName(in: other) {
            throw ImageDifference(
                "its \(name) tree has lost another name than \(FileName.shown(path))"
            )
        }
    }

    private static func places(_ targets: TreePair.Targets) -> Set<Int> {
        Set(targets.values.compactMap(\.offset))
    }

    /// What the paths of the old image led to, where those bytes are now.
    private func targetsBefore(_ tree: any FileTree) throws -> TreePair.Targets {
        try Self.targets(tree).mapValues { target in
            var target = target
            target.offset = target.offset.map { image.movedBytes[$0] ?? $0 }
            return target
        }
    }

    private static func targets(_ tree: any FileTree) throws -> TreePair.Targets {
        var found: TreePair.Targets = [:]
        var walk = FileWalk(tree)
        while let visit = try walk.next() {
            let entry = visit.entry
            found[ExactName(visit.path)] = EditedTree.Target(
                isDirectory: entry.kind == .directory,
                offset: entry.kind == .file ? EditedTree.offset(entry.extents) : nil
            )
        }
        if walk.isIncomplete {
            let problem = walk.problems.first { $0.loss == .entries }
            throw ImageDifference(problem?.description ?? "its tree can't be read to the end")
        }
        return found
    }

    /// Compares each sector that must be what it was, whatever is in it.
    private func compareSectors(_ source: any SectorSource, _ cancellation: Cancellation) throws {
        let size = Self.pieceSize / 2048
        for range in image.unchanged.ranges {
            for start in stride(from: range.lowerBound, to: range.upperBound, by: size) {
                guard !cancellation.isRequested else { return }
                let count = min(size, range.upperBound - start)
                let before = try Self.read(image.disc.source, start, count)
                let found = try Self.read(source, start, count)
                guard before == found else {
                    let differs = (0..<count).first { index in
                        let bytes = index * 2048..<(index + 1) * 2048
                        return before[bytes] != found[bytes]
                    }
                    throw ImageDifference(
                        "sector \(start + (differs ?? 0)) has other bytes, and nothing was to change there"
                    )
                }
            }
        }
    }

    private static func read(_ source: any SectorSource, _ start: Int, _ count: Int) throws
        -> [UInt8]
    {
        let (bytes, found) = try source.whole(start..<start + count)
        guard found == count else { throw ImageDifference("sector \(start + found) is missing") }
        return bytes
    }

    /// Compares the volume's names, and what computers boot from.
    private func compareVolume(_ content: DiscContent) throws {
        let old = image.trees.content
        guard content.volumeIdentifier == old.volumeIdentifier else {
            throw ImageDifference("its volume is named “\(content.volumeIdentifier ?? "")”")
        }
        let catalog = content.iso9660?.bootCatalog
        guard catalog == bootCatalog(old, found: catalog) else {
            throw ImageDifference("it boots in another way")
        }
        let guid = (content.guidPartitionTable, old.guidPartitionTable)
        guard guid.0?.identifier == guid.1?.identifier,
            guid.0?.hasAlternate ?? true || guid.1?.hasAlternate == false
        else { throw ImageDifference("its GPT is another one") }
        // The volume's own partitions have grown with it; all others have the size that they had.
        let (found, before) = (ListedPartition.all(content), ListedPartition.all(old))
        guard found.count == before.count else {
            throw ImageDifference("its tables have other partitions")
        }
        for (now, then) in zip(found, before) {
            let start = image.move?.place(ofByte: then.start) ?? then.start
            guard (now.table, now.number) == (then.table, then.number), now.type == then.type,
                now.identifier == then.identifier, now.start == start,
                then.holdsVolume ? now.holdsVolume : now.end - start == then.end - then.start
            else { throw ImageDifference("\(then.name) is another one") }
        }
    }

    /// The boot catalogue as it is to be.
    ///
    /// A program in which a number changed has another sum: where the table's was right before, it has to be right
    /// again.
    private func bootCatalog(
        _ old: DiscContent,
        found: DiscFiles.BootCatalog?
    ) -> DiscFiles.BootCatalog? {
        var catalog = old.iso9660?.bootCatalog
        guard let move = image.move, let entries = catalog?.entries else { return catalog }
        catalog?.entries = entries.enumerated().map { index, entry in
            var entry = entry
            entry.start = move.place(of: entry.start)
            entry.informationTable?.start = entry.start
            if let found, index < found.entries.count,
                let table = found.entries[index].informationTable, table.isChecksumRight == true,
                entry.informationTable?.isChecksumRight == true
            {
                entry.informationTable?.checksum = table.checksum
            }
            return entry
        }
        return catalog
    }
}
