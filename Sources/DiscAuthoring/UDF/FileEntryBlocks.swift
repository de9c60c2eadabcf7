import DiscFiles

/// The blocks of a file entry: the entry, and those that its extents' descriptors go on in.
///
/// ECMA-167 4/14.9, 4/14.17 and 4/14.5.
enum FileEntryBlocks {
    /// The largest extent: its length has 30 bits, and only the last one of a file may end within a
    /// block.
    static let longestExtent = 1 << 30 - 2048
    /// The bytes of an allocation extent descriptor before its descriptors.
    private static let continuationHeader = 24

    /// The types of file; ECMA-167 4/14.6.6 and UDF 2.50 2.2.13.
    enum FileType: UInt8 {
        case directory = 4
        case file = 5
        case symlink = 12
        /// A stream that is read in real time, as those of Blu-ray are.
        case realTime = 249
        case virtualTable = 248
        case metadata = 250
        case metadataMirror = 251

        /// Whether no directory names it.
        var isSystem: Bool { [.virtualTable, .metadata, .metadataMirror].contains(self) }
    }

    /// The bytes that an entry has for descriptors or for the file itself.
    static func room(_ revision: UDFRevision) -> Int { 2048 - header(revision) }

    private static func header(_ revision: UDFRevision) -> Int {
        revision.hasExtendedEntries ? 216 : 176
    }

    /// The blocks that a node's entry takes.
    static func count(_ layout: UDFLayout, _ node: Int) -> Int {
        guard layout.tree.nodes[node].content != nil else { return 1 }
        let width = layout.options.hasStructureMap ? 16 : 8
        let extents = (layout.sizes[node] + longestExtent - 1) / longestExtent
        return 1 + continuations(extents, width, layout.options.revision)
    }

    /// The blocks that descriptors go on in: all but the last of them end with the next one's address.
    private static func continuations(_ extents: Int, _ width: Int, _ revision: UDFRevision) -> Int
    {
        let first = room(revision) / width
        guard extents > first else { return 0 }
        let further = (2048 - continuationHeader) / width - 1
        // The last one has room for one more, which is left.
        return (extents - (first - 1) + further - 1) / further
    }

    /// Makes the blocks of a node's entry.
    static func blocks(_ layout: UDFLayout, _ node: Int) -> [[UInt8]] {
        let revision = layout.options.revision
        let kept = layout.tree.nodes[node].attributes
        let size = layout.sizes[node]
        var entry = FileEntryFields(
            type: .file,
            size: size,
            block: layout.entryBlocks[node],
            uniqueID: layout.uniqueIDs[node],
            attributes: kept,
            linkCount: layout.tree.nodes[node].nameCount
        )
        switch layout.tree.nodes[node].kind {
        case .directory(let entries):
            entry.type = .directory
            // Each directory in it has an entry for its parent, and so has the root itself.
            entry.linkCount = 1 + entries.count { layout.tree.nodes[$0.node].isDirectory }
        case .file:
            if layout.realTimeFiles.contains(node) { entry.type = .realTime }
            let start = Int(layout.dataStarts[node]) - layout.partition.lowerBound
            let extents = extents(size, from: size == 0 ? 0 : start)
            return extended(entry, extents, layout)
        case .symlink(let target):
            entry.type = .symlink
            if !layout.hasStructureData(node) {
                entry.form = 3
                return [entry.bytes(revision, SymlinkPath.bytes(target).bytes)]
            }
        }
        let extents = extents(size, from: Int(layout.dataStarts[node]))
        return [entry.bytes(revision, extents.flatMap { descriptor($0, width: 8) })]
    }

    /// The entry of the metadata file or of its copy; UDF 2.50 2.2.13.
    static func metadata(_ layout: UDFLayout, isMirror: Bool) -> [UInt8] {
        let block = isMirror ? layout.metadataEntries.mirror : layout.metadataEntries.main
        let start = isMirror ? layout.mirrorStart ?? 0 : layout.structureStart
        var entry = FileEntryFields(
            type: isMirror ? .metadataMirror : .metadata,
            size: layout.structureBlocks * 2048,
            block: block,
            uniqueID: 0,
            attributes: AuthoredTree.Attributes(modified: layout.options.time, permissions: 0),
            // No directory names it.
            linkCount: 0
        )
        entry.isArchived = false
        // Each extent is a whole number of allocation units.
        let unit = UDFLayout.alignment * 2048
        let extents = extents(
            entry.size,
            from: start - layout.partition.lowerBound,
            longest: longestExtent / unit * unit
        )
        return entry.bytes(layout.options.revision, extents.flatMap { descriptor($0, width: 8) })
    }

    /// The entry of the virtual allocation table; UDF 2.01 2.2.10.
    static func virtualTable(_ layout: UDFLayout, size: Int) -> [UInt8] {
        let first = layout.partition.lowerBound
        var entry = FileEntryFields(
            type: .virtualTable,
            size: size,
            block: UInt32(layout.sectorCount - 1 - first),
            uniqueID: 0,
            attributes: AuthoredTree.Attributes(modified: layout.options.time, permissions: 0),
            linkCount: 0
        )
        entry.isArchived = false
        let extents = extents(size, from: layout.virtualTableStart - first)
        return entry.bytes(layout.options.revision, extents.flatMap { descriptor($0, width: 8) })
    }

    // MARK: - Extents

    private struct Extent {
        var length: Int
        var block: UInt32
        /// 0 for bytes; 3 for a block that the descriptors go on in (ECMA-167 4/14.14.1.1).
        var type: UInt32 = 0
        var map: UInt16 = 0
    }

    private static func extents(_ size: Int, from start: Int, longest: Int = longestExtent)
        -> [Extent]
    {
        stride(from: 0, to: size, by: longest).map { offset in
            Extent(
                length: min(longest, size - offset),
                block: UInt32(clamping: start + offset / 2048)
            )
        }
    }

    /// A short allocation descriptor, whose partition is that of the entry, or a long one.
    private static func descriptor(_ extent: Extent, width: Int) -> [UInt8] {
        var bytes = DescriptorBytes(count: width)
        let length = UInt32(extent.length) | extent.type << 30
        if width == 8 {
            bytes.put(length, at: 0)
            bytes.put(extent.block, at: 4)
        } else {
            bytes.put(longAt: 0, length: length, block: extent.block, partition: extent.map)
        }
        return bytes.bytes
    }

    /// An entry with as many descriptors as it has room for, and the blocks of the others.
    private static func extended(
        _ entry: FileEntryFields,
        _ extents: [Extent],
        _ layout: UDFLayout
    ) -> [[UInt8]] {
        let revision = layout.options.revision
        // The entry is in a metadata or virtual partition, and the file's bytes are in the other one.
        let isLong = layout.options.hasStructureMap
        let width = isLong ? 16 : 8
        var entry = entry
        entry.form = isLong ? 1 : 0
        let count = continuations(extents.count, width, revision)
        guard count > 0 else {
            return [entry.bytes(revision, extents.flatMap { descriptor($0, width: width) })]
        }
        func link(_ index: Int) -> Extent {
            Extent(
                length: 2048,
                block: entry.block + UInt32(index),
                type: 3,
                map: isLong ? 1 : 0
            )
        }
        var rest = extents[...]
        let first = rest.prefix(room(revision) / width - 1) + [link(1)]
        rest = rest.dropFirst(first.count - 1)
        var blocks = [entry.bytes(revision, first.flatMap { descriptor($0, width: width) })]
        for index in 1...count {
            let part = rest.prefix((2048 - continuationHeader) / width - 1)
            rest = rest.dropFirst(part.count)
            let list = (part + (index < count ? [link(index + 1)] : [])).flatMap {
                descriptor($0, width: width)
            }
            var block = DescriptorBytes()
            block.put(UInt32(list.count), at: 20)
            block.put(list, at: continuationHeader)
            block.tag(
                258,
                version: revision.descriptorVersion,
                location: entry.block + UInt32(index),
                count: continuationHeader + list.count
            )
            blocks.append(block.bytes)
        }
        return blocks
    }
}

/// The fields of a file entry, or of an extended one.
struct FileEntryFields {
    var type: FileEntryBlocks.FileType
    var size: Int
    /// The block that it goes into.
    var block: UInt32
    var uniqueID: UInt32
    var attributes: AuthoredTree.Attributes
    var linkCount: Int
    /// What stands at the end: 0 for short descriptors, 1 for long ones, 3 for the file itself.
    var form: UInt16 = 0
    var isArchived = true

    /// The block; ECMA-167 4/14.9 and 4/14.17.
    ///
    /// - Parameters:
    ///   - revision: The revision, which decides between the two kinds of entry.
    ///   - tail: The descriptors, or the file itself.
    /// - Returns: 2048 bytes.
    func bytes(_ revision: UDFRevision, _ tail: [UInt8]) -> [UInt8] {
        var bytes = DescriptorBytes()
        // The ICB tag: strategy 4, one entry (ECMA-167 4/14.6).
        bytes.put(UInt16(4), at: 20)
        bytes.put(UInt16(1), at: 24)
        bytes.put(type.rawValue, at: 27)
        bytes.put(flags, at: 34)
        bytes.put(attributes.userID ?? .max, at: 36)
        bytes.put(attributes.groupID ?? .max, at: 40)
        bytes.put(permissions, at: 44)
        bytes.put(UInt16(clamping: linkCount), at: 48)
        bytes.put(UInt64(size), at: 56)
        let recorded = form == 3 ? 0 : UInt64((size + 2047) / 2048)
        let modified = attributes.modified
        let accessed = attributes.accessed ?? modified
        let header: Int
        if revision.hasExtendedEntries {
            header = 216
            bytes.put(UInt64(size), at: 64)
            bytes.put(recorded, at: 72)
            bytes.put(accessed, at: 80)
            bytes.put(modified, at: 92)
            bytes.put(attributes.created ?? modified, at: 104)
            bytes.put(modified, at: 116)
            bytes.put(UInt32(1), at: 128)
            bytes.putImplementation(at: 168)
            bytes.put(UInt64(uniqueID), at: 200)
        } else {
            header = 176
            bytes.put(recorded, at: 64)
            bytes.put(accessed, at: 72)
            bytes.put(modified, at: 84)
            bytes.put(modified, at: 96)
            bytes.put(UInt32(1), at: 108)
            bytes.putImplementation(at: 128)
            bytes.put(UInt64(uniqueID), at: 160)
        }
        bytes.put(UInt32(tail.count), at: header - 4)
        bytes.put(tail, at: header)
        bytes.tag(
            revision.hasExtendedEntries ? 266 : 261,
            version: revision.descriptorVersion,
            location: block,
            count: header + tail.count
        )
        return bytes.bytes
    }

    /// ECMA-167 4/14.6.8: the form, “archive”, and POSIX's three flags.
    private var flags: UInt16 {
        let mode = attributes.permissions
        return form | (isArchived ? 0x20 : 0) | (mode & 0o4000) >> 5 | (mode & 0o2000) >> 3
            | (mode & 0o1000) >> 1
    }

    /// ECMA-167 4/14.9.5: of five bits the lowest three are execute, write and read; who may write may
    /// also delete, and the owner may change the attributes, as POSIX has it.
    private var permissions: UInt32 {
        let mode = UInt32(attributes.permissions)
        var result = mode & 7 | (mode & 0o70) << 2 | (mode & 0o700) << 4
        for (write, delete) in [(1, 4), (6, 9), (11, 14)] as [(UInt32, UInt32)]
        where result & 1 << write != 0 {
            result |= 1 << delete
        }
        return type.isSystem ? 0 : result | 1 << 13
    }
}
