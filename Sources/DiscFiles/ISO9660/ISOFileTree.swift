/// The files that one descriptor of an ISO 9660 volume leads to.
final class ISOFileTree: FileTree {
    /// Parts of one file: at 4 GiB each, more than any disc holds.
    private static let mostParts = 4096
    /// The bytes of one directory: a million of the smallest records.
    private static let longestDirectory = 1 << 28

    let kind: FileTreeKind
    let root: FileEntry
    private let reader: StructureReader
    private let blockSize: Int
    private let isDraft: Bool
    /// Bytes before the entries of SUSP in each record.
    private let skippedBytes: Int

    var examinedBytes: Int { reader.examined }
    var mostExamined: Int { reader.mostExamined }

    /// Opens the tree below a descriptor.
    ///
    /// - Throws: ``BrokenStructure`` where its root can't be found.
    init(_ reader: StructureReader, _ descriptor: VolumeDescriptor, kind: FileTreeKind) throws {
        reader.begin()
        self.reader = reader
        self.kind = kind
        isDraft = descriptor.kind == .highSierra
        // The draft and some old programs leave the size of blocks out.
        let sizes = [512, 1024, 2048]
        blockSize =
            sizes.contains(descriptor.logicalBlockSize) ? descriptor.logicalBlockSize : 2048
        let bytes = try reader.bytes(at: descriptor.sector * 2048, count: 2048)
        let place = isDraft ? 180 : 156
        guard
            let record = DirectoryRecord(bytes.span, at: place, end: place + 34, isDraft: isDraft)
        else {
            throw BrokenStructure(
                "The descriptor in sector \(descriptor.sector) has no record of a root directory."
            )
        }
        var entry = FileEntry(name: "/", kind: .directory)
        entry.extents = Self.extents(record, blockSize: blockSize)
        entry.identity = UInt64(entry.extents.first?.offset ?? 0)
        entry.modified = record.time
        var skipped = 0
        if kind == .rockRidge, let offset = entry.extents.first?.offset,
            let own = try Self.attributes(of: offset, reader, blockSize: blockSize)
        {
            skipped = own.skippedBytes ?? 0
            Self.apply(own, to: &entry)
            entry.kind = .directory
        }
        skippedBytes = skipped
        root = entry
    }

    /// Whether the directory at a block has Rock Ridge's entries in its own record.
    static func hasRockRidge(_ reader: StructureReader, _ descriptor: VolumeDescriptor) throws
        -> Bool
    {
        do {
            let tree = try ISOFileTree(reader, descriptor, kind: .iso)
            guard let offset = tree.root.extents.first?.offset else { return false }
            let own = try attributes(of: offset, reader, blockSize: tree.blockSize)
            return own.map { $0.isPresent && $0.skippedBytes != nil } ?? false
        } catch is BrokenStructure {
            return false
        }
    }

    func entries(of directory: FileEntry) throws -> DirectoryListing {
        reader.begin()
        var listing = DirectoryListing()
        var gathering = Gathering()
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
            try take(bytes, from: position, into: &listing, &gathering)
        }
    }

    /// Takes the records of a sector, or of the rest of one.
    private func take(
        _ bytes: [UInt8],
        from position: Int,
        into listing: inout DirectoryListing,
        _ gathering: inout Gathering
    ) throws {
        var within = 0
        while within + DirectoryRecord.fixedLength < bytes.count, bytes[within] != 0 {
            guard let record = record(bytes, at: within) else {
                listing.note(
                    "The record at byte \((position + within) % 2048) of sector \(position / 2048) is broken."
                )
                return
            }
            within += record.length
            if record.isSelfOrParent { continue }
            try take(record, bytes, into: &listing, &gathering)
        }
    }

    private func record(_ bytes: [UInt8], at offset: Int) -> DirectoryRecord? {
        DirectoryRecord(bytes.span, at: offset, end: bytes.count, isDraft: isDraft)
    }

    private func take(
        _ record: DirectoryRecord,
        _ bytes: [UInt8],
        into listing: inout DirectoryListing,
        _ gathering: inout Gathering
    ) throws {
        if !record.ordersAgree {
            listing.note(
                "A record's numbers differ in their two byte orders; the little-endian ones are taken.",
                hidesEntries: false
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
        if kind == .rockRidge {
            let start = min(record.systemUse.lowerBound + skippedBytes, record.systemUse.upperBound)
            let own = try RockRidgeAttributes(
                Array(bytes[start..<record.systemUse.upperBound]),
                reader,
                blockSize: blockSize
            )
            if let problem = own.problem { listing.note(problem, hidesEntries: false) }
            if own.isRelocated { return }
            try complete(&entry, own, &listing)
        }
        if let last = extents.last, let offset = last.offset, entry.kind == .file,
            !reader.holds(offset, count: last.length)
        {
            listing.note(
                "“\(FileName.shown(entry.name))” lies partly or wholly behind the end of the disc.",
                hidesEntries: false
            )
        }
        gathering.take(entry, record, into: &listing, names: kind, mostParts: Self.mostParts)
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
                let bytes = try reader.bytes(at: offset, count: 2048 - offset % 2048)
                guard let record = DirectoryRecord(bytes.span, at: 0, end: bytes.count) else {
                    throw BrokenStructure("There is no directory in sector \(offset / 2048).")
                }
                entry.extents = [FileExtent(offset: offset, length: record.size)]
                if let own = try Self.attributes(of: offset, reader, blockSize: blockSize) {
                    Self.apply(own, to: &entry)
                }
            } catch let error as BrokenStructure {
                listing.note("A relocated directory is missing. \(error.sentence)")
                entry.extents = []
            }
            entry.kind = .directory
            entry.identity = UInt64(offset)
            entry.size = 0
        } else if isDirectory != (entry.kind == .directory) {
            listing.note(
                "ISO 9660 and Rock Ridge differ on whether “\(FileName.shown(entry.name))” is a directory.",
                hidesEntries: false
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
        entry.userID = own.userID ?? entry.userID
        entry.groupID = own.groupID ?? entry.groupID
        entry.modified = own.modified ?? entry.modified
        entry.accessed = own.accessed ?? entry.accessed
        entry.created = own.created ?? entry.created
        if [.blockDevice, .characterDevice].contains(entry.kind) { entry.device = own.device }
        if let size = own.unpackedSize, entry.kind == .file {
            entry.size = size
            entry.compression = "zisofs"
        }
    }

    /// The entries of a directory's own record, which is its first.
    private static func attributes(
        of offset: Int,
        _ reader: StructureReader,
        blockSize: Int
    ) throws -> RockRidgeAttributes? {
        do {
            let bytes = try reader.bytes(at: offset, count: 2048 - offset % 2048)
            guard let record = DirectoryRecord(bytes.span, at: 0, end: bytes.count) else {
                return nil
            }
            return try RockRidgeAttributes(
                Array(bytes[record.systemUse]),
                reader,
                blockSize: blockSize
            )
        } catch is BrokenStructure {
            return nil
        }
    }

    private static func extents(_ record: DirectoryRecord, blockSize: Int) -> [FileExtent] {
        guard record.size > 0 else { return [] }
        let gaps = record.interleave
        return [
            FileExtent(
                offset: (record.block + record.attributeBlocks) * blockSize,
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
