import DiscFiles

/// Where everything lies in an image with UDF, known before the first byte is read.
///
/// File entries and directories lie in a space of blocks of its own: the partition's first blocks, or
/// the metadata file of UDF 2.50. What belongs to a node is in arrays, so that a million of them fit.
struct UDFLayout {
    /// The entry of a directory: the directory's node, and the place in it.
    struct EntryKey: Hashable {
        var directory: Int
        var index: Int
    }

    /// Blocks that are read and written together on DVD and BD, the larger ones.
    static let alignment = 32
    /// The sectors of a volume descriptor sequence, the least that ECMA-167 3/8.4.2.2 wants.
    static let sequenceCount = 16
    static let mainSequence = 32
    static let reserveSequence = 48
    static let integritySequence = 64
    static let firstAnchor = 256
    /// The first blocks of files' structures: the file set descriptor and its terminator.
    private static let fileSetBlocks = 2
    /// The most sectors that addresses of 32 bits reach, with room for what is at the end.
    private static let mostSectors = Int(UInt32.max) - 4096
    /// The largest file: far beyond any disc, and far from an overflow.
    private static let largestFile = mostSectors * 2048

    let options: UDFImageOptions
    let tree: AuthoredTree
    /// The nodes in preorder.
    let order: [Int]
    /// Of each node the directory that holds its first name.
    let parents: [Int]
    /// Of each node its number in the file system (UDF 3.2.1.1): 0 is the root's, and 1 to 15 are
    /// taken.
    private(set) var uniqueIDs: [UInt32]
    /// The first number that is free.
    private(set) var nextUniqueID: UInt32
    /// Of each node the block of its file entry.
    private(set) var entryBlocks: [UInt32]
    /// Of a file its first sector; of a directory and a long link the block of its bytes.
    private(set) var dataStarts: [UInt32]
    /// Of each node the bytes of its file, its identifiers or its path.
    private(set) var sizes: [Int]
    /// Names that are not those of the tree.
    private(set) var names: [EntryKey: [UInt8]] = [:]
    /// The numbers of further names of a node.
    private(set) var furtherIDs: [EntryKey: UInt32] = [:]
    private(set) var renames: [UDFImage.Rename] = []
    private(set) var findings: [UDFImage.Finding] = []
    /// The block behind the last file entry.
    private(set) var entriesEnd = 0
    /// The nodes whose bytes lie in the structures, in the order of their blocks.
    private(set) var structured: [Int] = []
    /// The blocks of all structures.
    private(set) var structureBlocks = 0

    /// The partition.
    private(set) var partition = 0..<0
    /// The first sector of the structures.
    private(set) var structureStart = 0
    /// The block of the metadata file's entry, and its copy's.
    private(set) var metadataEntries = (main: UInt32(0), mirror: UInt32(0))
    /// The first sector of the structures' copy; `nil` if there is none.
    private(set) var mirrorStart: Int?
    /// The trees of ISO 9660.
    private(set) var bridge: ISOBridge?
    /// The files in the order of their bytes.
    private(set) var files: [Int] = []
    /// The sectors with an anchor.
    private(set) var anchors: [Int] = []
    /// Streams that players read in real time.
    private(set) var realTimeFiles: Set<Int> = []
    /// The first sector of the virtual allocation table; 0 if there is none.
    private(set) var virtualTableStart = 0
    private(set) var sectorCount = 0

    /// Lays out a tree.
    ///
    /// - Throws: ``AuthoringError``.
    init(_ tree: AuthoredTree, _ options: UDFImageOptions) throws(AuthoringError) {
        var tree = tree
        try tree.sort()
        self.tree = tree
        self.options = options
        (order, parents) = tree.preorder()
        let count = tree.nodes.count
        guard count < 1 << 28 else {
            throw AuthoringError(.tooLarge, "A file system can't have so many files.")
        }
        guard OSTAName.fits(options.label, count: 127) else {
            throw AuthoringError(
                .unusableOption,
                "The volume's name is longer than the 126 characters that UDF has room for."
            )
        }
        if options.isAppendable, options.revision != .v2_01 || options.hasISO9660 {
            throw AuthoringError(
                .unusableOption,
                "Only UDF 2.01 without ISO 9660 can be appended to."
            )
        }
        uniqueIDs = [UInt32](repeating: 0, count: count)
        entryBlocks = uniqueIDs
        dataStarts = uniqueIDs
        sizes = [Int](repeating: 0, count: count)
        nextUniqueID = 16
        try nameEntries()
        try placeStructures()
        if options.hasISO9660 {
            bridge = try ISOBridge(self)
        } else if !options.bootEntries.isEmpty {
            throw AuthoringError(
                .unusableOption,
                "Only a disc with ISO 9660 has boot entries, and it is left out."
            )
        }
        try placeSectors()
    }

    // MARK: - Names

    private mutating func nameEntries() throws(AuthoringError) {
        for node in order where node != AuthoredTree.root {
            uniqueIDs[node] = nextUniqueID
            nextUniqueID += 1
        }
        var named = [Bool](repeating: false, count: tree.nodes.count)
        for node in order {
            switch tree.nodes[node].kind {
            case .file(let content):
                sizes[node] = content.size
                guard (0...Self.largestFile).contains(content.size) else {
                    throw AuthoringError(.tooLarge, path: path(node), "No disc holds such a file.")
                }
            case .symlink(let target):
                let (bytes, isChanged) = SymlinkPath.bytes(target)
                sizes[node] = bytes.count
                if isChanged {
                    renames.append(
                        UDFImage.Rename(
                            path: path(node),
                            name: target.readableText,
                            reason: .changedTarget
                        )
                    )
                }
            case .directory(let entries):
                sizes[node] = nameEntries(of: node, entries)
                for (index, entry) in entries.enumerated() {
                    if named[entry.node] {
                        furtherIDs[EntryKey(directory: node, index: index)] = nextUniqueID
                        nextUniqueID += 1
                    }
                    named[entry.node] = true
                }
            }
        }
    }

    /// Finds the names of a directory's entries.
    ///
    /// - Returns: The bytes of all its identifiers.
    private mutating func nameEntries(of node: Int, _ entries: [AuthoredTree.Entry]) -> Int {
        var size = FileIdentifier.size(nameLength: 0)
        var used: Set<[UInt8]>?
        // Only a changed name can meet another one.
        if entries.contains(where: { OSTAName.entry($0.name).change != nil }) {
            used = Set(
                entries.lazy.map { OSTAName.entry($0.name) }.filter { $0.change == nil }.map(
                    \.bytes
                )
            )
        }
        for (index, entry) in entries.enumerated() {
            var name = OSTAName.entry(entry.name)
            if name.hasPairs, name.change == nil {
                renames.append(rename(node, entry.name, name, .pairedCharacter))
            }
            if name.change != nil {
                var number = 0
                while used?.insert(name.bytes).inserted == false {
                    number += 1
                    name = OSTAName.entry(entry.name, number: number)
                }
                names[EntryKey(directory: node, index: index)] = name.bytes
                renames.append(rename(node, entry.name, name, name.change ?? .sameName))
            }
            size += FileIdentifier.size(nameLength: name.bytes.count)
        }
        return size
    }

    private func rename(
        _ directory: Int,
        _ name: AuthoredName,
        _ entry: OSTAName.Entry,
        _ reason: UDFImage.Rename.Reason
    ) -> UDFImage.Rename {
        let above = path(directory)
        return UDFImage.Rename(
            path: above.isEmpty ? name.readableText : above + "/" + name.readableText,
            name: OSTAName.text(entry.bytes),
            reason: reason
        )
    }

    /// The path of a node by its first names, without a slash at the beginning.
    func path(_ node: Int) -> String {
        var parts: [String] = []
        var node = node
        while node != AuthoredTree.root, parents[node] >= 0 {
            let name = tree.nodes[parents[node]].entries.first { $0.node == node }?.name
            parts.append(name?.readableText ?? "?")
            node = parents[node]
        }
        return parts.reversed().joined(separator: "/")
    }

    /// The file that a path names, without a slash at the beginning; `nil` if it names none.
    func file(_ path: String) -> Int? {
        var node = AuthoredTree.root
        for name in path.split(separator: "/") {
            guard let next = tree.node(AuthoredName(String(name)), in: node) else { return nil }
            node = next
        }
        return tree.nodes[node].content == nil ? nil : node
    }

    /// The bytes of an entry's name.
    func name(_ key: EntryKey, _ entry: AuthoredTree.Entry) -> [UInt8] {
        names[key] ?? OSTAName.entry(entry.name).bytes
    }

    // MARK: - Structures

    private mutating func placeStructures() throws(AuthoringError) {
        var next = Self.fileSetBlocks
        for node in order {
            entryBlocks[node] = UInt32(next)
            next += FileEntryBlocks.count(self, node)
        }
        entriesEnd = next
        for node in order where hasStructureData(node) {
            dataStarts[node] = UInt32(clamping: next)
            structured.append(node)
            next += (sizes[node] + 2047) / 2048
            guard next < Self.mostSectors else { throw tooLarge }
        }
        structureBlocks = next
    }

    /// How many directories there are.
    var directoryCount: Int { order.count { tree.nodes[$0].isDirectory } }

    /// Lets go of the trees of ISO 9660.
    mutating func forgetBridge() { bridge = nil }

    /// Whether a node's bytes lie among the structures: a directory's, and a link's that its entry has
    /// no room for.
    func hasStructureData(_ node: Int) -> Bool {
        switch tree.nodes[node].kind {
        case .directory: true
        case .file: false
        case .symlink: sizes[node] > FileEntryBlocks.room(options.revision)
        }
    }

    // MARK: - Sectors

    private var tooLarge: AuthoringError {
        AuthoringError(.tooLarge, "The files are larger than a UDF volume can be.")
    }

    private mutating func placeSectors() throws(AuthoringError) {
        func aligned(_ sector: Int, _ alignment: Int) -> Int {
            (sector + alignment - 1) / alignment * alignment
        }

        var plan = FilePlan(self)
        findings = plan.findings
        realTimeFiles = plan.realTimeFiles
        // What only ISO 9660 needs lies before UDF's partition.
        var next = Self.firstAnchor + 1
        if let bridge { next = bridge.place(from: next) }
        let alignment = options.revision == .v1_02 ? 16 : Self.alignment
        let partitionStart = aligned(next, alignment)
        next = partitionStart
        let hasData = !plan.order.isEmpty

        if options.revision.hasMetadataPartition {
            structureBlocks = aligned(structureBlocks, Self.alignment)
            func placeCopy() -> (entry: UInt32, start: Int) {
                next = aligned(next, Self.alignment)
                let entry = UInt32(next - partitionStart)
                let start = next + Self.alignment
                next = start + structureBlocks
                return (entry, start)
            }
            func placeMirror() {
                let (entry, start) = placeCopy()
                metadataEntries.mirror = entry
                mirrorStart = start
            }
            // The copy lies as far away as can be, though before the last file: readers such as 7-Zip
            // take what follows the last file and is not an anchor for garbage.
            if !hasData { placeMirror() }
            (metadataEntries.main, structureStart) = placeCopy()
            plan.moveSmallestToEnd(self)
            let last = plan.order.last
            if let last {
                for node in plan.order.dropLast() { try place(node, &plan, &next) }
                guard next < Self.mostSectors else { throw tooLarge }
                placeMirror()
                try place(last, &plan, &next)
            }
        } else {
            structureStart = next
            next += structureBlocks
            for node in plan.order { try place(node, &plan, &next) }
        }
        files = plan.order
        findings += plan.placementFindings + plan.copyFindings(self)
        guard next < Self.mostSectors else { throw tooLarge }
        // Files without bytes have no place; ISO 9660 wants one all the same.
        for node in order where tree.nodes[node].content != nil && sizes[node] == 0 {
            dataStarts[node] = UInt32(next)
        }
        partition = partitionStart..<next
        if options.isAppendable {
            // The table's entry is in the last sector that is written.
            virtualTableStart = next
            next += (VirtualTable.size(self) + 2047) / 2048
            sectorCount = aligned(next + 1, Self.alignment)
            let end = max(options.capacity ?? sectorCount, 0)
            guard sectorCount <= end, end < Self.mostSectors else {
                throw AuthoringError(.tooLarge, "The files are larger than the medium.")
            }
            partition = partitionStart..<end
            anchors = [Self.firstAnchor]
        } else if options.revision == .v1_02 {
            sectorCount = aligned(next + 1, 16)
            anchors = [Self.firstAnchor, sectorCount - 1]
        } else {
            sectorCount = aligned(next + 257, Self.alignment)
            anchors = [Self.firstAnchor, sectorCount - 257, sectorCount - 1]
        }
        bridge?.finish(self)
    }

    private mutating func place(
        _ node: Int,
        _ plan: inout FilePlan,
        _ next: inout Int
    ) throws(AuthoringError) {
        let start = plan.start(node, next, self)
        dataStarts[node] = UInt32(clamping: start)
        next = start + (sizes[node] + 2047) / 2048
        guard next < Self.mostSectors else { throw tooLarge }
    }
}
