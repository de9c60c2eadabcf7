/// The files that one descriptor of an ISO 9660 volume leads to.
final class ISOFileTree: FileTree {
    /// Parts of one file: at 4 GiB each, more than any disc holds.
    private static let mostParts = 4096
    /// The bytes of one directory: a million of the smallest records.
    static let longestDirectory = 1 << 28

    let kind: FileTreeKind
    let root: FileEntry
    let reader: StructureReader
    let blockSize: Int
    let isDraft: Bool
    /// Bytes before the entries of SUSP in each record.
    private let skippedBytes: Int
    /// What is wrong with the root directory as a whole.
    private let rootProblems: [FileTreeProblem]
    private let descriptor: VolumeDescriptor
    /// The byte after the volume's last one (ECMA-119 §8.4.8); `nil` if it is not known.
    let volumeEnd: Int?
    /// The path table, once something had to be looked up in it.
    private(set) lazy var pathTable: PathTable? = readPathTable()

    var examinedBytes: Int { reader.examined }
    var mostExamined: Int { reader.mostExamined }

    /// Opens the tree below a descriptor.
    ///
    /// - Parameters:
    ///   - reader: The disc.
    ///   - descriptor: The descriptor.
    ///   - kind: Whose names are read.
    ///   - volumeEnd: The byte after the volume's last one; `nil` if it is not known.
    /// - Throws: ``BrokenStructure`` if it has no root directory.
    init(
        _ reader: StructureReader,
        _ descriptor: VolumeDescriptor,
        kind: FileTreeKind,
        volumeEnd: Int?
    ) throws {
        reader.begin()
        self.volumeEnd = volumeEnd
        self.reader = reader
        self.kind = kind
        self.descriptor = descriptor
        isDraft = descriptor.kind == .highSierra
        let found = try ISORoot(reader, of: descriptor)
        blockSize = found.blockSize
        rootProblems = found.problems
        var entry = FileEntry(name: "/", kind: .directory)
        entry.extents = [FileExtent(offset: found.offset, length: found.size)]
        entry.identity = UInt64(found.offset)
        entry.modified = found.time
        var skipped = 0
        if kind == .rockRidge, let own = try found.rockRidge(reader)?.attributes {
            skipped = own.skippedBytes ?? 0
            Self.apply(own, to: &entry)
            entry.kind = .directory
        }
        skippedBytes = skipped
        root = entry
    }

    /// Whether the tree below a descriptor has Rock Ridge's entries.
    static func hasRockRidge(_ reader: StructureReader, _ descriptor: VolumeDescriptor) throws
        -> Bool
    {
        do {
            reader.begin()
            return try ISORoot(reader, of: descriptor).rockRidge(reader) != nil
        } catch is BrokenStructure {
            return false
        }
    }

    private func readPathTable() -> PathTable? {
        guard let bytes = try? reader.bytes(at: descriptor.sector * 2048, count: 2048) else {
            return nil
        }
        return try? PathTable.first(
            reader,
            of: bytes.span,
            blockSize: blockSize,
            isDraft: isDraft
        )
    }

    func entries(of directory: FileEntry) throws -> DirectoryListing {
        reader.begin()
        var listing = DirectoryListing()
        var gathering = Gathering()
        if directory.identity == root.identity {
            for problem in rootProblems {
                listing.note(problem.sentence, loss: problem.loss)
            }
        }
        for extent in directory.extents where !listing.isFull {
            guard let offset = extent.offset else { continue }
            do {
                try read(offset, extent.length, into: &listing, &gathering)
            } catch let error as BrokenStructure {
                listing.note(error.sentence)
            }
        }
        if listing.isFull { listing.note("The directory has more entries than are listed.") }
        gathering.finish(into: &listing, names: kind)
        listing.finish()
        return listing
    }

    /// Reads the records of a run of sectors; none of them lies in two (ECMA-119 §6.8.1.1).
    private func read(
        _ offset: Int,
        _ length: Int,
        into listing: inout DirectoryListing,
        _ gathering: inout Gathering
    ) throws {
        var position = offset
        let end = offset + min(length, Self.longestDirectory)
        if length > Self.longestDirectory {
            listing.note("A directory of \(length) bytes is cut at \(Self.longestDirectory).")
        }
        while position < end, !listing.isFull {
            let sectorEnd = (position / 2048 + 1) * 2048
            defer { position = sectorEnd }
            let bytes: [UInt8]
            do {
                bytes = try reader.bytes(at: position, count: sectorEnd - position)
            } catch let error as BrokenStructure {
                listing.note(error.sentence)
                // Behind the disc's end there is nothing more, and neither when all is examined.
                guard reader.holds(sectorEnd, count: 2048) else { return }
                try reader.charge(2048)
                continue
            }
            try take(bytes, from: position, in: offset, into: &listing, &gathering)
        }
    }

    /// Takes the records of a sector, or of the rest of one.
    private func take(
        _ bytes: [UInt8],
        from position: Int,
        in directory: Int,
        into listing: inout DirectoryListing,
        _ gathering: inout Gathering
    ) throws {
        var within = 0
        let isTold =
            directory == Int(root.identity) && rootProblems.contains { $0.loss == .entries }
        if position == directory, !isTold, record(bytes, at: 0)?.isSelf != true {
            listing.note("The directory in sector \(position / 2048) has no record of itself.")
        }
        while within + DirectoryRecord.fixedLength < bytes.count, bytes[within] != 0 {
            guard let record = record(bytes, at: within) else {
                listing.note(
                    "The record at byte \((position + within) % 2048) of sector \(position / 2048) is broken."
                )
                return
            }
            within += record.length
            if DirectoryRecord.isSwallowed(by: record, in: bytes.span) {
                listing.note(
                    "The record before byte \((position + within) % 2048) of sector \(position / 2048) is so long that it covers the next one."
                )
            }
            if record.isSelf || record.isParent { continue }
            try take(record, bytes, in: directory, into: &listing, &gathering)
        }
        if DirectoryRecord.isHidden(in: bytes.span, from: within) {
            listing.note(
                "After byte \((position + within) % 2048) of sector \(position / 2048), where its records end, the directory has more of them, which are left out."
            )
        }
    }

    func record(_ bytes: [UInt8], at offset: Int) -> DirectoryRecord? {
        DirectoryRecord(bytes.span, at: offset, end: bytes.count, isDraft: isDraft)
    }

    private func take(
        _ record: DirectoryRecord,
        _ bytes: [UInt8],
        in directory: Int,
        into listing: inout DirectoryListing,
        _ gathering: inout Gathering
    ) throws {
        if !record.ordersAgree {
            listing.note(
                "A record's numbers differ in their two byte orders; the little-endian ones are taken.",
                loss: nil
            )
        }
        let extents = Self.extents(record, blockSize: blockSize)
        var entry = FileEntry(
            name: name(record),
            kind: record.flags.contains(.directory) ? .directory : .file,
            extents: extents
        )
        entry.size = entry.kind == .file ? record.size : 0
        entry.identity = UInt64(extents.first?.offset ?? 0)
        entry.modified = record.time
        entry.isHidden = record.flags.contains(.hidden)
        let head =
            entry.kind == .directory ? try find(&entry, record, in: directory, &listing) : nil
        if kind == .rockRidge {
            let own = try attributes(record, bytes)
            let shown = FileName.shown(own.name ?? Gathering.withoutVersion(entry.name))
            if let problem = own.problem(of: "“\(shown)”") {
                listing.note(problem.sentence, loss: problem.loss)
            }
            if try isShownElsewhere(entry, own, head, &listing) { return }
            try complete(&entry, own, &listing)
        }
        notePlace(of: entry, &listing)
        gathering.take(entry, record, into: &listing, names: kind, mostParts: Self.mostParts)
    }

    /// Tells that a file lies past the disc's end, or a file or a directory past the volume's.
    private func notePlace(of entry: FileEntry, _ listing: inout DirectoryListing) {
        let extents = entry.extents.filter { $0.offset != nil && $0.length > 0 }
        let end: String
        if !extents.allSatisfy({ reader.holds($0.offset ?? 0, count: $0.span) }) {
            // Of a directory that is told when it is entered.
            guard entry.kind == .file else { return }
            end = "end of the disc"
        } else if let volumeEnd, !extents.allSatisfy({ $0.ends(by: volumeEnd) }) {
            end = "end that its volume gives itself, at sector \(volumeEnd / 2048)"
        } else {
            return
        }
        listing.note(
            "“\(FileName.shown(entry.name))” lies partly or wholly past the \(end).",
            loss: nil
        )
    }

    /// What Rock Ridge says in a record, but for the root's first.
    func attributes(_ record: DirectoryRecord, _ bytes: [UInt8]) throws
        -> RockRidgeAttributes
    {
        let start = min(record.systemUse.lowerBound + skippedBytes, record.systemUse.upperBound)
        return try RockRidgeAttributes(
            Array(bytes[start..<record.systemUse.upperBound]),
            reader,
            blockSize: blockSize
        )
    }

    /// Adds what Rock Ridge says, and puts a relocated directory where it belongs.
    private func complete(
        _ entry: inout FileEntry,
        _ own: RockRidgeAttributes,
        _ listing: inout DirectoryListing
    ) throws {
        entry.name = own.name ?? Gathering.withoutVersion(entry.name)
        let isDirectory = entry.kind == .directory
        Self.apply(own, to: &entry)
        if let block = own.childBlock {
            let offset = block * blockSize
            do {
                guard let head = try DirectoryHead(reader, at: offset, isDraft: isDraft) else {
                    throw BrokenStructure("There is no directory in sector \(offset / 2048).")
                }
                entry.extents = [FileExtent(offset: offset, length: head.own.size)]
                Self.apply(try attributes(head.own, head.bytes), to: &entry)
            } catch let error as BrokenStructure {
                listing.note("A relocated directory is missing. \(error.sentence)")
                entry.extents = []
            }
            entry.kind = .directory
            entry.identity = UInt64(offset)
            entry.size = 0
        } else if isDirectory != (entry.kind == .directory) {
            listing.note(
                "ISO 9660 and Rock Ridge differ on whether “\(FileName.shown(entry.name))” is a directory; it is read as ISO 9660 says."
            )
            entry.kind = isDirectory ? .directory : .file
        }
        if entry.kind != .file { entry.size = 0 }
    }

    private static func apply(_ own: RockRidgeAttributes, to entry: inout FileEntry) {
        if let mode = own.mode {
            entry.mode = mode
            if let kind = FileKind(mode: mode) { entry.kind = kind }
        }
        if let target = own.target {
            entry.kind = .symlink
            entry.target = target
        }
        entry.number = own.serial ?? entry.number
        entry.linkCount = own.linkCount ?? entry.linkCount
        entry.userID = own.userID ?? entry.userID
        entry.groupID = own.groupID ?? entry.groupID
        entry.modified = own.modified ?? entry.modified
        entry.accessed = own.accessed ?? entry.accessed
        entry.created = own.created ?? entry.created
        entry.attributes = own.attributes
        if [.blockDevice, .characterDevice].contains(entry.kind) { entry.device = own.device }
        if let size = own.unpackedSize, entry.kind == .file {
            entry.size = size
            entry.compression = "zisofs"
        }
    }

    private static func extents(_ record: DirectoryRecord, blockSize: Int) -> [FileExtent] {
        guard record.size > 0 else { return [] }
        let gaps = record.interleave
        return [
            FileExtent(
                offset: record.place(blockSize: blockSize),
                length: record.size,
                interleave: gaps.unit > 0 && gaps.gap > 0
                    ? FileExtent.Interleave(unit: gaps.unit * blockSize, gap: gaps.gap * blockSize)
                    : nil
            )
        ]
    }

    /// The recorded name, with its version.
    private func name(_ record: DirectoryRecord) -> String {
        kind == .joliet
            ? FileName.bigEndian(record.identifier) : FileName.decoded(record.identifier)
    }
}
