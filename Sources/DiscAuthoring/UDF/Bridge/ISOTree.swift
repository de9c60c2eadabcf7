import DiscFiles

/// One of the trees by which ISO 9660 names the files: its own, or Joliet's.
///
/// Symbolic links are left out: neither has them.
struct ISOTree {
    /// The largest section of a file: a whole number of blocks that 32 bits can count.
    private static let longestSection = 0xFFFF_F800
    /// A path table numbers directories with 16 bits (ECMA-119 §9.4).
    private static let mostDirectories = 65_535

    struct Directory {
        var node: Int
        /// The place of the parent in the path table, from 0 on.
        var parent: Int
        var identifier: [UInt8]
        /// The entries in the order of their identifiers.
        var entries: [(identifier: [UInt8], node: Int)]
        var size = 2048
        var start = 0
    }

    let isJoliet: Bool
    /// In the order of the path table.
    private(set) var directories: [Directory] = []
    /// The place of a directory's node in the path table.
    private var places: [Int: Int] = [:]
    private(set) var pathTableSize = 0
    /// The first sectors of the path tables, the little-endian and the big-endian one.
    private(set) var pathTables = (little: 0, big: 0)
    private(set) var end = 0

    init(_ layout: UDFLayout, isJoliet: Bool) throws(AuthoringError) {
        self.isJoliet = isJoliet
        let tree = layout.tree
        directories = [Directory(node: AuthoredTree.root, parent: 0, identifier: [0], entries: [])]
        var index = 0
        while index < directories.count {
            let node = directories[index].node
            places[node] = index
            var names = ISONames(isJoliet: isJoliet)
            var entries: [(identifier: [UInt8], node: Int)] = []
            for entry in tree.nodes[node].entries {
                if case .symlink = tree.nodes[entry.node].kind { continue }
                let isDirectory = tree.nodes[entry.node].isDirectory
                entries.append(
                    (names.identifier(entry.name, isDirectory: isDirectory), entry.node)
                )
            }
            entries.sort { $0.identifier.lexicographicallyPrecedes($1.identifier) }
            directories[index].entries = entries
            for entry in entries where tree.nodes[entry.node].isDirectory {
                directories.append(
                    Directory(
                        node: entry.node,
                        parent: index,
                        identifier: entry.identifier,
                        entries: []
                    )
                )
            }
            guard directories.count <= Self.mostDirectories else {
                throw AuthoringError(
                    .tooLarge,
                    "ISO 9660 can't number more than \(Self.mostDirectories) directories; leave it out."
                )
            }
            let size = Self.size(entries, layout)
            guard size <= Int(UInt32.max) else {
                throw AuthoringError(
                    .tooLarge,
                    path: layout.path(node),
                    "ISO 9660 can't hold a directory of so many files."
                )
            }
            directories[index].size = size
            index += 1
        }
        pathTableSize = directories.reduce(0) { sum, directory in
            sum + 8 + (directory.identifier.count + 1) / 2 * 2
        }
    }

    /// The sections of a file's bytes.
    private static func sections(_ size: Int) -> Int {
        max(1, (size + longestSection - 1) / longestSection)
    }

    private static func recordSize(_ identifier: Int) -> Int { (33 + identifier + 1) / 2 * 2 }

    /// The bytes of a directory, whose records never cross the end of a sector (ECMA-119 §6.8.1.1).
    private static func size(
        _ entries: [(identifier: [UInt8], node: Int)],
        _ layout: UDFLayout
    ) -> Int {
        var position = 68
        for entry in entries {
            let size = recordSize(entry.identifier.count)
            for _ in 0..<sections(layout.sizes[entry.node]) {
                if position % 2048 + size > 2048 { position = (position + 2047) / 2048 * 2048 }
                position += size
            }
        }
        return (position + 2047) / 2048 * 2048
    }

    /// Places the path tables and the directories.
    mutating func place(from start: Int) {
        let table = (pathTableSize + 2047) / 2048
        pathTables = (start, start + table)
        var next = start + 2 * table
        for index in directories.indices {
            directories[index].start = next
            next += directories[index].size / 2048
        }
        end = next
    }

    // MARK: - Bytes

    /// A path table; ECMA-119 §9.4.
    func pathTable(isBig: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(pathTableSize)
        func put(_ value: UInt32, _ count: Int) {
            let little = (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) }
            bytes += isBig ? little.reversed() : little
        }
        for directory in directories {
            bytes.append(UInt8(directory.identifier.count))
            bytes.append(0)
            put(UInt32(directory.start), 4)
            put(UInt32(directory.parent + 1), 2)
            bytes += directory.identifier
            if directory.identifier.count % 2 != 0 { bytes.append(0) }
        }
        return bytes
    }

    /// A directory's record in a volume descriptor, or of itself.
    func record(of place: Int, _ identifier: [UInt8], _ layout: UDFLayout) -> [UInt8] {
        let directory = directories[place]
        return Self.record(
            identifier,
            start: directory.start,
            size: directory.size,
            flags: 2,
            layout.tree.nodes[directory.node].attributes.modified
        )
    }

    /// The bytes of a directory; ECMA-119 §9.1.
    func bytes(of place: Int, _ layout: UDFLayout) -> [UInt8] {
        let directory = directories[place]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(directory.size)
        bytes += record(of: place, [0], layout)
        bytes += record(of: directory.parent, [1], layout)
        for entry in directory.entries {
            let records: [[UInt8]]
            if let place = places[entry.node] {
                records = [record(of: place, entry.identifier, layout)]
            } else {
                records = self.records(of: entry.node, entry.identifier, layout)
            }
            for record in records {
                let within = bytes.count % 2048
                if within + record.count > 2048 {
                    bytes += [UInt8](repeating: 0, count: 2048 - within)
                }
                bytes += record
            }
        }
        return bytes
    }

    /// The records of a file, one for each section of its bytes.
    private func records(of node: Int, _ identifier: [UInt8], _ layout: UDFLayout) -> [[UInt8]] {
        let size = layout.sizes[node]
        let count = Self.sections(size)
        return (0..<count).map { section in
            let offset = section * Self.longestSection
            return Self.record(
                identifier,
                start: Int(layout.dataStarts[node]) + offset / 2048,
                size: min(Self.longestSection, size - offset),
                // All but the last one say that more follow (§9.1.6).
                flags: section + 1 < count ? 0x80 : 0,
                layout.tree.nodes[node].attributes.modified
            )
        }
    }

    private static func record(
        _ identifier: [UInt8],
        start: Int,
        size: Int,
        flags: UInt8,
        _ time: FileTime
    ) -> [UInt8] {
        let count = recordSize(identifier.count)
        var record = DescriptorBytes(count: count)
        record.put(UInt8(count), at: 0)
        record.put(both: UInt32(clamping: start), at: 2)
        record.put(both: UInt32(clamping: size), at: 10)
        let civil = CivilTime(time, years: 1900...2155)
        let parts = [
            civil.year - 1900, civil.month, civil.day, civil.hour, civil.minute, civil.second,
        ]
        record.put(parts.map(UInt8.init), at: 18)
        record.put(DescriptorBytes.quarters(civil), at: 24)
        record.put(flags, at: 25)
        record.put(both: UInt16(1), at: 28)
        record.put(UInt8(identifier.count), at: 32)
        record.put(identifier, at: 33)
        return record.bytes
    }
}

extension DescriptorBytes {
    /// A number of 32 bits in both byte orders; ECMA-119 §7.3.3.
    mutating func put(both value: UInt32, at offset: Int) {
        put(value, at: offset)
        put(value.byteSwapped, at: offset + 4)
    }

    /// A number of 16 bits in both byte orders; ECMA-119 §7.2.3.
    mutating func put(both value: UInt16, at offset: Int) {
        put(value, at: offset)
        put(value.byteSwapped, at: offset + 2)
    }

    /// Quarters of an hour east of Greenwich (ECMA-119 §8.4.26.1), which has no value for an unknown zone.
    static func quarters(_ time: CivilTime) -> UInt8 {
        UInt8(bitPattern: Int8(min(max((time.minutesEast ?? 0) / 15, -48), 52)))
    }
}
