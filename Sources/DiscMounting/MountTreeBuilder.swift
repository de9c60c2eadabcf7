public import DiscFiles
import LibFUSE

/// Makes the table of a mounted disc: whole trees of it, and single files and directories.
public struct MountTreeBuilder {
    /// A directory, to put something into.
    public struct Place: Hashable, Sendable {
        fileprivate let node: Int
    }

    /// What is in a file.
    public enum Content: Sendable {
        /// Bytes of the disc.
        case data(FileExtent)
        /// An audio track.
        case sound(SoundTrack)
    }

    /// The longest name that the kernel takes, in bytes (`FUSE_NAME_MAX`, less its end).
    static let longestName = 1023
    /// Files of a mounted disc.
    private static let mostNodes = Int(Int32.max) - 1
    /// Problems that are kept.
    private static let mostProblems = 200

    /// What is broken or odd: a sentence each.
    public private(set) var problems: [String] = []
    /// Problems beyond those that are kept.
    public private(set) var furtherProblems = 0
    /// Whether files may be missing.
    public private(set) var isIncomplete = false

    private let attributes: MountedAttributes
    private let isWritable: Bool
    private var tree: MountTree
    /// The entries of directories that are not complete.
    private var open: [Int: [MountEntry]] = [:]
    /// Files by their first byte on the disc, to find those that have several names.
    private var known: [Int: Int] = [:]
    /// Files that have several names, as the disc says.
    private var linked: [LinkedFile: Int] = [:]

    /// The directory that is mounted.
    public let root = Place(node: 0)

    /// Begins with an empty directory.
    ///
    /// Entries with the same bytes of the disc and the same attributes are one file where nothing can be
    /// changed. What can be changed is one file only if the disc says so, whatever attributes are shown.
    ///
    /// - Parameters:
    ///   - attributes: Whose the files are.
    ///   - isWritable: Whether an overlay takes changes of the files.
    public init(_ attributes: MountedAttributes, isWritable: Bool = false) {
        self.attributes = attributes
        self.isWritable = isWritable
        tree = MountTree(nodes: [], entries: [], text: [], extents: [], sounds: [])
        _ = add(FileEntry(name: "/", kind: .directory), .directory(entries: 0..<0, parent: 0))
        open[0] = []
    }

    // MARK: Single files

    /// Makes a directory.
    public mutating func addDirectory(_ name: String, in place: Place) -> Place {
        let node = add(
            FileEntry(name: name, kind: .directory),
            .directory(entries: 0..<0, parent: place.node)
        )
        note(name, node, in: place.node)
        open[node] = []
        return Place(node: node)
    }

    /// Makes a file.
    public mutating func addFile(_ name: String, _ content: Content, in place: Place) {
        var entry = FileEntry(name: name, kind: .file)
        let node: Int
        switch content {
        case .data(let extent):
            entry.size = max(0, extent.length)
            tree.extents.append(extent)
            node = add(entry, .extents((tree.extents.count - 1)..<tree.extents.count))
        case .sound(let track):
            entry.size = track.byteCount
            tree.sounds.append(track)
            node = add(entry, .sound(tree.sounds.count - 1))
        }
        note(name, node, in: place.node)
    }

    // MARK: Trees

    /// Takes a whole tree of a disc into a directory, which gets the attributes of the tree's root.
    ///
    /// - Parameters:
    ///   - files: The tree.
    ///   - place: The directory, with nothing in it.
    ///   - goesOn: Asked between two entries.
    /// - Throws: What the tree throws.
    public mutating func add(_ files: any FileTree, in place: Place, goesOn: () -> Bool) throws {
        (known, linked) = ([:], [:])
        let above = tree.nodes[place.node].content
        tree.nodes[place.node] = node(files.root, above, number: place.node)
        var walk = FileWalk(files)
        // The directories on the way to the present entry.
        var way = [place.node]
        while goesOn(), let visit = try walk.next() {
            while way.count > visit.depth + 1 { close(way.removeLast()) }
            guard let parent = way.last, let node = take(visit, in: parent) else { continue }
            if visit.entry.kind == .directory {
                open[node] = []
                way.append(node)
            }
        }
        for node in way.dropFirst().reversed() { close(node) }
        for problem in walk.problems { note(problem.description) }
        furtherProblems += walk.furtherProblems
        if !walk.losses.isDisjoint(with: [.entries, .contents]) { isIncomplete = true }
        (known, linked) = ([:], [:])
    }

    /// Takes an entry of a tree; `nil` if it can't be shown.
    private mutating func take(_ visit: FileWalk.Visit, in parent: Int) -> Int? {
        let entry = visit.entry
        guard entry.name.utf8.count <= Self.longestName, tree.nodes.count < Self.mostNodes else {
            isIncomplete = true
            note("\(visit.shownPath): the name is too long to be shown; it is left out.")
            // Of a directory what is in it is met next: it goes where nobody finds it.
            return entry.kind == .directory
                ? add(entry, .directory(entries: 0..<0, parent: parent)) : nil
        }
        let node: Int
        switch entry.kind {
        case .directory:
            node = add(entry, .directory(entries: 0..<0, parent: parent))
            tree.nodes[parent].attributes.links += 1
        case .symlink:
            guard let target = entry.target, !target.isEmpty, !target.utf8.contains(0),
                target.utf8.count < 4096
            else {
                isIncomplete = true
                note("\(visit.shownPath): the link leads nowhere; it is left out.")
                return nil
            }
            let start = tree.text.count
            tree.text += target.utf8
            node = add(entry, .link(start..<tree.text.count))
            tree.nodes[node].attributes.size = target.utf8.count
        case .file:
            node = takeFile(entry)
        case .blockDevice, .characterDevice, .fifo, .socket:
            node = add(entry, .none)
        }
        note(entry.name, node, in: parent)
        return node
    }

    /// Takes a file, or finds the one that it is another name of.
    private mutating func takeFile(_ entry: FileEntry) -> Int {
        guard isWritable else { return takeAlike(entry) }
        guard let file = LinkedFile(entry) else { return addFile(entry) }
        if let other = linked[file], file.hasRoom(tree.nodes[other].attributes.links) {
            tree.nodes[other].attributes.links += 1
            return other
        }
        let node = addFile(entry)
        linked[file] = node
        return node
    }

    /// Takes a file, or finds one with the same bytes of the disc and the same attributes.
    private mutating func takeAlike(_ entry: FileEntry) -> Int {
        let first = entry.size > 0 ? entry.extents.lazy.compactMap(\.offset).first : nil
        let made = node(entry, .none, number: tree.nodes.count).attributes
        if let first, let other = known[first], isSame(other, made, entry) {
            tree.nodes[other].attributes.links += 1
            return other
        }
        let node = addFile(entry)
        if let first { known[first] = node }
        return node
    }

    private mutating func addFile(_ entry: FileEntry) -> Int {
        let start = tree.extents.count
        tree.extents += entry.extents.lazy.filter { $0.length > 0 }
        let range = start..<tree.extents.count
        return add(entry, entry.compression == nil ? .extents(range) : .packed(range))
    }

    private func isSame(_ other: Int, _ made: FileAttributes, _ entry: FileEntry) -> Bool {
        let known = tree.nodes[other]
        switch known.content {
        case .extents(let range) where entry.compression == nil,
            .packed(let range) where entry.compression != nil:
            guard tree.extents[range].elementsEqual(entry.extents.lazy.filter { $0.length > 0 })
            else { return false }
        default: return false
        }
        let a = known.attributes
        return a.size == made.size && a.mode == made.mode && a.owner == made.owner
            && a.group == made.group && a.modified == made.modified
    }

    // MARK: The table

    /// The table, complete.
    public mutating func finish() -> MountTree {
        for node in open.keys.sorted(by: >) { close(node) }
        return tree
    }

    private mutating func add(_ entry: FileEntry, _ content: MountNode.Content) -> Int {
        tree.nodes.append(node(entry, content, number: tree.nodes.count))
        return tree.nodes.count - 1
    }

    private func node(_ entry: FileEntry, _ content: MountNode.Content, number: Int) -> MountNode {
        var known = FileAttributes(
            inode: UInt64(number) + 1,
            mode: attributes.mode(entry.kind, recorded: entry.mode),
            size: entry.kind == .file ? max(0, entry.size) : 0
        )
        known.links = entry.kind == .directory ? 2 : 1
        known.owner = attributes.owner ?? entry.userID ?? attributes.user.owner
        known.group = attributes.group ?? entry.groupID ?? attributes.user.group
        known.device = entry.device ?? (0, 0)
        let modified = Self.moment(entry.modified ?? entry.created)
        known.modified = modified
        known.changed = modified
        known.accessed = entry.accessed.map { Self.moment($0) } ?? modified
        return MountNode(
            attributes: known,
            content: content,
            hasExtended: !entry.attributes.isEmpty
        )
    }

    private static func moment(_ time: FileTime?) -> FileAttributes.Moment {
        FileAttributes.Moment(seconds: time?.seconds ?? 0, nanoseconds: time?.nanoseconds ?? 0)
    }

    private mutating func note(_ name: String, _ node: Int, in parent: Int) {
        let start = tree.text.count
        tree.text += name.utf8
        open[parent, default: []].append(
            MountEntry(
                start: start,
                count: Int32(tree.text.count - start),
                node: Int32(node)
            )
        )
    }

    private mutating func note(_ problem: String) {
        if problems.count < Self.mostProblems {
            problems.append(problem)
        } else {
            furtherProblems += 1
        }
    }

    /// Puts the entries of a directory into the table.
    private mutating func close(_ node: Int) {
        guard var entries = open.removeValue(forKey: node),
            case .directory(_, let parent) = tree.nodes[node].content
        else { return }
        sort(&entries)
        // Of two with one name the second is called as the extraction calls it.
        var isSorted = true
        for i in entries.indices.dropFirst() where isSame(entries[i - 1], entries[i]) {
            rename(&entries, i)
            isSorted = false
        }
        if !isSorted { sort(&entries) }
        let start = tree.entries.count
        tree.entries += entries
        tree.nodes[node].content = .directory(entries: start..<tree.entries.count, parent: parent)
    }

    private func isSame(_ a: MountEntry, _ b: MountEntry) -> Bool {
        let text = tree.text.span
        return MountTree.order(text.extracting(a.name), text.extracting(b.name)) == 0
    }

    private func sort(_ entries: inout [MountEntry]) {
        func isBefore(_ a: MountEntry, _ b: MountEntry) -> Bool {
            let text = tree.text.span
            let order = MountTree.order(text.extracting(a.name), text.extracting(b.name))
            return order < 0 || (order == 0 && a.node < b.node)
        }
        let isSorted = zip(entries, entries.dropFirst()).allSatisfy { isBefore($0, $1) }
        if !isSorted { entries.sort(by: isBefore) }
    }

    private mutating func rename(_ entries: inout [MountEntry], _ index: Int) {
        let name = [UInt8](tree.text[entries[index].name])
        let taken = Set(entries.map { [UInt8](tree.text[$0.name]) })
        for number in 2... {
            let other = name + Array("~\(number)".utf8)
            guard !taken.contains(other) else { continue }
            entries[index].start = tree.text.count
            entries[index].count = Int32(other.count)
            tree.text += other
            let shown = FileName.shown(String(decoding: other, as: UTF8.self))
            return note("The disc has two of one name; the second is shown as “\(shown)”.")
        }
    }
}

/// A file that has several names, as the disc itself says: by a number that it gives to files, or by how many
/// names it says that the file has.
private struct LinkedFile: Hashable {
    private let number: UInt64?
    private let linkCount: Int?
    private let size: Int
    private let extents: [FileExtent]
    private let compression: String?
    private let mode: UInt32?
    private let userID: UInt32?
    private let groupID: UInt32?
    private let modified: FileTime?

    /// Describes the file of an entry; `nil` if that is its only name, or nothing tells.
    init?(_ entry: FileEntry) {
        let names = entry.linkCount ?? (entry.number == nil ? 1 : .max)
        guard names > 1, entry.size > 0 else { return nil }
        number = entry.number
        linkCount = entry.linkCount
        size = entry.size
        extents = entry.extents
        compression = entry.compression
        mode = entry.mode
        userID = entry.userID
        groupID = entry.groupID
        modified = entry.modified
    }

    /// Whether there is a name more than those that were found.
    func hasRoom(_ found: UInt32) -> Bool { number != nil || Int(found) < linkCount ?? 0 }
}
