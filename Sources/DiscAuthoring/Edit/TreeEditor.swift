import DiscFiles
import LibISOFS
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// Applies changes to the trees of an image, all of them alike.
///
/// Paths are those of the first tree, which is the one that `spindle list` shows. The same file has other
/// names in the other trees: it is found there by its name, or else by the place of its bytes.
final class TreeEditor {
    typealias Entry = EditedTree.Entry
    typealias Directory = EditedTree.Directory

    /// A directory in all trees; `nil` where a tree hasn't it.
    private struct Place {
        var main: Directory
        var others: [Directory?]
        /// Its path, with a slash at the end unless it is the root.
        var path: String
    }

    let main: EditedTree
    let others: [EditedTree]
    private let changes: TreeChanges
    private let output: FilePath?
    private let time: Int
    /// Gives sectors for attributes that records have no room for.
    private let nextSector: () -> Int
    /// Where what a computer boots from begins, as bytes.
    private let bootStarts: Set<Int>

    /// What was done to the first tree, with whole paths.
    enum Step {
        case added(String, SourceNode)
        case removed(String, isDirectory: Bool)
        case moved(String, to: String, isDirectory: Bool)
        case described(String, ISOAttributes)
    }

    /// The files that were added and are still there, in the order of the tree.
    private(set) var files: [SourceFile] = []
    /// What was done, in this order.
    private(set) var steps: [Step] = []
    /// Trees in which something that was added has no directory to go into.
    private var partial: Set<FileTreeKind> = []
    /// What can't be read and was left out.
    private(set) var unreadable: [(path: String, reason: String)] = []
    /// What the tree for Windows has in another form, or hasn't.
    private(set) var changedInJoliet: [String] = []
    /// Links and devices, which only Rock Ridge keeps, where there is none.
    private(set) var unkept: [String] = []
    /// What a person should know: a sentence each.
    private(set) var notes: [String] = []
    /// What goes wrong with the files later.
    private(set) var sources: [SourceTree] = []
    /// How many entries were added, removed, moved and given other attributes.
    private(set) var counts = (added: 0, removed: 0, moved: 0, described: 0)
    private var serial: UInt32 = 0x4000_0000
    private var serials: [ObjectIdentifier: UInt32] = [:]

    init(
        _ main: EditedTree,
        _ others: [EditedTree],
        _ changes: TreeChanges,
        output: FilePath?,
        time: Int,
        bootStarts: Set<Int>,
        nextSector: @escaping () -> Int
    ) {
        self.main = main
        self.others = others
        self.changes = changes
        self.output = output
        self.time = time
        self.bootStarts = bootStarts
        self.nextSector = nextSector
        main.root.counterparts = others.map(\.root)
    }

    /// Makes all changes.
    ///
    /// - Throws: ``Reports/Failure`` if one can't be made.
    func apply(_ cancellation: Cancellation) throws(Failure) {
        for change in changes.list {
            guard !cancellation.isRequested else { throw .stoppedAuthoring }
            switch change {
            case .add(let path, let place): try add(path, at: place, cancellation)
            case .makeDirectory(let path): try makeDirectory(path)
            case .remove(let path): try remove(path)
            case .move(let path, let target): try move(path, to: target)
            case .setAttributes(let path, let model): try setAttributes(path, of: model)
            }
        }
        var known: Set<ObjectIdentifier> = []
        main.forEachEntry { entry in
            guard let file = entry.file, known.insert(ObjectIdentifier(file)).inserted else {
                return
            }
            files.append(file)
        }
    }

    /// Whether a tree has all that was added.
    func isWhole(_ kind: FileTreeKind) -> Bool { !partial.contains(kind) }

    // MARK: Paths

    private static func names(_ path: String) throws(Failure) -> [String] {
        var names: [String] = []
        for name in path.utf8.split(separator: 0x2F) {
            let name = String(decoding: name, as: UTF8.self)
            if name == "." { continue }
            guard name != "..", !name.utf8.contains(0) else {
                throw Failure(
                    .usage,
                    "“\(FileName.shown(path))” is no path in an image.",
                    meaning: "Nothing was written.",
                    advice: "Write paths as “spindle list” does."
                )
            }
            names.append(name)
        }
        return names
    }

    private var root: Place { Place(main: main.root, others: main.root.counterparts, path: "") }

    private func missing(_ path: String) -> Failure {
        Failure(
            .source,
            .noSource,
            "There is no “\(FileName.shown(path))” in the image.",
            meaning: "Nothing was written.",
            advice: "“spindle list” shows what is there."
        )
    }

    private func noDirectory(_ path: String) -> Failure {
        Failure(
            .source,
            "“\(FileName.shown(path))” in the image is not a directory.",
            meaning: "Nothing was written.",
            advice: "Choose another place, or remove it first."
        )
    }

    /// The directory of a name in another one.
    private func child(_ name: String, of place: Place) throws(Failure) -> Place? {
        pair(place.main)
        guard let entry = place.main.entry(named: name) else { return nil }
        let path = place.path + name
        guard entry.kind == .directory, let directory = entry.directory else {
            throw noDirectory(path)
        }
        for (index, counterpart) in entry.counterparts.enumerated() {
            try checkPaired(entry, counterpart, in: place, index)
        }
        directory.counterparts = entry.counterparts.map { $0?.directory }
        return Place(main: directory, others: directory.counterparts, path: path + "/")
    }

    /// The directory at a path.
    private func place(_ names: [String]) throws(Failure) -> Place {
        var place = root
        for name in names {
            guard let next = try child(name, of: place) else { throw missing(place.path + name) }
            place = next
        }
        return place
    }

    /// The entry at a path, and the directory that it is in.
    private func entry(_ path: String) throws(Failure) -> (Entry, Place) {
        let names = try Self.names(path)
        guard let last = names.last else {
            throw Failure(
                .usage,
                "The root directory of an image can't be moved or removed.",
                meaning: "Nothing was written.",
                advice: "Name what is in it."
            )
        }
        let place = try place(Array(names.dropLast()))
        pair(place.main)
        guard let entry = place.main.entry(named: last) else { throw missing(place.path + last) }
        for (index, counterpart) in entry.counterparts.enumerated() {
            try checkPaired(entry, counterpart, in: place, index)
        }
        return (entry, place)
    }

    /// Refuses what another tree has under a name that doesn't show which it is.
    private func checkPaired(_ entry: Entry, _ counterpart: Entry?, in place: Place, _ index: Int)
        throws(Failure)
    {
        guard counterpart == nil, let other = place.others[index] else { return }
        let left = place.main.unpaired[index]
        let isUnclear = left.contains { candidate in
            other.entries.contains { $0 === candidate }
                && (entry.kind == .directory) == (candidate.kind == .directory)
                && (entry.kind == .directory || entry.byteCount == candidate.byteCount)
        }
        guard isUnclear else { return }
        throw Failure(
            .source,
            .loss,
            "“\(FileName.shown(place.path + entry.name))” has another name in the image's \(others[index].kind.displayName) tree, and it can't be told which.",
            meaning: "Nothing was written.",
            advice: "Extract the files and make a new image of them with “spindle create”."
        )
    }

    // MARK: Pairs

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
    private func pair(_ directory: Directory) {
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

    // MARK: Adding

    private func add(_ path: FilePath, at place: String, _ cancellation: Cancellation)
        throws(Failure)
    {
        _ = try Self.names(place)
        var input = AuthoringInput()
        input.grafts = [AuthoringInput.Graft(place: place, path: path)]
        input.excluded = changes.excluded
        input.followsLinks = changes.followsLinks
        input.output = output
        let source = try SourceTree(input, time: time, cancellation)
        sources.append(source)
        unreadable += source.unreadable
        notes += source.notes
        var pending = [(node: source.root, place: root)]
        while let (node, place) = pending.popLast() {
            for child in node.children {
                if let inside = try add(child, to: place) { pending.append((child, inside)) }
            }
        }
    }

    /// Adds a node without what is in it.
    ///
    /// - Returns: The directory that it is.
    private func add(_ node: SourceNode, to place: Place) throws(Failure) -> Place? {
        pair(place.main)
        let name = main.shownName(node.name, isDirectory: node.isDirectory)
        let path = place.path + name
        if node.isDirectory {
            if let there = try child(name, of: place) { return there }
            return try makeDirectory(node.name, node.attributes, in: place)
        }
        if let old = place.main.entry(named: name) {
            guard old.kind != .directory else {
                throw Failure(
                    .source,
                    .outputExists,
                    "“\(FileName.shown(path))” in the image is a directory, and can't become a file.",
                    meaning: "Nothing was written.",
                    advice: "Choose another place, or remove it first."
                )
            }
            try replace(old, in: place)
        }
        if !main.hasRockRidge {
            switch node.content {
            case .link, .special:
                unkept.append(path)
                return nil
            case .file, .directory: break
            }
        }
        try insert(node, in: place, path)
        counts.added += 1
        return nil
    }

    /// Takes an entry away whose place another one gets.
    private func replace(_ old: Entry, in place: Place) throws(Failure) {
        let path = place.path + old.name
        guard changes.replacesFiles else {
            throw Failure(
                .source,
                .outputExists,
                "“\(FileName.shown(path))” is in the image already.",
                meaning: "Nothing was written.",
                advice: "Replace it with --replace, or choose another place."
            )
        }
        notes.append("“\(FileName.shown(path))” is replaced.")
        try take(old, from: place, isReplaced: true)
    }

    private func makeDirectory(_ path: String) throws(Failure) {
        var place = root
        for name in try Self.names(path) {
            if let next = try child(name, of: place) {
                place = next
            } else {
                let made = ISOAttributes(permissions: 0o755, time: time)
                place = try makeDirectory(Array(name.utf8), made, in: place)
            }
        }
    }

    private func makeDirectory(_ name: [UInt8], _ attributes: ISOAttributes, in place: Place)
        throws(Failure) -> Place
    {
        let node = SourceNode(name, attributes, .directory([]))
        let path = place.path + main.shownName(name, isDirectory: true)
        let entry = try insert(node, in: place, path)
        counts.added += 1
        guard let directory = entry.directory else { throw missing(path) }
        directory.isPaired = true
        directory.counterparts = entry.counterparts.map { $0?.directory }
        directory.unpaired = others.map { _ in [] }
        return Place(main: directory, others: directory.counterparts, path: path + "/")
    }

    /// Makes the records of a node in all trees.
    @discardableResult
    private func insert(_ node: SourceNode, in place: Place, _ path: String) throws(Failure)
        -> Entry
    {
        let entry = try made(node, main, in: place.main, path)
        steps.append(.added(place.path + entry.name, node))
        entry.counterparts = others.map { _ in nil }
        main.insert(entry, into: place.main)
        for (index, tree) in others.enumerated() {
            guard let directory = place.others[index] else {
                partial.insert(tree.kind)
                continue
            }
            switch node.content {
            case .link, .special:
                if tree.kind == .joliet || !tree.hasRockRidge { continue }
            case .file, .directory: break
            }
            let counterpart = try made(node, tree, in: directory, path)
            tree.insert(counterpart, into: directory)
            entry.counterparts[index] = counterpart
        }
        if others.contains(where: { $0.kind == .joliet }) || main.kind == .joliet {
            switch node.content {
            case .link, .special: break
            case .file, .directory:
                if !JolietName.keeps(node.name, limit: 64) { changedInJoliet.append(path) }
            }
        }
        return entry
    }

    /// An entry for a node in one of the trees.
    private func made(
        _ node: SourceNode,
        _ tree: EditedTree,
        in directory: Directory,
        _ path: String
    ) throws(Failure) -> Entry {
        guard node.name.count <= 255 else { throw missing(path) }
        let isDirectory = node.isDirectory
        let identifier = tree.identifier(node.name, isDirectory: isDirectory, in: directory)
        var maker = RecordMaker(
            identifier: identifier,
            flags: isDirectory ? 2 : 0,
            date: SystemUse.date(node.attributes.modified)
        )
        if tree.hasRockRidge {
            maker.prefix = SystemUse.prefix(
                tree.reader.skippedBytes,
                isDirectory: isDirectory,
                node.attributes
            )
            maker.entries = rights(of: node, tree) + SystemUse.name(node.name)
            switch node.content {
            case .link(let target): maker.entries += SystemUse.target(target)
            case .special(let kind, let device)
            where kind == .blockDevice || kind == .characterDevice:
                maker.entries.append(SystemUse.device(device))
            default: break
            }
        }
        let sections: [Int] =
            if case .file(let file) = node.content { Self.sections(file.byteCount) } else { [0] }
        var records: [[UInt8]] = []
        for (index, size) in sections.enumerated() {
            if !isDirectory { maker.flags = index + 1 < sections.count ? 0x80 : 0 }
            var record = maker.record(&tree.areas, nextSector)
            RecordFields.put(size, at: 10, in: &record)
            records.append(record)
        }
        let shown = tree.hasRockRidge ? SourceNode.text(node.name) : Self.shown(identifier, tree)
        let entry = Entry(records, name: shown, kind: node.kind)
        if case .file(let file) = node.content { entry.file = file }
        if isDirectory { entry.directory = madeDirectory(node, tree, in: directory) }
        return entry
    }

    private static func shown(_ identifier: [UInt8], _ tree: EditedTree) -> String {
        var text: String
        if tree.kind == .joliet {
            let units = stride(from: 0, to: identifier.count - 1, by: 2).map {
                UInt16(identifier[$0]) << 8 | UInt16(identifier[$0 + 1])
            }
            text = String(decoding: units, as: UTF16.self)
        } else {
            text = SourceNode.text(identifier)
        }
        if tree.kind == .iso1999 { return text }
        if text.hasSuffix(";1") { text.removeLast(2) }
        if text.hasSuffix("."), text.utf8.count > 1 { text.removeLast() }
        return text
    }

    /// The largest section of a file: a whole number of sectors that 32 bits can count.
    private static let longestSection = 0xFFFF_F800

    private static func sections(_ size: Int) -> [Int] {
        guard size > longestSection else { return [size] }
        let whole = [Int](repeating: longestSection, count: size / longestSection)
        let rest = size % longestSection
        return rest > 0 ? whole + [rest] : whole
    }

    private func madeDirectory(_ node: SourceNode, _ tree: EditedTree, in parent: Directory)
        -> Directory
    {
        var maker = RecordMaker(
            identifier: [0],
            flags: 2,
            date: SystemUse.date(node.attributes.modified)
        )
        if tree.hasRockRidge {
            maker.prefix = SystemUse.prefix(
                tree.reader.skippedBytes,
                isDirectory: true,
                node.attributes
            )
            maker.entries = rights(of: node, tree)
        }
        let own = maker.record(&tree.areas, nextSector)
        maker.identifier = [1]
        if tree.hasRockRidge {
            let kept = ((try? tree.reader.systemUse(of: parent.own)) ?? []).filter {
                $0.starts(with: Array("PX".utf8)) || $0.starts(with: Array("TF".utf8))
            }
            if kept.count == 2 { maker.entries = kept }
        }
        let made = Directory(
            own: own,
            above: maker.record(&tree.areas, nextSector),
            before: nil
        )
        made.isChanged = true
        made.directoriesBefore = 0
        return made
    }

    /// What Rock Ridge says of a node's rights and times.
    private func rights(of node: SourceNode, _ tree: EditedTree) -> [[UInt8]] {
        var number: UInt32?
        if tree.reader.rightsLength == 44 {
            if case .file(let file) = node.content, let known = serials[ObjectIdentifier(file)] {
                number = known
            } else {
                serial &+= 1
                number = serial
                if case .file(let file) = node.content { serials[ObjectIdentifier(file)] = serial }
            }
        }
        return [
            SystemUse.rights(
                mode: node.type | node.attributes.permissions & 0o7777,
                node.attributes,
                links: node.isDirectory ? 2 : 1,
                serial: number
            ),
            SystemUse.times(node.attributes),
        ]
    }

    // MARK: Removing and moving

    private func remove(_ path: String) throws(Failure) {
        let (entry, place) = try entry(path)
        try take(entry, from: place, isReplaced: false)
        counts.removed += 1
    }

    /// Takes an entry out of all trees.
    private func take(_ entry: Entry, from place: Place, isReplaced: Bool) throws(Failure) {
        let path = place.path + entry.name
        var pending = [entry]
        while let next = pending.popLast() {
            pending += next.directory?.shown ?? []
            guard let start = next.extents.first?.offset, bootStarts.contains(start) else {
                continue
            }
            throw Failure(
                .source,
                .loss,
                "Computers boot from “\(FileName.shown(next === entry ? path : next.name))”, which would be \(isReplaced ? "replaced" : "removed").",
                meaning: "Nothing was written.",
                advice: "Leave it where it is, or make a new image with “spindle create --boot”."
            )
        }
        main.remove(entry, from: place.main)
        steps.append(.removed(path, isDirectory: entry.kind == .directory))
        for (index, counterpart) in entry.counterparts.enumerated() {
            guard let counterpart, let directory = place.others[index] else { continue }
            others[index].remove(counterpart, from: directory)
        }
    }

    private func move(_ path: String, to target: String) throws(Failure) {
        let (entry, place) = try entry(path)
        let from = place.path + entry.name
        guard entry.relocated == nil else {
            throw Failure(
                .source,
                "“\(FileName.shown(path))” lies so deep that Rock Ridge has put it elsewhere, and it can't be moved.",
                meaning: "Nothing was written.",
                advice: "Move what is in it, or make a new image."
            )
        }
        var names = try Self.names(target)
        var isInside = names.isEmpty || target.hasSuffix("/")
        if !isInside, let last = names.last {
            let above = try self.place(Array(names.dropLast()))
            let there = above.main.entry(named: last)
            isInside = there.map { $0 !== entry && $0.kind == .directory } ?? false
        }
        if isInside { names.append(entry.name) }
        guard let name = names.last else { return }
        let goal = try self.place(Array(names.dropLast()))
        var above: Directory? = goal.main
        while let next = above {
            guard next !== entry.directory else {
                throw Failure(
                    .usage,
                    "“\(FileName.shown(path))” can't be moved into itself.",
                    meaning: "Nothing was written.",
                    advice: "Choose another place."
                )
            }
            above = next.shownParent ?? next.parent
        }
        pair(goal.main)
        let shown = main.shownName(Array(name.utf8), isDirectory: entry.kind == .directory)
        if let old = goal.main.entry(named: shown) {
            guard old !== entry else { return }
            guard old.kind != .directory, entry.kind != .directory else {
                throw Failure(
                    .source,
                    .outputExists,
                    "“\(FileName.shown(goal.path + shown))” is in the image already.",
                    meaning: "Nothing was written.",
                    advice: "Choose another place, or remove it first."
                )
            }
            try replace(old, in: goal)
        }
        let isRenamed = !entry.name.utf8.elementsEqual(name.utf8)
        main.take(entry, from: place.main)
        try rename(entry, isRenamed ? name : nil, main, in: goal.main)
        main.insert(entry, into: goal.main)
        for (index, counterpart) in entry.counterparts.enumerated() {
            guard let counterpart, let old = place.others[index] else { continue }
            others[index].take(counterpart, from: old)
            guard let directory = goal.others[index] else {
                entry.counterparts[index] = nil
                continue
            }
            try rename(counterpart, isRenamed ? name : nil, others[index], in: directory)
            others[index].insert(counterpart, into: directory)
        }
        steps.append(
            .moved(from, to: goal.path + entry.name, isDirectory: entry.kind == .directory)
        )
        counts.moved += 1
    }

    // MARK: Attributes

    private func setAttributes(_ path: String, of model: FilePath) throws(Failure) {
        let details: FileDetails
        do {
            details = try FileDetails(model, followsLinks: false)
        } catch {
            throw Failure(
                .source,
                Failure.Reason(ofSource: error),
                "\(model) can't be read: \(error.reason).",
                meaning: "Nothing was written.",
                advice: "See that it is there and that you may read it."
            )
        }
        guard main.hasRockRidge else {
            unkept.append(path)
            return
        }
        let attributes = ISOAttributes(details)
        if try Self.names(path).isEmpty {
            main.root.own = try described(main.root.own, attributes)
            main.root.isChanged = true
            steps.append(.described("", attributes))
        } else {
            let (entry, place) = try entry(path)
            for index in entry.records.indices {
                entry.records[index] = try described(entry.records[index], attributes)
            }
            place.main.isChanged = true
            if let directory = entry.directory {
                directory.own = try described(directory.own, attributes)
                directory.isChanged = true
            }
            steps.append(.described(place.path + entry.name, attributes))
        }
        counts.described += 1
    }

    /// A record with other attributes.
    private func described(_ record: [UInt8], _ attributes: ISOAttributes) throws(Failure)
        -> [UInt8]
    {
        let use: [[UInt8]]
        do {
            use = try main.reader.systemUse(of: record)
        } catch {
            throw Failure(
                .source,
                "The attributes of a file in the image can't be read: \(error)",
                meaning: "Nothing was written.",
                advice: "The image may be damaged: “spindle list” says more."
            )
        }
        var entries: [[UInt8]] = []
        for entry in use {
            if entry.starts(with: Array("PX".utf8)), entry.count >= 36 {
                var rights = entry
                let mode = RecordFields.number(at: 4, in: entry)
                RecordFields.put(
                    mode & ~0o7777 | Int(attributes.permissions & 0o7777),
                    at: 4,
                    in: &rights
                )
                RecordFields.put(Int(attributes.userID), at: 20, in: &rights)
                RecordFields.put(Int(attributes.groupID), at: 28, in: &rights)
                entries.append(rights)
            } else if !entry.starts(with: Array("TF".utf8)) {
                entries.append(entry)
            }
        }
        entries.append(SystemUse.times(attributes))
        let start = RecordFields.systemUseStart(of: record)
        let isFirst = record[start...].starts(with: Array("SP".utf8))
        let skipped = isFirst ? 0 : min(main.reader.skippedBytes, record.count - start)
        var maker = RecordMaker(
            identifier: RecordFields.identifier(of: record),
            flags: record[25],
            date: SystemUse.date(attributes.modified)
        )
        maker.prefix = Array(record[start..<start + skipped])
        maker.entries = entries
        var made = maker.record(&main.areas, nextSector)
        made.replaceSubrange(1..<18, with: record[1..<18])
        made.replaceSubrange(26..<32, with: record[26..<32])
        return made
    }

    /// Gives an entry's records another name, or an identifier that is free where it goes.
    private func rename(
        _ entry: Entry,
        _ name: String?,
        _ tree: EditedTree,
        in directory: Directory
    ) throws(Failure) {
        let isTaken = directory.entries.contains { $0.identifier == entry.identifier }
        guard name != nil || isTaken else { return }
        let wanted = Array((name ?? entry.name).utf8)
        let identifier = tree.identifier(
            wanted,
            isDirectory: entry.kind == .directory,
            in: directory
        )
        let isRockRidge = tree.hasRockRidge
        for (index, record) in entry.records.enumerated() {
            var maker = RecordMaker(
                identifier: identifier,
                flags: record[25],
                date: Array(record[18..<25])
            )
            let use = RecordFields.systemUseStart(of: record)
            if isRockRidge {
                let skipped = min(tree.reader.skippedBytes, record.count - use)
                maker.prefix = Array(record[use..<use + skipped])
                do {
                    maker.entries = try tree.reader.systemUse(of: record).filter {
                        !$0.starts(with: Array("NM".utf8))
                    }
                } catch {
                    throw Failure(
                        .source,
                        "The attributes of “\(FileName.shown(entry.name))” can't be read: \(error)",
                        meaning: "Nothing was written.",
                        advice: "The image may be damaged: “spindle list” says more."
                    )
                }
                maker.entries += SystemUse.name(wanted)
            } else {
                let rest = record[use...]
                let room = 254 - 33 - identifier.count - (identifier.count + 1) % 2
                maker.prefix = Array(rest.prefix(max(0, room)))
            }
            var made = maker.record(&tree.areas, nextSector)
            made.replaceSubrange(1..<18, with: record[1..<18])
            made.replaceSubrange(26..<32, with: record[26..<32])
            entry.records[index] = made
        }
        if let name { entry.name = isRockRidge ? name : Self.shown(identifier, tree) }
    }
}

extension SourceNode {
    /// What an entry of it is.
    var kind: FileKind {
        switch content {
        case .directory: .directory
        case .file: .file
        case .link: .symlink
        case .special(let kind, _): kind.ofEntry
        }
    }

    /// The bits of a mode that say what it is (`S_IFMT`).
    var type: UInt32 {
        switch content {
        case .directory: 0o040000
        case .file: 0o100000
        case .link: 0o120000
        case .special(let kind, _): kind.type
        }
    }
}
