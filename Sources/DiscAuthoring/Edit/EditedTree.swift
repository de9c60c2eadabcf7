import DiscFiles
import LibISOFS
import Reports

/// A tree of ISO 9660 that is changed: all of its directories, record by record.
///
/// What is not changed keeps its records as they are, whatever stands in them.
final class EditedTree {
    /// An entry of a directory.
    final class Entry {
        /// Its records; where the bytes of what was added are is put into them last.
        var records: [[UInt8]]
        /// The name that the tree shows.
        var name: String
        /// What it is.
        let kind: FileKind
        /// Where the bytes of a file are that was there before.
        fileprivate(set) var extents: [FileExtent]
        /// What is in it, if it is a directory.
        var directory: Directory?
        /// The file that its bytes come from, if it was added.
        var file: SourceFile?
        /// The directory that holds the record of a directory that Rock Ridge shows here.
        weak var relocated: Entry?
        /// Whether Rock Ridge shows it elsewhere.
        let isShownElsewhere: Bool
        /// The same file or directory in the other trees.
        var counterparts: [Entry?] = []
        /// The name that was asked for, if it was added or renamed; that of the tree may be another one.
        var wantedName: [UInt8]?
        /// Whether it was put where it is, so that its place in the order is to be found.
        var isInserted = false
        /// Its place among the entries of the directory that it is in.
        fileprivate var slot = 0

        init(
            _ records: [[UInt8]],
            name: String,
            kind: FileKind,
            extents: [FileExtent] = [],
            isShownElsewhere: Bool = false
        ) {
            self.records = records
            self.name = name
            self.kind = kind
            self.extents = extents
            self.isShownElsewhere = isShownElsewhere
        }

        /// Its name as ISO 9660 records it, with its version.
        var identifier: [UInt8] { records.first.map(RecordFields.identifier) ?? [] }
        /// The bytes of a file that was there before.
        var byteCount: Int { extents.reduce(0) { $0 + $1.length } }
    }

    /// A directory.
    final class Directory {
        /// Its record of itself.
        var own: [UInt8]
        /// Its record of the directory above it.
        var above: [UInt8]
        /// What is in it; what was inserted comes last.
        var entries: [Entry] {
            sweep()
            return kept
        }
        /// The entries, with those that were taken out since they were asked for last.
        private var kept: [Entry] = []
        /// The places of those.
        private var dropped: Set<Int> = []
        /// Whether two entries have one name or one identifier, as only broken images have them.
        private var hasTwins = false
        /// The directory above it, by its records; `nil` of the root.
        weak var parent: Directory?
        /// The directory that shows it, where Rock Ridge has moved it.
        weak var shownParent: Directory?
        /// Its sectors before; `nil` if it was made.
        let before: Range<Int>?
        /// The first of those that has no record and is not empty; `nil` if there is none.
        fileprivate(set) var remainder: Int?
        /// Its first sector.
        var place: Int
        /// Its sectors.
        var sectorCount: Int
        /// Continuation areas that were made for its records; they lie right behind it.
        var areas = ContinuationAreas()
        /// Whether its entries are others than before.
        var isChanged = false
        /// The same directory in the other trees; `nil` of a tree that has none.
        var counterparts: [Directory?] = []
        /// What the other trees have in it, and this one hasn't by any sign.
        var unpaired: [[Entry]] = []
        /// Whether its entries know their counterparts.
        var isPaired = false
        /// Directories in it, as it was.
        var directoriesBefore: UInt32?
        /// Entries that were added or renamed, by the names that were asked for.
        private var wanted: [[UInt8]: Entry] = [:]
        /// Its shown entries by their names, once one was looked for.
        private var index: [[UInt8]: Entry]?
        /// The identifiers that are in use, once one was made.
        private var names: ISONames?

        init(own: [UInt8], above: [UInt8], before: Range<Int>?) {
            self.own = own
            self.above = above
            self.before = before
            place = before?.lowerBound ?? 0
            sectorCount = before?.count ?? 0
        }

        /// The entry of a name that is shown here.
        func entry(named name: String) -> Entry? {
            if index == nil {
                let shown = shown
                let made = Dictionary(shown.map { (Array($0.name.utf8), $0) }) { first, _ in first }
                hasTwins = hasTwins || made.count < shown.count
                index = made
            }
            return index?[Array(name.utf8)]
        }

        /// Whether an entry is in it.
        func holds(_ entry: Entry) -> Bool {
            kept.indices.contains(entry.slot) && kept[entry.slot] === entry
                && !dropped.contains(entry.slot)
        }

        /// Gives the identifiers that are in use to a body, which may take another one.
        fileprivate func withNames<Result>(
            _ make: () -> ISONames,
            _ body: (inout ISONames) -> Result
        ) -> Result {
            var names: ISONames
            if let known = self.names {
                names = known
            } else {
                names = make()
                for entry in entries where !names.reserve(entry.identifier) { hasTwins = true }
            }
            // The set of names has one owner while it grows.
            self.names = nil
            defer { self.names = names }
            return body(&names)
        }

        /// The entry whose place one of a name gets: what was added or renamed only if it was given the
        /// same name, for the names of plain ISO 9660 differ less than those of files.
        ///
        /// - Parameters:
        ///   - name: The name that is asked for.
        ///   - shown: The name that the tree would show of it.
        /// - Returns: The entry; `nil` if the name is free.
        func occupant(_ name: [UInt8], shown: String) -> Entry? {
            if let same = wanted[name] { return same }
            guard let old = entry(named: shown), old.wantedName == nil else { return nil }
            return old
        }

        fileprivate func append(_ entry: Entry) {
            entry.slot = kept.count
            kept.append(entry)
            if let name = entry.wantedName { wanted[name] = entry }
            if index != nil, !entry.isShownElsewhere {
                let other = index?.updateValue(entry, forKey: Array(entry.name.utf8))
                hasTwins = hasTwins || other != nil
            }
            names?.reserve(entry.identifier)
        }

        fileprivate func drop(_ entry: Entry) {
            guard holds(entry) else { return }
            dropped.insert(entry.slot)
            if let name = entry.wantedName, wanted[name] === entry { wanted[name] = nil }
            if hasTwins {
                (index, names) = (nil, nil)
            } else {
                if !entry.isShownElsewhere { index?[Array(entry.name.utf8)] = nil }
                names?.release(entry.identifier)
            }
        }

        /// Forgets the entries that were taken out, all at once.
        private func sweep() {
            guard !dropped.isEmpty else { return }
            kept = kept.enumerated().filter { !dropped.contains($0.offset) }.map(\.element)
            for (slot, entry) in kept.enumerated() { entry.slot = slot }
            dropped = []
        }

        /// The entries in the order of their records: what was inserted comes where its identifier belongs
        /// (ECMA-119 §9.3), and all others stay in the order that they had.
        var ordered: [Entry] {
            let inserted = entries.filter(\.isInserted)
                .map { (entry: $0, identifier: $0.identifier) }
                .sorted { $0.identifier.lexicographicallyPrecedes($1.identifier) }
            guard !inserted.isEmpty else { return entries }
            var result: [Entry] = []
            result.reserveCapacity(entries.count)
            var next = inserted[...]
            for entry in entries where !entry.isInserted {
                let identifier = entry.identifier
                while let first = next.first,
                    first.identifier.lexicographicallyPrecedes(identifier)
                {
                    result.append(first.entry)
                    next.removeFirst()
                }
                result.append(entry)
            }
            return result + next.map(\.entry)
        }

        /// What is shown here.
        var shown: [Entry] { entries.filter { !$0.isShownElsewhere } }
    }

    /// Directories are numbered with 16 bits (ECMA-119 §9.4).
    static let mostDirectories = 65_535
    private static let greatestDepth = 1024

    let reader: RecordReader
    /// The sector that its records and its descriptor count from.
    ///
    /// It is 0, or where a partition begins that has descriptors of its own. All places but those in records
    /// count from the image's beginning.
    let base: Int
    let root: Directory
    /// The sectors of all directories that were there before.
    private(set) var directoryRanges: [Range<Int>] = []
    /// The sectors in which attributes go on that were there before.
    private(set) var areaRanges: [Range<Int>] = []
    /// The path tables that were there before: those that name directories of this tree and nothing else.
    ///
    /// What a descriptor leads to besides is something else, whatever it is.
    private(set) var pathTables: [RecordedPathTable] = []
    /// The sectors of further descriptors that lead to the same directories and tables.
    var moreDescriptors: [Int] = []
    /// Directories that Rock Ridge shows nowhere, for they have only such that it shows elsewhere.
    private(set) var hidden: [Directory] = []
    /// Whether directories were added, removed, renamed or moved.
    var hasOtherDirectories = false

    /// The sector of its descriptor.
    var descriptorSector: Int { reader.descriptor.sector + base }
    var kind: FileTreeKind { reader.kind }
    var hasRockRidge: Bool { kind == .rockRidge }
    /// Whether the descriptor of a tree of ISO 9660:1999 leads to the same directories.
    var hasLongNames = false

    /// Reads a whole tree.
    ///
    /// - Parameters:
    ///   - reader: What reads its records.
    ///   - base: The sector of the image that those count from.
    /// - Throws: `BrokenStructure` if a directory is broken or met twice, and what reading throws.
    init(_ reader: RecordReader, base: Int = 0) throws {
        (self.reader, self.base) = (reader, base)
        var seen: Set<Int> = []
        var taken: Set<Int> = []
        var areas: [Range<Int>] = []
        var relocated: [Int: (entry: Entry, directory: Directory)] = [:]
        var placeholders: [(entry: Entry, block: Int, parent: Directory)] = []
        func directory(_ block: Int, _ size: Int?) throws -> (Directory, RecordedDirectory) {
            guard seen.insert(block).inserted else {
                throw BrokenStructure("The directory in sector \(block) is named twice.")
            }
            guard seen.count <= Self.mostDirectories else {
                throw BrokenStructure("There are more than \(Self.mostDirectories) directories.")
            }
            let found = try reader.directory(at: block, size: size)
            let count = RecordFields.number(at: 10, in: found.own) / 2048
            let place = block + base
            // Directories that cover each other could be read for ever.
            for sector in place..<place + count where !taken.insert(sector).inserted {
                throw BrokenStructure("Sector \(sector) belongs to two directories.")
            }
            areas += found.areas.map { $0.lowerBound + base..<$0.upperBound + base }
            let directory = Directory(
                own: found.own,
                above: found.above,
                before: place..<place + count
            )
            directory.remainder = found.remainder.map { $0 + base }
            return (directory, found)
        }
        let (root, first) = try directory(reader.rootBlock, reader.rootSize)
        self.root = root
        var pending = [(root, first, 0)]
        while let (parent, found, depth) = pending.popLast() {
            if let before = parent.before { directoryRanges.append(before) }
            guard depth < Self.greatestDepth else {
                throw BrokenStructure("The directories lie too deep in each other.")
            }
            var directories: UInt32 = 0
            for recorded in found.entries {
                let entry = Entry(
                    recorded.records,
                    name: recorded.name,
                    kind: recorded.kind,
                    extents: recorded.kind == .directory ? [] : recorded.extents.shifted(by: base),
                    isShownElsewhere: recorded.isShownElsewhere
                )
                parent.append(entry)
                if recorded.kind == .directory, !recorded.isShownElsewhere { directories += 1 }
                if let block = recorded.relocatedTo {
                    placeholders.append((entry, block, parent))
                } else if recorded.kind == .directory {
                    guard let block = recorded.extents.first?.offset.map({ $0 / 2048 }) else {
                        throw BrokenStructure("The directory “\(recorded.name)” has no place.")
                    }
                    let (child, inside) = try directory(block, recorded.size)
                    child.parent = parent
                    entry.directory = child
                    if recorded.isShownElsewhere { relocated[block] = (entry, child) }
                    pending.append((child, inside, depth + 1))
                }
            }
            parent.directoriesBefore = directories
        }
        for (entry, block, parent) in placeholders {
            guard let (holder, directory) = relocated[block], directory.shownParent == nil else {
                throw BrokenStructure("The relocated directory “\(entry.name)” is missing.")
            }
            directory.shownParent = parent
            entry.directory = directory
            entry.relocated = holder
        }
        // Each relocated directory is shown once, and none of them within itself. That which holds them may
        // be marked as one itself.
        hidden = relocated.values.map(\.directory).filter { $0.shownParent == nil }
            .sorted { $0.place < $1.place }
        guard hidden.allSatisfy({ $0.entries.allSatisfy(\.isShownElsewhere) }) else {
            throw BrokenStructure("A relocated directory is not shown anywhere.")
        }
        var reached: Set<ObjectIdentifier> = []
        var walk = [root] + hidden
        while let next = walk.popLast() {
            reached.insert(ObjectIdentifier(next))
            walk += next.shown.compactMap(\.directory)
        }
        guard reached.count == seen.count else {
            throw BrokenStructure("Relocated directories lie within themselves.")
        }
        areaRanges = areas
        pathTables = try reader.pathTables().filter { table in
            table.blocks[0] == reader.rootBlock && table.blocks.allSatisfy(seen.contains)
        }
    }

    /// All directories by their records, each before those in it, in the order of a path table:
    /// by level, then by the number of the parent, then by name (ECMA-119 §6.9.1).
    var directories: [(directory: Directory, identifier: [UInt8], parent: Int)] {
        var found: [(directory: Directory, identifier: [UInt8], parent: Int)] = [(root, [0], 0)]
        var index = 0
        while index < found.count {
            let inside = found[index].directory.entries
                .filter { $0.directory != nil && $0.relocated == nil }
                .map { (entry: $0, identifier: $0.identifier) }
                .sorted { $0.identifier.lexicographicallyPrecedes($1.identifier) }
            for (entry, identifier) in inside {
                if let directory = entry.directory { found.append((directory, identifier, index)) }
            }
            index += 1
        }
        return found
    }

    /// All entries, with those that are shown elsewhere.
    func forEachEntry(_ body: (Entry) -> Void) {
        var pending = [root]
        while let directory = pending.popLast() {
            for entry in directory.entries {
                body(entry)
                if entry.relocated == nil, let inside = entry.directory { pending.append(inside) }
            }
        }
    }

    /// The sectors that records of no bytes name.
    var sectorsOfNothing: [Range<Int>] {
        var found: [Range<Int>] = []
        forEachEntry { entry in
            for record in entry.records where RecordFields.number(at: 10, in: record) == 0 {
                let place = RecordFields.number(at: 2, in: record) + base
                found.append(place..<place + 1)
            }
        }
        return found
    }

    /// What a path leads to.
    struct Target: Equatable {
        /// Whether it is a directory.
        var isDirectory: Bool
        /// The byte that a file with bytes begins at.
        var offset: Int?
    }

    /// All paths that the tree shows.
    ///
    /// - Parameter place: Gives the first byte of a file that was added; `nil` of one without bytes.
    /// - Returns: What each path leads to.
    func targets(_ place: (SourceFile) -> Int?) -> [ExactName: Target] {
        var found: [ExactName: Target] = [:]
        var pending = [(directory: root, prefix: "")]
        while let (directory, prefix) = pending.popLast() {
            for entry in directory.shown {
                let path = prefix + entry.name
                let isFile = entry.kind == .file
                found[ExactName(path)] = Target(
                    isDirectory: entry.kind == .directory,
                    offset: isFile
                        ? entry.file.map(place) ?? Self.offset(entry.extents) : nil
                )
                if let inside = entry.directory { pending.append((inside, path + "/")) }
            }
        }
        return found
    }

    /// The first byte of a file; `nil` of one without bytes.
    static func offset(_ extents: [FileExtent]) -> Int? {
        extents.contains { $0.length > 0 } ? extents.first?.offset : nil
    }

    /// Has the bytes of files lie elsewhere, under all names that they have.
    ///
    /// - Parameter moved: Their first bytes now and then, a whole number of sectors apart.
    func moveBytes(_ moved: [Int: Int]) {
        guard !moved.isEmpty else { return }
        for (directory, _, _) in directories {
            for entry in directory.entries where entry.kind == .file && entry.file == nil {
                guard let old = entry.extents.first?.offset, let new = moved[old] else { continue }
                for index in entry.extents.indices {
                    entry.extents[index].offset = entry.extents[index].offset.map { $0 - old + new }
                }
                for index in entry.records.indices {
                    let block = RecordFields.number(at: 2, in: entry.records[index])
                    let moved = block + (new - old) / 2048
                    RecordFields.put(moved, at: 2, in: &entry.records[index])
                }
                directory.isChanged = true
            }
        }
    }

    // MARK: Changes

    /// Puts an entry into a directory.
    func insert(_ entry: Entry, into directory: Directory) {
        entry.isInserted = true
        directory.append(entry)
        directory.isChanged = true
        if let inside = entry.directory {
            inside.parent = directory
            hasOtherDirectories = true
        }
    }

    /// Takes an entry out of a directory, and what Rock Ridge has moved out of it.
    func remove(_ entry: Entry, from directory: Directory) {
        take(entry, from: directory)
        var pending = [entry]
        while let next = pending.popLast() {
            if let holder = next.relocated, let parent = next.directory?.parent {
                take(holder, from: parent)
            }
            pending += next.directory?.shown ?? []
        }
    }

    /// Takes the record of an entry out of a directory.
    func take(_ entry: Entry, from directory: Directory) {
        directory.drop(entry)
        directory.isChanged = true
        if entry.directory != nil { hasOtherDirectories = true }
    }

    /// Whether a record leads to an area of attributes that has no place yet.
    func leadsToNewArea(_ record: [UInt8]) -> Bool {
        guard hasRockRidge, let offset = systemUseEntry("CE", in: record) else { return false }
        return RecordFields.number(at: offset + 4, in: record) >= ContinuationAreas.first
    }

    /// The entries of SUSP of a record, those in continuation areas too.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - directory: The directory that it is in, or that it is of.
    /// - Returns: The entries, without those that only lead elsewhere.
    /// - Throws: `BrokenStructure` if they are broken.
    func systemUse(of record: [UInt8], in directory: Directory) throws -> [[UInt8]] {
        guard leadsToNewArea(record) else { return try reader.systemUse(of: record) }
        return directory.areas.entries(of: record, from: systemUseStart(of: record))
    }

    /// Where the entries of SUSP begin in a record.
    func systemUseStart(of record: [UInt8]) -> Int {
        RecordFields.entriesStart(of: record, skipping: reader.skippedBytes)
    }

    /// Where an entry of SUSP begins in a record itself.
    func systemUseEntry(_ name: String, in record: [UInt8]) -> Int? {
        var position = systemUseStart(of: record)
        while position + 4 <= record.count {
            let length = Int(record[position + 2])
            guard length >= 4, position + length <= record.count else { return nil }
            if record[position..<position + 2].elementsEqual(name.utf8) { return position }
            position += length
        }
        return nil
    }

    // MARK: Names

    /// An identifier that no other entry of a directory has.
    ///
    /// - Parameters:
    ///   - name: The name that is wanted.
    ///   - isDirectory: Whether it is a directory's.
    ///   - directory: Where it goes.
    /// - Returns: The identifier, with the version of a file.
    func identifier(_ name: [UInt8], isDirectory: Bool, in directory: Directory) -> [UInt8] {
        directory.withNames({ emptyNames(near: directory) }) {
            $0.identifier(AuthoredName(bytes: name), isDirectory: isDirectory)
        }
    }

    /// Whether an entry of a directory has an identifier.
    func isTaken(_ identifier: [UInt8], in directory: Directory) -> Bool {
        directory.withNames({ emptyNames(near: directory) }) { $0.isTaken(identifier) }
    }

    private func emptyNames(near directory: Directory) -> ISONames {
        var names = ISONames(isJoliet: kind == .joliet)
        names.isLong = kind == .iso1999 || hasLongNames
        names.hasVersions = hasVersions(near: directory)
        return names
    }

    /// Whether the names of files have versions, as those have that are there.
    private func hasVersions(near directory: Directory) -> Bool {
        if kind == .iso1999 { return false }
        var next: Directory? = directory
        while let here = next {
            for entry in here.entries where entry.kind == .file && entry.relocated == nil {
                let mark: [UInt8] = kind == .joliet ? [0, 0x3B] : [0x3B]
                return entry.identifier.dropLast(kind == .joliet ? 2 : 1).suffix(mark.count) == mark
            }
            next = here.parent
        }
        return true
    }

    /// The name that the tree will show of an entry with a name.
    func shownName(_ name: [UInt8], isDirectory: Bool) -> String {
        let text = SourceNode.text(name)
        guard kind == .iso else { return text }
        var names = ISONames(isJoliet: false)
        let identifier = names.identifier(AuthoredName(bytes: name), isDirectory: isDirectory)
        var made = SourceNode.text(identifier)
        if made.hasSuffix(";1") { made.removeLast(2) }
        if made.hasSuffix("."), !isDirectory { made.removeLast() }
        return made
    }
}

extension [FileExtent] {
    /// The same in sectors farther back.
    func shifted(by sectors: Int) -> [FileExtent] {
        map { extent in
            var extent = extent
            extent.offset = extent.offset.map { $0 + sectors * 2048 }
            return extent
        }
    }
}
