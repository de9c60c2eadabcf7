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
    struct Place {
        var main: Directory
        var others: [Directory?]
        /// Its path, with a slash at the end unless it is the root.
        var path: String
    }

    let main: EditedTree
    let others: [EditedTree]
    let changes: TreeChanges
    let output: FilePath?
    let time: Int
    /// What computers boot from.
    let boots: BootedSectors

    /// What was done to the first tree, with whole paths.
    enum Step {
        /// A further change of those that were asked for.
        case begun
        case added(String, SourceNode)
        case removed(String, isDirectory: Bool)
        case moved(String, to: String, isDirectory: Bool)
        case described(String, ISOAttributes)
    }

    /// The files that were added and are still there, in the order of the tree.
    var files: [SourceFile] = []
    /// What was done, in this order.
    var steps: [Step] = []
    /// What has no directory to go into in another tree.
    var absent: [(kind: FileTreeKind, path: String)] = []
    /// Links that lead further than other programs read.
    private(set) var longLinks: [String] = []
    /// What was added with times that records can't hold.
    private(set) var otherTimes: [String] = []
    /// What can't be read and was left out.
    var unreadable: [(path: String, reason: String, code: Failure.Reason)] = []
    /// What the tree for Windows has in another form, or hasn't.
    var changedInJoliet: [String] = []
    /// Links and devices, which only Rock Ridge keeps, where there is none.
    var unkept: [String] = []
    /// What a person should know: a sentence each.
    var notes: [String] = []
    /// What goes wrong with the files later.
    var sources: [SourceTree] = []
    /// How many entries were added, removed, moved and given other attributes.
    var counts = (added: 0, removed: 0, moved: 0, described: 0)
    /// The number that was given to a file last; `nil` before the first one.
    private var lastSerial: UInt32?
    /// The numbers of files that were added.
    private var serials: [ObjectIdentifier: UInt32] = [:]

    init(
        _ main: EditedTree,
        _ others: [EditedTree],
        _ changes: TreeChanges,
        output: FilePath?,
        time: Int,
        boots: BootedSectors
    ) {
        self.main = main
        self.others = others
        self.changes = changes
        self.output = output
        self.time = time
        self.boots = boots
        main.root.counterparts = others.map(\.root)
    }

    /// Makes all changes.
    ///
    /// - Throws: ``Reports/Failure`` if one can't be made.
    func apply(_ cancellation: Cancellation) throws(Failure) {
        for change in changes.list {
            guard !cancellation.isRequested else { throw .stoppedAuthoring }
            steps.append(.begun)
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

    /// Whether something that was there is removed or replaced.
    var removesFiles: Bool {
        steps.contains { step in
            if case .removed = step { true } else { false }
        }
    }

    /// Whether a tree has all that was added.
    func isWhole(_ kind: FileTreeKind) -> Bool { !absent.contains { $0.kind == kind } }

    // MARK: Paths

    static func names(_ path: String) throws(Failure) -> [String] {
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

    var root: Place { Place(main: main.root, others: main.root.counterparts, path: "") }

    func missing(_ path: String) -> Failure {
        Failure(
            .source,
            .noSource,
            "There is no “\(FileName.shown(path))” in the image.",
            meaning: "Nothing was written.",
            advice: "“spindle list” shows what is there."
        )
    }

    func noDirectory(_ path: String) -> Failure {
        Failure(
            .source,
            "“\(FileName.shown(path))” in the image is not a directory.",
            meaning: "Nothing was written.",
            advice: "Choose another place, or remove it first."
        )
    }

    /// The directory of a name in another one.
    func child(_ name: String, of place: Place) throws(Failure) -> Place? {
        pair(place.main)
        guard let entry = place.main.entry(named: name) else { return nil }
        return try inside(entry, of: place)
    }

    /// What is in an entry, which must be a directory.
    private func inside(_ entry: Entry, of place: Place) throws(Failure) -> Place {
        let path = place.path + entry.name
        guard entry.kind == .directory, let directory = entry.directory else {
            throw noDirectory(path)
        }
        try checkPaired(entry, in: place)
        directory.counterparts = entry.counterparts.map { $0?.directory }
        return Place(main: directory, others: directory.counterparts, path: path + "/")
    }

    /// The directory at a path.
    func place(_ names: [String]) throws(Failure) -> Place {
        var place = root
        for name in names {
            guard let next = try child(name, of: place) else { throw missing(place.path + name) }
            place = next
        }
        return place
    }

    /// The entry at a path, and the directory that it is in.
    func entry(_ path: String) throws(Failure) -> (Entry, Place) {
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
        try checkPaired(entry, in: place)
        return (entry, place)
    }

    private func checkPaired(_ entry: Entry, in place: Place) throws(Failure) {
        for (index, counterpart) in entry.counterparts.enumerated() {
            try checkPaired(entry, counterpart, in: place, index)
        }
    }

    /// Refuses what another tree has under a name that doesn't show which it is.
    func checkPaired(_ entry: Entry, _ counterpart: Entry?, in place: Place, _ index: Int)
        throws(Failure)
    {
        guard counterpart == nil, let other = place.others[index] else { return }
        let left = place.main.unpaired[index]
        let isUnclear = left.contains { candidate in
            other.holds(candidate)
                && (entry.kind == .directory) == (candidate.kind == .directory)
                && (entry.kind == .directory || entry.byteCount == candidate.byteCount)
        }
        guard isUnclear else { return }
        throw Failure(
            .source,
            .loss,
            "“\(FileName.shown(place.path + entry.name))” has another name in the image's \(others[index].kind.displayName) tree, and it is not known which.",
            meaning: "Nothing was written.",
            advice: "Extract the files and make a new image of them with “spindle create”."
        )
    }

    // MARK: Adding

    func add(_ path: FilePath, at place: String, _ cancellation: Cancellation)
        throws(Failure)
    {
        var way = try Self.names(place)[...]
        var input = AuthoringInput()
        input.grafts = [AuthoringInput.Graft(place: place, path: path)]
        input.excluded = changes.excluded
        input.followsLinks = changes.followsLinks
        input.output = output
        let source = try SourceTree(input, time: time, cancellation)
        sources.append(source)
        unreadable += source.unreadable
        notes += source.notes
        // Paths in the image are as they are listed: a name that is not UTF-8 there is named as Latin-1.
        var (node, here) = (source.root, root)
        while let name = way.popFirst(), let next = node.children.first, next.isDirectory,
            let inside = try child(name, of: here)
        {
            (node, here) = (next, inside)
        }
        var pending = [(node: node, place: here)]
        while let (node, place) = pending.popLast() {
            for child in node.children {
                if let inside = try add(child, to: place) { pending.append((child, inside)) }
            }
        }
    }

    /// Adds a node without what is in it.
    ///
    /// - Returns: The directory that it is.
    func add(_ node: SourceNode, to place: Place) throws(Failure) -> Place? {
        pair(place.main)
        let name = main.shownName(node.name, isDirectory: node.isDirectory)
        let path = place.path + name
        let old = place.main.occupant(node.name, shown: name)
        if node.isDirectory {
            if let old { return try inside(old, of: place) }
            return try makeDirectory(node.name, node.attributes, in: place)
        }
        if case .link(let target) = node.content, target.count > SystemUse.longestTarget {
            longLinks.append(path)
            return nil
        }
        if let old {
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
    func replace(_ old: Entry, in place: Place) throws(Failure) {
        let path = place.path + old.name
        guard changes.replacesFiles else {
            throw Failure(
                .source,
                .outputExists,
                old.wantedName == nil
                    ? "“\(FileName.shown(path))” is in the image already."
                    : "“\(FileName.shown(path))” would be there twice.",
                meaning: "Nothing was written.",
                advice: "Replace it with --replace, or choose another place."
            )
        }
        try checkPaired(old, in: place)
        notes.append("“\(FileName.shown(path))” is replaced.")
        try take(old, from: place, isReplaced: true)
    }

    func makeDirectory(_ path: String) throws(Failure) {
        var place = root
        for name in try Self.names(path) {
            pair(place.main)
            let bytes = Array(name.utf8)
            let shown = main.shownName(bytes, isDirectory: true)
            if let there = place.main.occupant(bytes, shown: shown) {
                place = try inside(there, of: place)
            } else {
                let made = ISOAttributes(permissions: 0o755, time: time)
                place = try makeDirectory(bytes, made, in: place)
            }
        }
    }

    func makeDirectory(_ name: [UInt8], _ attributes: ISOAttributes, in place: Place)
        throws(Failure) -> Place
    {
        let node = SourceNode(name, attributes, .directory([]))
        let path = place.path + main.shownName(name, isDirectory: true)
        let entry = try insert(node, in: place, path)
        counts.added += 1
        guard let directory = entry.directory else { throw missing(path) }
        let made = place.path + entry.name
        directory.isPaired = true
        directory.counterparts = entry.counterparts.map { $0?.directory }
        directory.unpaired = others.map { _ in [] }
        return Place(main: directory, others: directory.counterparts, path: made + "/")
    }

    /// The names that plain ISO 9660 has in another form, where no better tree is listed; capitals for small
    /// letters don't count.
    var otherNames: JobLoss? {
        guard [.iso, .iso1999].contains(main.kind) else { return nil }
        var names: [String] = []
        main.forEachEntry { entry in
            guard let wanted = entry.wantedName.map(SourceNode.text),
                wanted.lowercased() != entry.name.lowercased()
            else { return }
            names.append("\(FileName.shown(wanted)) (\(FileName.shown(entry.name)))")
        }
        guard !names.isEmpty else { return nil }
        let text =
            "\(Wording.counted(names.count, "name")), which \(main.kind.displayName) has in another form: \(ISOLosses.list(names.sorted()))"
        return JobLoss(feature: "iso-names", tracks: [], text: text)
    }

    /// Notes a name that the tree for Windows has in another form.
    func noteName(_ name: [UInt8], of kind: FileKind, at path: String) {
        guard kind == .file || kind == .directory,
            ([main] + others).contains(where: { $0.kind == .joliet }),
            !JolietName.keeps(name, limit: 64)
        else { return }
        changedInJoliet.append(path)
    }

    /// Makes the records of a node in all trees.
    @discardableResult
    func insert(_ node: SourceNode, in place: Place, _ path: String) throws(Failure)
        -> Entry
    {
        let entry = try made(node, main, in: place.main, path)
        steps.append(.added(place.path + entry.name, node))
        entry.counterparts = others.map { _ in nil }
        main.insert(entry, into: place.main)
        for (index, tree) in others.enumerated() {
            guard let directory = place.others[index] else {
                absent.append((tree.kind, place.path + entry.name))
                continue
            }
            switch node.content {
            case .link, .special:
                if tree.kind == .joliet || !tree.hasRockRidge { continue }
            case .file, .directory: break
            }
            try checkFree(node, tree, in: place, index)
            let counterpart = try made(node, tree, in: directory, path)
            tree.insert(counterpart, into: directory)
            entry.counterparts[index] = counterpart
        }
        noteName(node.name, of: node.kind, at: path)
        let times = [node.attributes.modified, node.attributes.accessed, node.attributes.changed]
        if times.contains(where: { SystemUse.recorded($0) != $0 }) {
            otherTimes.append(place.path + entry.name)
        }
        return entry
    }

    /// Refuses what another tree has under the same name, while the first tree hides that.
    private func checkFree(_ node: SourceNode, _ tree: EditedTree, in place: Place, _ index: Int)
        throws(Failure)
    {
        let name = tree.shownName(node.name, isDirectory: node.isDirectory).lowercased()
        let isTaken = place.main.unpaired[index].contains { candidate in
            candidate.name.lowercased() == name
                && place.others[index]?.holds(candidate) ?? false
        }
        guard isTaken else { return }
        throw Failure(
            .source,
            .loss,
            "“\(FileName.shown(place.path + SourceNode.text(node.name)))” is in the image's \(tree.kind.displayName) tree already, and hidden in its \(main.kind.displayName) tree.",
            meaning: "Nothing was written.",
            advice: "Give it another name, or make a new image of the files with “spindle create”."
        )
    }

    /// An entry for a node in one of the trees.
    func made(
        _ node: SourceNode,
        _ tree: EditedTree,
        in directory: Directory,
        _ path: String
    ) throws(Failure) -> Entry {
        guard node.name.count <= SourceTree.longestName else { throw SourceTree.tooLong(node.name) }
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
            var record = maker.record(&directory.areas)
            RecordFields.put(size, at: 10, in: &record)
            records.append(record)
        }
        let shown = tree.hasRockRidge ? SourceNode.text(node.name) : Self.shown(identifier, tree)
        let entry = Entry(records, name: shown, kind: node.kind)
        entry.wantedName = node.name
        if case .file(let file) = node.content { entry.file = file }
        if isDirectory { entry.directory = madeDirectory(node, tree, in: directory) }
        return entry
    }

    static func shown(_ identifier: [UInt8], _ tree: EditedTree) -> String {
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

    static func sections(_ size: Int) -> [Int] {
        guard size > longestSection else { return [size] }
        let whole = [Int](repeating: longestSection, count: size / longestSection)
        let rest = size % longestSection
        return rest > 0 ? whole + [rest] : whole
    }

    func madeDirectory(_ node: SourceNode, _ tree: EditedTree, in parent: Directory)
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
        let made = Directory(own: [], above: [], before: nil)
        made.own = maker.record(&made.areas)
        maker.identifier = [1]
        if tree.hasRockRidge {
            let kept = ((try? tree.reader.systemUse(of: parent.own)) ?? []).filter {
                $0.starts(with: Array("PX".utf8)) || $0.starts(with: Array("TF".utf8))
            }
            if kept.count == 2 { maker.entries = kept }
        }
        made.above = maker.record(&made.areas)
        made.isChanged = true
        made.directoriesBefore = 0
        return made
    }

    /// A number that nothing in the tree has: entries with one number are names of one file (P1282 §4.1.1).
    private func freeSerial() -> UInt32 {
        let taken = ([main] + others).map(\.reader.numbers)
        var number = lastSerial ?? taken.compactMap { $0.max() }.max() ?? 0
        // Behind the highest one that 32 bits hold, the gaps are taken.
        repeat {
            number = number == .max ? 1 : number + 1
        } while taken.contains {
            $0.contains(number)
        }
        lastSerial = number
        return number
    }

    /// What Rock Ridge says of a node's permissions and times.
    func rights(of node: SourceNode, _ tree: EditedTree) -> [[UInt8]] {
        var number: UInt32?
        if tree.reader.rightsLength == 44 {
            if case .file(let file) = node.content, let known = serials[ObjectIdentifier(file)] {
                number = known
            } else {
                let free = freeSerial()
                number = free
                if case .file(let file) = node.content { serials[ObjectIdentifier(file)] = free }
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
}
