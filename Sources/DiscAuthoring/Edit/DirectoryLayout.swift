import DiscFiles
import Reports

/// The directories of a tree that is changed: where they go, and their bytes.
struct DirectoryLayout {
    private let tree: EditedTree
    /// Whether all that was there before stays as it is, and everything gets new places.
    private let isNew: Bool

    init(_ tree: EditedTree, isNew: Bool) { (self.tree, self.isNew) = (tree, isNew) }

    typealias Entry = EditedTree.Entry

    // MARK: Places

    /// Gives sectors to the directories that are new or have grown, and to those below them.
    ///
    /// A directory lies behind the one that shows it: libarchive goes through an image once, and leaves
    /// out directories that it has passed. So what is below one that moves, moves with it. And it shows the
    /// names of Joliet, which are shorter, if that tree's root lies before the root of the first tree.
    ///
    /// - Parameters:
    ///   - allocator: Gives the sectors.
    ///   - first: The root of the first tree, which has its place already; `nil` if this is it.
    /// - Returns: Whether there are areas of attributes behind directories, and the files that were there
    ///   before and have attributes in such: libarchive wants their bytes behind them.
    /// - Throws: `BrokenStructure` if there are too many.
    func place(_ allocator: inout SectorAllocator, behind first: EditedTree.Directory?) throws
        -> (hasAreas: Bool, files: [Entry])
    {
        guard tree.directories.count <= EditedTree.mostDirectories else {
            throw BrokenStructure(
                "ISO 9660 can't number more than \(EditedTree.mostDirectories) directories."
            )
        }
        var waiting = ([tree.root] + tree.hidden).map { (directory: $0, follows: 0) }
        if let first, tree.root.place > first.before?.lowerBound ?? 0 {
            waiting[0].follows = first.place
        }
        if hidesAreas(of: tree.root), makesAreas(waiting) { waiting[0].follows = .max }
        var hasAreas = false
        var files: [Entry] = []
        var index = 0
        while index < waiting.count {
            let (directory, follows) = waiting[index]
            index += 1
            let count = directory.isChanged ? Self.sectors(of: directory) : directory.sectorCount
            guard count * 2048 <= Int(UInt32.max) else {
                throw BrokenStructure("A directory has more entries than ISO 9660 can hold.")
            }
            let isMoved = moves(directory, to: count, behind: follows)
            if isMoved {
                if directory.before != nil { try takeAreasAlong(directory) }
                directory.place = allocator.appendDirectory(count + directory.areas.count)
                hasAreas = hasAreas || directory.areas.count > 0
                if directory.areas.count > 0, !isNew {
                    files += directory.entries.filter { one in
                        one.kind == .file && one.file == nil
                            && one.records.contains(where: tree.leadsToNewArea)
                    }
                }
            }
            directory.sectorCount = count
            for entry in directory.entries where !entry.isShownElsewhere {
                guard let inside = entry.directory else { continue }
                let isBound = isMoved || entry.isInserted
                waiting.append((inside, isBound ? directory.place : 0))
            }
        }
        return (hasAreas, files)
    }

    /// Whether a directory gets another place.
    private func moves(
        _ directory: EditedTree.Directory,
        to count: Int,
        behind place: Int
    ) -> Bool {
        isNew || count > directory.before?.count ?? 0 || directory.place < place
            || directory.areas.count > 0 || hasOldAreas(directory)
    }

    /// Whether a root that stays keeps libarchive from all areas of attributes that are made behind
    /// directories.
    ///
    /// It takes an area only where it comes to it right after a directory or another area, and none after one
    /// that it has passed. genisoimage has that of the root behind all directories, those of Joliet last.
    private func hidesAreas(of root: EditedTree.Directory) -> Bool {
        guard tree.hasRockRidge, !isNew, root.remainder == nil, let before = root.before,
            let offset = entry("CE", in: root.own), offset + 28 <= root.own.count
        else { return false }
        return RecordFields.number(at: offset + 4, in: root.own) + tree.base != before.upperBound
    }

    /// Whether areas of attributes are made behind directories that move of themselves.
    private func makesAreas(_ first: [(directory: EditedTree.Directory, follows: Int)]) -> Bool {
        var waiting = first
        while let (directory, follows) = waiting.popLast() {
            let count = directory.isChanged ? Self.sectors(of: directory) : directory.sectorCount
            let isMoved = moves(directory, to: count, behind: follows)
            if isMoved, directory.areas.count > 0 || directory.before != nil && hasAreas(directory)
            {
                return true
            }
            for entry in directory.entries where !entry.isShownElsewhere {
                guard let inside = entry.directory else { continue }
                let place = isMoved ? .max : entry.isInserted ? directory.place : 0
                waiting.append((inside, place))
            }
        }
        return false
    }

    /// Whether attributes of a directory or of what is in it go on elsewhere.
    private func hasAreas(_ directory: EditedTree.Directory) -> Bool {
        let records = [directory.own, directory.above] + directory.entries.flatMap(\.records)
        return records.contains { entry("CE", in: $0) != nil }
    }

    /// Whether an entry was put into a directory whose attributes go on behind another one.
    private func hasOldAreas(_ directory: EditedTree.Directory) -> Bool {
        tree.hasRockRidge
            && directory.entries.contains { one in
                one.isInserted && one.records.contains { entry("CE", in: $0) != nil }
            }
    }

    /// Puts areas of attributes behind a directory that has moved.
    private func takeAreasAlong(_ directory: EditedTree.Directory) throws {
        guard tree.hasRockRidge else { return }
        try takeAreaAlong(&directory.own, &directory.areas)
        try takeAreaAlong(&directory.above, &directory.areas)
        for entry in directory.entries where entry.kind != .file || !isNew {
            for index in entry.records.indices {
                try takeAreaAlong(&entry.records[index], &directory.areas)
            }
        }
    }

    private func takeAreaAlong(_ record: inout [UInt8], _ areas: inout ContinuationAreas) throws {
        guard let offset = entry("CE", in: record), offset + 28 <= record.count,
            RecordFields.number(at: offset + 4, in: record) < ContinuationAreas.first
        else { return }
        let inside = count(of: record)
        let entries = Array(try tree.reader.systemUse(of: record).dropFirst(inside))
        guard !entries.isEmpty else { return }
        let link = areas.put(entries)
        record.replaceSubrange(offset..<offset + link.count, with: link)
    }

    /// How many entries of SUSP stand in a record itself, those that only lead elsewhere not counted.
    private func count(of record: [UInt8]) -> Int {
        var position = tree.systemUseStart(of: record)
        var found = 0
        while position + 4 <= record.count {
            let length = Int(record[position + 2])
            guard length >= 4, position + length <= record.count else { break }
            let name = Array(record[position..<position + 2])
            if name == Array("ST".utf8) { break }
            if name != Array("CE".utf8) || length < 28 { found += 1 }
            position += length
        }
        return found
    }

    /// The sectors of a directory, whose records never cross the end of one (ECMA-119 §6.8.1.1).
    private static func sectors(of directory: EditedTree.Directory) -> Int {
        var position = directory.own.count + directory.above.count
        for entry in directory.ordered {
            for record in entry.records {
                if position % 2048 + record.count > 2048 {
                    position = (position + 2047) / 2048 * 2048
                }
                position += record.count
            }
        }
        return (position + 2047) / 2048
    }

    // MARK: Bytes

    /// What changes of the directories: those whose entries, places or sizes are others than before, and
    /// those beside and below them that say so.
    ///
    /// - Throws: `BrokenStructure` if a record can't say where its directory is.
    func pieces() throws -> [EditedSource.Piece] {
        var pieces: [EditedSource.Piece] = []
        for (directory, _, _) in tree.directories {
            guard try update(directory) || directory.isChanged else { continue }
            if !isNew, let sector = directory.remainder {
                throw BrokenStructure(
                    "Sector \(sector) belongs to a directory that changes, and has something else in it."
                )
            }
            placeAreas(of: directory)
            let range = directory.place..<directory.place + directory.sectorCount
            pieces.append(.init(sectors: range, content: .bytes(Self.bytes(of: directory))))
            if directory.areas.count > 0 {
                let areas = range.upperBound..<range.upperBound + directory.areas.count
                let bytes = directory.areas.placed(at: areas.lowerBound - tree.base)
                pieces.append(.init(sectors: areas, content: .bytes(bytes)))
            }
            // What it has no need of any more, or has left.
            guard !isNew, let before = directory.before else { continue }
            let rest = SectorSet([before]).subtracting(SectorSet([range]))
            pieces += rest.ranges.map { .init(sectors: $0, content: .zeros) }
        }
        return pieces
    }

    /// Has the records of a directory lead to the areas that were made for them.
    private func placeAreas(of directory: EditedTree.Directory) {
        guard directory.areas.count > 0 else { return }
        let place = directory.place + directory.sectorCount - tree.base
        Self.placeArea(of: &directory.own, place, entry("CE", in: directory.own))
        Self.placeArea(of: &directory.above, place, entry("CE", in: directory.above))
        for one in directory.entries {
            for index in one.records.indices {
                let offset = entry("CE", in: one.records[index])
                Self.placeArea(of: &one.records[index], place, offset)
            }
        }
    }

    private static func placeArea(of record: inout [UInt8], _ place: Int, _ offset: Int?) {
        guard let offset, offset + 28 <= record.count else { return }
        let block = RecordFields.number(at: offset + 4, in: record)
        guard block >= ContinuationAreas.first else { return }
        RecordFields.put(block - ContinuationAreas.first + place, at: offset + 4, in: &record)
    }

    /// Puts the places, sizes and numbers of directories into a directory's records.
    ///
    /// - Returns: Whether that changes them.
    private func update(_ directory: EditedTree.Directory) throws -> Bool {
        let (own, above) = (directory.own, directory.above)
        let parent = directory.parent ?? tree.root
        put(directory, in: &directory.own)
        put(parent, in: &directory.above)
        putLinks(of: directory, in: &directory.own)
        putLinks(of: parent, in: &directory.above)
        var isChanged = own != directory.own
        if let shown = directory.shownParent {
            isChanged =
                try putBlock(of: shown, "PL", in: &directory.above) || isChanged
        }
        isChanged = isChanged || above != directory.above
        for entry in directory.entries {
            guard let inside = entry.directory else { continue }
            let before = entry.records[0]
            if entry.relocated != nil {
                _ = try putBlock(of: inside, "CL", in: &entry.records[0])
            } else {
                put(inside, in: &entry.records[0])
            }
            putLinks(of: inside, in: &entry.records[0])
            isChanged = isChanged || before != entry.records[0]
        }
        return isChanged
    }

    private func put(_ directory: EditedTree.Directory, in record: inout [UInt8]) {
        RecordFields.put(directory.place - tree.base, at: 2, in: &record)
        RecordFields.put(directory.sectorCount * 2048, at: 10, in: &record)
    }

    /// Puts a block into the entry that leads to or from a directory that was moved (P1282 §4.1.5).
    private func putBlock(
        of directory: EditedTree.Directory,
        _ name: String,
        in record: inout [UInt8]
    ) throws -> Bool {
        guard directory.place != directory.before?.lowerBound else { return false }
        guard let offset = entry(name, in: record) else {
            throw BrokenStructure("A relocated directory's record has no room for its place.")
        }
        RecordFields.put(directory.place - tree.base, at: offset + 4, in: &record)
        return true
    }

    /// Puts the number of a directory's names into a record, if it was right before: two, and one for each
    /// directory in it (P1282 §4.1.1).
    private func putLinks(of directory: EditedTree.Directory, in record: inout [UInt8]) {
        guard tree.hasRockRidge, directory.isChanged, let before = directory.directoriesBefore,
            let offset = entry("PX", in: record),
            RecordFields.number(at: offset + 12, in: record) == Int(before) + 2
        else { return }
        let count = directory.shown.count { $0.kind == .directory }
        RecordFields.put(count + 2, at: offset + 12, in: &record)
    }

    private func entry(_ name: String, in record: [UInt8]) -> Int? {
        tree.systemUseEntry(name, in: record)
    }

    private static func bytes(of directory: EditedTree.Directory) -> [UInt8] {
        var bytes = directory.own + directory.above
        bytes.reserveCapacity(directory.sectorCount * 2048)
        for entry in directory.ordered {
            for record in entry.records {
                let within = bytes.count % 2048
                if within + record.count > 2048 {
                    bytes += [UInt8](repeating: 0, count: 2048 - within)
                }
                bytes += record
            }
        }
        return bytes + [UInt8](repeating: 0, count: directory.sectorCount * 2048 - bytes.count)
    }

    // MARK: Path tables

    /// The path tables, if they change, and what the descriptor says of them; ECMA-119 §9.4.
    ///
    /// - Parameters:
    ///   - descriptor: The tree's descriptor, which is changed.
    ///   - allocator: Gives sectors to tables that have grown.
    /// - Returns: The tables.
    func pathTables(_ descriptor: inout [UInt8], _ allocator: inout SectorAllocator)
        -> [EditedSource.Piece]
    {
        let directories = tree.directories
        let isMoved = directories.contains { $0.directory.place != $0.directory.before?.lowerBound }
        guard isNew || isMoved || tree.hasOtherDirectories else { return [] }
        let little = Self.pathTable(directories, base: tree.base, isBig: false)
        let big = Self.pathTable(directories, base: tree.base, isBig: true)
        let before = (RecordFields.number(at: 132, in: descriptor) + 2047) / 2048
        let count = (little.count + 2047) / 2048
        RecordFields.put(little.count, at: 132, in: &descriptor)
        let known = tree.pathTables.map(\.field)
        let isLost = RecordedPathTable.required.contains { field in
            RecordedPathTable.block(field, in: descriptor) > 0 && !known.contains(field)
        }
        guard isNew || count > before || isLost else {
            // What a descriptor leads to that is no table keeps its bytes.
            let places = Dictionary(
                tree.pathTables.map { ($0.sectors.lowerBound + tree.base, $0.isBig) }
            ) { first, _ in first }
            return places.sorted { $0.key < $1.key }.map { place, isBig in
                .init(
                    sectors: place..<place + count,
                    content: .bytes(isBig ? big : little)
                )
            }
        }
        return RecordedPathTable.required.map { field in
            let isBig = RecordedPathTable.isBig(field)
            let place = allocator.take(count)
            Self.put(place - tree.base, field, isBig, in: &descriptor)
            // The second copies are no longer there.
            Self.put(0, field + 4, isBig, in: &descriptor)
            return .init(
                sectors: place..<place + count,
                content: .bytes(isBig ? big : little)
            )
        }
    }

    private static func pathTable(
        _ directories: [(directory: EditedTree.Directory, identifier: [UInt8], parent: Int)],
        base: Int,
        isBig: Bool
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        func put(_ value: Int, _ count: Int) {
            let little = (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
            bytes += isBig ? little.reversed() : little
        }
        for (directory, identifier, parent) in directories {
            bytes += [UInt8(clamping: identifier.count), 0]
            put(directory.place - base, 4)
            put(parent + 1, 2)
            bytes += identifier
            if identifier.count % 2 != 0 { bytes.append(0) }
        }
        return bytes
    }

    private static func put(_ value: Int, _ offset: Int, _ isBig: Bool, in bytes: inout [UInt8]) {
        for index in 0..<4 {
            let byte = UInt8(truncatingIfNeeded: value >> (index * 8))
            bytes[isBig ? offset + 3 - index : offset + index] = byte
        }
    }
}
