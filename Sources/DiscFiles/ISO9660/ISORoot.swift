/// The root directory that a descriptor of an ISO 9660 volume leads to.
///
/// The descriptor's record gives its place, and the path table gives it once more: the discs on which
/// the first is wrong and the second right were pressed in the 1990s.
struct ISORoot {
    /// Sectors after a descriptor in which the root directory of a later session is looked for.
    private static let longestSearch = 64

    /// The byte of the disc that it begins at.
    let offset: Int
    /// Its bytes.
    let size: Int
    /// When it was recorded.
    let time: FileTime?
    /// Bytes in a logical block.
    let blockSize: Int
    /// What is wrong with it.
    let problems: [FileTreeProblem]
    /// The path table, if the search for the root had to read it.
    let pathTable: PathTable?
    /// Its own record and its parent's; `nil` if it has none or it can't be read.
    private let head: DirectoryHead?
    private let isDraft: Bool

    /// Finds the root directory.
    ///
    /// - Parameters:
    ///   - reader: The disc.
    ///   - descriptor: The descriptor.
    /// - Throws: ``BrokenStructure`` if there is none, and what the source throws besides
    ///   `UnreadableSectors`.
    init(_ reader: any StructureBytes, of descriptor: VolumeDescriptor) throws {
        let isDraft = descriptor.kind == .highSierra
        // The draft and some old programs leave the size of blocks out.
        let blockSize = Self.blockSize(of: descriptor)
        let bytes = try reader.structure(at: descriptor.sector * 2048, count: 2048)
        let record = DirectoryRecord(
            rootAt: isDraft ? 180 : 156,
            of: bytes.span,
            isDraft: isDraft
        )
        self.isDraft = isDraft
        self.blockSize = blockSize
        let named = record.place(blockSize: blockSize)
        // What can't be read may still be right.
        var unreadable: BrokenStructure?
        var head: DirectoryHead?
        do {
            head = try DirectoryHead(reader, at: named, isDraft: isDraft)
        } catch let error as BrokenStructure {
            unreadable = error
        }
        if let head, head.isRoot(at: named, blockSize: blockSize) {
            (offset, pathTable, self.head) = (named, nil, head)
            (size, problems) = Self.size(record, head)
            time = record.time
            return
        }
        let table = try PathTable.first(
            reader,
            of: bytes.span,
            blockSize: blockSize,
            isDraft: isDraft
        )
        pathTable = table
        if let place = table?.root, place != named,
            let other = try Self.head(reader, at: place, isDraft: isDraft),
            head == nil || other.isRoot(at: place, blockSize: blockSize)
        {
            (offset, size, time, self.head) = (place, other.own.size, other.own.time, other)
            problems = [
                FileTreeProblem(
                    "The volume descriptor gives sector \(named / 2048) for the root directory, which does not begin there; the path table's sector \(place / 2048) is used.",
                    loss: nil
                )
            ]
            return
        }
        (offset, time, self.head) = (named, record.time, head)
        if let head {
            (size, problems) = Self.size(record, head)
        } else if let unreadable {
            guard record.size > 0, reader.reaches(named),
                table.map({ $0.root == named }) ?? true
            else {
                throw unreadable
            }
            (size, problems) = (record.size, [])
        } else {
            let sentence =
                "The root directory in sector \(named / 2048) has no record of itself, and the path table leads to no other."
            // Records may be all that is right about it.
            guard record.size > 0, try Self.hasRecords(reader, at: named, isDraft: isDraft) else {
                throw BrokenStructure(sentence)
            }
            (size, problems) = (record.size, [FileTreeProblem(sentence)])
        }
    }

    /// Bytes in a logical block: 2048 if the descriptor gives a number that there can't be.
    static func blockSize(of descriptor: VolumeDescriptor) -> Int {
        [512, 1024, 2048].contains(descriptor.logicalBlockSize)
            ? descriptor.logicalBlockSize : 2048
    }

    /// The size that the directory gives itself, which is what Linux goes by, or else the descriptor's.
    private static func size(_ record: DirectoryRecord, _ head: DirectoryHead) -> (
        Int, [FileTreeProblem]
    ) {
        let size = head.own.size
        guard size > 0 else { return (record.size, []) }
        guard record.size != size else { return (size, []) }
        let sentence =
            "The volume descriptor gives \(record.size) bytes for the root directory, which itself gives \(size); those are read."
        return (size, [FileTreeProblem(sentence, loss: nil)])
    }

    private static func head(_ reader: any StructureBytes, at offset: Int, isDraft: Bool) throws
        -> DirectoryHead?
    {
        do {
            return try DirectoryHead(reader, at: offset, isDraft: isDraft)
        } catch is BrokenStructure {
            return nil
        }
    }

    private static func hasRecords(_ reader: any StructureBytes, at offset: Int, isDraft: Bool)
        throws -> Bool
    {
        do {
            let bytes = try reader.structure(at: offset, count: 2048 - offset % 2048)
            return DirectoryRecord(bytes.span, at: 0, end: bytes.count, isDraft: isDraft) != nil
        } catch is BrokenStructure {
            return false
        }
    }

    /// How many sectors of the disc come before an image that is a later session by itself: its
    /// addresses count from the disc's beginning, and the root directory shows by how much.
    ///
    /// - Parameters:
    ///   - reader: The image.
    ///   - descriptor: A descriptor that leads to no root directory.
    /// - Returns: `nil` if the root directory isn't near the descriptors.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    static func sectorsBefore(_ reader: any StructureBytes, _ descriptor: VolumeDescriptor) throws
        -> Int?
    {
        let blockSize = blockSize(of: descriptor)
        let named = descriptor.rootDirectory * blockSize
        for sector in descriptor.sector + 1..<descriptor.sector + longestSearch
        where named / 2048 > sector {
            let offset = sector * 2048 + named % 2048
            guard reader.reaches(offset) else { return nil }
            guard let head = try head(reader, at: offset, isDraft: descriptor.kind == .highSierra)
            else { continue }
            if head.isRoot(at: named, blockSize: blockSize) { return named / 2048 - sector }
        }
        return nil
    }

    // MARK: - Rock Ridge

    /// What its own record says by Rock Ridge, and by which name that knows itself; `nil` without it.
    ///
    /// SUSP §5.3 wants `SP` there, and §5.5 `ER`. What only Rock Ridge has need not be there: macOS's
    /// hdiutil leaves it out. If nothing names Rock Ridge, the first entries show whether it is there.
    func rockRidge(_ reader: any StructureBytes) throws -> (
        name: String, attributes: RockRidgeAttributes
    )? {
        guard let head else { return nil }
        let area = Array(head.bytes[head.own.systemUse])
        let own = try RockRidgeAttributes(
            Array(area.dropFirst(RockRidgeAttributes.indicator(in: area.span) ?? 0)),
            reader,
            blockSize: blockSize
        )
        guard let skipped = own.skippedBytes else { return nil }
        if let name = own.extensionName { return (name, own) }
        if own.isPresent { return ("RR", own) }
        let bytes: [UInt8]
        do {
            bytes = try reader.structure(at: offset, count: min(size, 2048 - offset % 2048))
        } catch is BrokenStructure {
            return nil
        }
        var position = head.own.length
        while let record = DirectoryRecord(
            bytes.span,
            at: position,
            end: bytes.count,
            isDraft: isDraft
        ), record.length > 0 {
            let area = record.systemUse
            let start = min(area.lowerBound + skipped, area.upperBound)
            let other = try RockRidgeAttributes(
                Array(bytes[start..<area.upperBound]),
                reader,
                blockSize: blockSize
            )
            if other.isPresent { return ("RR", own) }
            position += record.length
        }
        return nil
    }
}
