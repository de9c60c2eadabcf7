package import Transfer

/// An entry of a directory of ISO 9660 as its records have it.
package struct RecordedEntry: Sendable {
    /// The records, as they are: several of a file of several sections, and those of what is associated
    /// with it.
    package var records: [[UInt8]]
    /// The name that the tree shows.
    package var name: String
    /// What it is.
    package var kind: FileKind
    /// Where its bytes are, or a directory's records.
    package var extents: [FileExtent]
    /// The bytes of a directory.
    package var size: Int
    /// The block of the directory that it stands for, which Rock Ridge has put elsewhere.
    package var relocatedTo: Int?
    /// Whether it is a directory that Rock Ridge shows elsewhere.
    package var isShownElsewhere: Bool
    /// What Rock Ridge says that a directory's owner, group and mode are.
    package var mode: UInt32?

    /// Its name as ISO 9660 records it, with its version.
    package var identifier: [UInt8] { RecordFields.identifier(of: records[0]) }
}

/// A directory of ISO 9660 as its records have it.
package struct RecordedDirectory: Sendable {
    /// Its record of itself.
    package var own: [UInt8]
    /// Its record of the directory above it.
    package var above: [UInt8]
    /// What is in it, in its order.
    package var entries: [RecordedEntry]
    /// The sectors of attributes that go on elsewhere than in the records.
    package var areas: [Range<Int>] = []
    /// The first of its sectors that has no record and is not empty; `nil` if there is none.
    package var remainder: Int?
}

/// A path table that a descriptor leads to.
package struct RecordedPathTable: Hashable, Sendable {
    /// Where the descriptor has its block (ECMA-119 §8.4.15 to §8.4.18).
    package var field: Int
    /// Its sectors.
    package var sectors: Range<Int>
    /// The blocks of the directories that it names, in its order.
    package var blocks: [Int]

    /// Whether its numbers have their high byte first.
    package var isBig: Bool { Self.isBig(field) }
    /// Where descriptors have the blocks of the two tables, and of their copies.
    package static let fields = [140, 144, 148, 152]
    /// Those of them that every descriptor has.
    package static let required = [140, 148]

    /// Whether a table is one whose numbers have their high byte first.
    package static func isBig(_ field: Int) -> Bool { field >= 148 }

    /// The block that a descriptor has in a field; 0 if it has none.
    package static func block(_ field: Int, in descriptor: [UInt8]) -> Int {
        Int(isBig(field) ? descriptor.span.big32(field) : descriptor.span.little32(field))
    }

    /// Reads a table; `nil` of bytes that are none.
    init?(_ bytes: [UInt8], field: Int, at block: Int) {
        self.field = field
        sectors = block..<block + (bytes.count + 2047) / 2048
        blocks = []
        let span = bytes.span
        var at = 0
        while at < bytes.count {
            let length = Int(bytes[at])
            let end = at + 8 + length + length % 2
            guard length > 0, end <= bytes.count else { return nil }
            let isBig = Self.isBig(field)
            blocks.append(Int(isBig ? span.big32(at + 2) : span.little32(at + 2)))
            // Each is below one that comes before it; the first one, the root, is its own.
            let parent = Int(isBig ? span.big16(at + 6) : span.little16(at + 6))
            guard parent >= 1, parent <= max(1, blocks.count - 1) else { return nil }
            at = end
        }
        guard !blocks.isEmpty else { return nil }
    }
}

/// Reads the directories of a tree of ISO 9660 record by record, for those who write them again.
///
/// It takes nothing that it does not fully understand: what is broken is an error here, where a reader of
/// files would make the best of it.
package final class RecordReader {
    /// Bytes of a directory: a million records.
    private static let longestDirectory = 1 << 28
    /// Bytes of all directories.
    private static let mostBytes = 1 << 30

    /// Whose names the tree has.
    package let kind: FileTreeKind
    /// The descriptor that leads to it.
    package let descriptor: VolumeDescriptor
    /// The root directory's first block.
    package let rootBlock: Int
    /// The root directory's bytes.
    package let rootSize: Int
    /// Bytes that stand before the entries of SUSP in each record but the root's first; SUSP §5.3.
    package let skippedBytes: Int
    /// The bytes of an entry of Rock Ridge's with rights: 44 with a file's number, 36 without one.
    package let rightsLength: Int

    /// The numbers that Rock Ridge gives to the root directory and to what was read so far; P1282 §4.1.1.
    package private(set) var numbers: Set<UInt32> = []

    private let reader: StructureReader
    private var read = 0

    /// Opens the tree below a descriptor.
    ///
    /// - Parameters:
    ///   - source: The disc, in sectors of 2048 bytes.
    ///   - descriptor: The descriptor.
    ///   - kind: Whose names the tree has.
    /// - Throws: ``BrokenStructure`` if its root directory is broken, and what the source throws.
    package init(
        _ source: any SectorSource,
        _ descriptor: VolumeDescriptor,
        kind: FileTreeKind
    ) throws {
        reader = try StructureReader(source)
        self.kind = kind
        self.descriptor = descriptor
        let root = try ISORoot(reader, of: descriptor)
        if let problem = root.problems.first { throw BrokenStructure(problem.sentence) }
        guard root.blockSize == 2048 else {
            throw BrokenStructure("Its blocks have \(root.blockSize) bytes in place of 2048.")
        }
        (rootBlock, rootSize) = (root.offset / 2048, root.size)
        var (skipped, rights) = (0, 36)
        if kind == .rockRidge {
            guard let own = try root.rockRidge(reader)?.attributes else {
                throw BrokenStructure("The root directory has no Rock Ridge.")
            }
            skipped = own.skippedBytes ?? 0
            if let number = own.serial.flatMap(UInt32.init(exactly:)) { numbers.insert(number) }
            let head = try reader.bytes(at: root.offset, count: 255)
            if let record = DirectoryRecord(head.span, at: 0, end: head.count) {
                let start = RecordFields.entriesStart(
                    of: Array(head[..<record.length]),
                    skipping: skipped
                )
                let entries = try Self.systemUse(Array(head[start..<record.length]), reader)
                let length = entries.first { $0.starts(with: [0x50, 0x58]) }?.count
                if length == 44 { rights = 44 }
            }
        }
        (skippedBytes, rightsLength) = (skipped, rights)
    }

    /// Reads a directory.
    ///
    /// - Parameters:
    ///   - block: Its first block.
    ///   - size: Its bytes; what it says itself if `nil`.
    /// - Returns: Its records.
    /// - Throws: ``BrokenStructure`` if something about it is broken, and what the source throws.
    package func directory(at block: Int, size: Int?) throws -> RecordedDirectory {
        reader.begin()
        guard let head = try DirectoryHead(reader, at: block * 2048, isDraft: false),
            let parent = head.parent, head.own.block == block, head.own.attributeBlocks == 0
        else {
            throw BrokenStructure("The directory in sector \(block) doesn't begin as one must.")
        }
        let length = head.own.size
        guard length > 0, length % 2048 == 0, length <= Self.longestDirectory,
            size == nil || size == length
        else {
            throw BrokenStructure("The directory in sector \(block) has \(length) bytes.")
        }
        read += length
        guard read <= Self.mostBytes else {
            throw BrokenStructure("The directories have more than \(Self.mostBytes) bytes.")
        }
        let start = head.own.length
        var directory = RecordedDirectory(
            own: Array(head.bytes[..<start]),
            above: Array(head.bytes[start..<start + parent.length]),
            entries: []
        )
        for record in [directory.own, directory.above] {
            directory.areas += try areas(of: record)
        }
        var gathering = RecordGathering()
        for sector in block..<block + length / 2048 {
            let bytes = try reader.bytes(at: sector * 2048, count: 2048)
            var within = 0
            while within < 2048, bytes[within] != 0 {
                guard let record = DirectoryRecord(bytes.span, at: within, end: bytes.count) else {
                    throw BrokenStructure(
                        "The record at byte \(within) of sector \(sector) is broken."
                    )
                }
                let own = Array(bytes[within..<within + record.length])
                within += record.length
                if record.isSelf || record.isParent { continue }
                gathering.take(try entry(record, own, in: sector))
                directory.areas += try areas(of: own)
            }
            if within == 0, directory.remainder == nil, bytes.contains(where: { $0 != 0 }) {
                directory.remainder = sector
            }
            guard !DirectoryRecord.isHidden(in: bytes.span, from: within) else {
                throw BrokenStructure(
                    "In sector \(sector), there are records after the last one of a directory."
                )
            }
        }
        directory.entries = gathering.finish()
        return directory
    }

    private func entry(_ record: DirectoryRecord, _ bytes: [UInt8], in sector: Int) throws
        -> RecordedEntry
    {
        guard record.ordersAgree, !record.identifier.isEmpty else {
            throw BrokenStructure("A record in sector \(sector) contradicts itself.")
        }
        let isDirectory = record.flags.contains(.directory)
        let gaps = record.interleave
        var entry = RecordedEntry(
            records: [bytes],
            name: shownName(record),
            kind: isDirectory ? .directory : .file,
            extents: record.size == 0
                ? []
                : [
                    FileExtent(
                        offset: record.block * 2048,
                        length: record.size + record.attributeBlocks * 2048,
                        interleave: gaps.unit > 0 && gaps.gap > 0
                            ? FileExtent.Interleave(
                                unit: gaps.unit * 2048,
                                gap: gaps.gap * 2048
                            ) : nil
                    )
                ],
            size: record.size,
            relocatedTo: nil,
            isShownElsewhere: false
        )
        if isDirectory, record.attributeBlocks > 0 || entry.extents.first?.interleave != nil {
            throw BrokenStructure(
                "The record of a directory in sector \(sector) is an unusual one."
            )
        }
        guard kind == .rockRidge else { return entry }
        // The record is read by itself, so its places count from its own beginning.
        guard let alone = DirectoryRecord(bytes.span, at: 0, end: bytes.count) else {
            throw BrokenStructure("A record in sector \(sector) is broken.")
        }
        let start = min(
            alone.systemUse.lowerBound + skippedBytes,
            alone.systemUse.upperBound
        )
        let own = try RockRidgeAttributes(
            Array(bytes[start..<alone.systemUse.upperBound]),
            reader,
            blockSize: 2048
        )
        if let problem = own.problem(of: "a file") { throw BrokenStructure(problem.sentence) }
        entry.name = own.name ?? ISOFileTree.Gathering.withoutVersion(entry.name)
        entry.mode = own.mode
        if let number = own.serial.flatMap(UInt32.init(exactly:)) { numbers.insert(number) }
        if let mode = own.mode, let known = FileKind(mode: mode), !isDirectory, known != .directory
        {
            entry.kind = known
        }
        if own.target != nil { entry.kind = .symlink }
        entry.relocatedTo = own.childBlock
        entry.isShownElsewhere = own.isRelocated && isDirectory
        if own.childBlock != nil { entry.kind = .directory }
        return entry
    }

    private func shownName(_ record: DirectoryRecord) -> String {
        let name =
            kind == .joliet
            ? FileName.bigEndian(record.identifier) : FileName.decoded(record.identifier)
        if kind == .rockRidge { return name }
        return ISOFileTree.Gathering.withoutVersion(name, keepsDot: kind == .iso1999)
    }

    /// The entries of SUSP in a record, and in its continuation areas; those that only lead to others,
    /// and the one that ends them, are left out.
    ///
    /// - Parameter record: A record of this tree.
    /// - Returns: The entries, in their order.
    /// - Throws: ``BrokenStructure`` if they go on in a circle or can't be read.
    package func systemUse(of record: [UInt8]) throws -> [[UInt8]] {
        guard let known = DirectoryRecord(record.span, at: 0, end: record.count) else { return [] }
        let start = min(
            RecordFields.entriesStart(of: record, skipping: skippedBytes),
            known.systemUse.upperBound
        )
        reader.begin()
        return try Self.systemUse(Array(record[start..<known.systemUse.upperBound]), reader)
    }

    /// The sectors in which the attributes of a record go on.
    private func areas(of record: [UInt8]) throws -> [Range<Int>] {
        guard kind == .rockRidge,
            let known = DirectoryRecord(record.span, at: 0, end: record.count)
        else { return [] }
        let start = min(
            RecordFields.entriesStart(of: record, skipping: skippedBytes),
            known.systemUse.upperBound
        )
        var places: [Range<Int>] = []
        _ = try Self.systemUse(Array(record[start..<known.systemUse.upperBound]), reader) {
            places.append($0 / 2048..<($0 + $1 + 2047) / 2048)
        }
        return places
    }

    /// The path tables that the descriptor leads to, as far as they are such.
    package func pathTables() throws -> [RecordedPathTable] {
        reader.begin()
        let bytes = try reader.bytes(at: descriptor.sector * 2048, count: 2048)
        let size = RecordFields.number(at: 132, in: bytes)
        guard size > 0, size <= Self.longestPathTable else { return [] }
        return RecordedPathTable.fields.compactMap { field in
            let block = RecordedPathTable.block(field, in: bytes)
            guard block > 0, let table = try? reader.bytes(at: block * 2048, count: size) else {
                return nil
            }
            return RecordedPathTable(table, field: field, at: block)
        }
    }

    /// Bytes of the longest path table: directories are numbered with 16 bits.
    private static let longestPathTable = 1 << 24

    private static func systemUse(
        _ area: [UInt8],
        _ reader: StructureReader,
        _ goesOn: (_ offset: Int, _ count: Int) -> Void = { _, _ in }
    ) throws -> [[UInt8]] {
        var entries: [[UInt8]] = []
        var area = area
        for _ in 0..<64 {
            var next: (block: Int, offset: Int, count: Int)?
            var position = 0
            while position + 4 <= area.count {
                let length = Int(area[position + 2])
                guard length >= 4, position + length <= area.count else { break }
                let entry = Array(area[position..<position + length])
                position += length
                if entry.starts(with: [0x53, 0x54]) { break }
                if entry.starts(with: [0x43, 0x45]), length >= 28 {
                    next = (
                        Int(entry.span.both32(4)), Int(entry.span.both32(12)),
                        Int(entry.span.both32(20))
                    )
                } else {
                    entries.append(entry)
                }
            }
            guard let place = next else { return entries }
            guard place.count <= 2048 * 4 else { break }
            let offset = place.block * 2048 + place.offset
            area = try reader.bytes(at: offset, count: place.count)
            goesOn(offset, place.count)
        }
        throw BrokenStructure("A file's attributes go on in a circle, or for too long.")
    }
}

/// Puts together what lies in several records: the sections of a file, and what is associated with it.
private struct RecordGathering {
    private var entries: [RecordedEntry] = []
    private var goesOn = false

    mutating func take(_ entry: RecordedEntry) {
        if let last = entries.last, last.kind != .directory,
            last.identifier == entry.identifier, goesOn
        {
            entries[entries.count - 1].records += entry.records
            entries[entries.count - 1].extents += entry.extents
            entries[entries.count - 1].name = entry.name
        } else {
            entries.append(entry)
        }
        let flags = DirectoryRecord.Flags(rawValue: entry.records[0][25])
        goesOn = flags.contains(.continued) || flags.contains(.associated)
    }

    consuming func finish() -> [RecordedEntry] { entries }
}

/// Fields of a directory record; ECMA-119 §9.1.
package enum RecordFields {
    /// The name with its version.
    package static func identifier(of record: [UInt8]) -> [UInt8] {
        guard record.count > 33 else { return [] }
        return Array(record[33..<min(record.count, 33 + Int(record[32]))])
    }

    /// Where the system use area begins (§9.1.13).
    package static func systemUseStart(of record: [UInt8]) -> Int {
        guard record.count > 33 else { return record.count }
        let length = Int(record[32])
        return min(record.count, 33 + length + (length + 1) % 2)
    }

    /// Where the entries of SUSP begin in a record.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - skipped: What stands before them in every record but the root's of itself.
    /// - Returns: The place, at most the record's end.
    package static func entriesStart(of record: [UInt8], skipping skipped: Int) -> Int {
        let start = systemUseStart(of: record)
        // The root's record of itself is the one that says how much the others skip.
        let indicator =
            identifier(of: record) == [0]
            ? RockRidgeAttributes.indicator(in: record.span.extracting(start..<record.count)) : nil
        return min(start + (indicator ?? skipped), record.count)
    }

    /// Puts a number in both byte orders (§7.3.3).
    package static func put(_ value: Int, at offset: Int, in bytes: inout [UInt8]) {
        guard offset + 8 <= bytes.count else { return }
        let value = UInt32(clamping: value)
        for index in 0..<4 {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(index * 8))
            bytes[offset + 7 - index] = bytes[offset + index]
        }
    }

    /// The number in both byte orders at a place.
    package static func number(at offset: Int, in bytes: [UInt8]) -> Int {
        Int(bytes.span.both32(offset))
    }
}
