public import Transfer

/// The file trees of a session of a disc.
public final class DiscTrees {
    /// What was found on the disc.
    public let content: DiscContent
    /// The trees, in the order of ``FileTreeKind``.
    public private(set) var available: [FileTreeKind] = []
    /// Trees whose signs are there but that can't be opened, and why.
    public private(set) var broken: [FileTreeKind: String] = [:]

    private let reader: StructureReader
    private let sessionEnd: Int?
    private var trees: [FileTreeKind: any FileTree] = [:]

    /// Looks for trees.
    ///
    /// - Parameters:
    ///   - source: Sectors of 2048 bytes, the first one being the disc's first.
    ///   - sessionStart: The sector that the session begins with.
    ///   - sessionEnd: The sector behind what the session has recorded; the source's end where left
    ///     out.
    /// - Throws: ``UnsuitableSectorSize``, and what the source throws besides `UnreadableSectors`.
    public init(
        _ source: any SectorSource,
        sessionStart: Int = 0,
        sessionEnd: Int? = nil
    ) throws {
        content = try DiscContent.examine(source, sessionStart: sessionStart)
        reader = try StructureReader(source)
        self.sessionEnd = sessionEnd
        let descriptors = content.iso9660?.descriptors ?? []
        for descriptor in descriptors {
            switch descriptor.kind {
            case .primary, .highSierra:
                if try ISOFileTree.hasRockRidge(reader, descriptor) {
                    try open(.rockRidge, descriptor)
                }
                try open(.iso, descriptor)
            case .joliet: try open(.joliet, descriptor)
            case .enhanced: try open(.iso1999, descriptor)
            case .supplementary:
                break
            }
        }
        if let volume = content.udf {
            try open(.udf) { try UDFFileTree($0, volume, end: sessionEnd) }
        }
        try openHFS()
        available = FileTreeKind.allCases.filter { trees[$0] != nil }
    }

    /// A tree that is available.
    public func tree(_ kind: FileTreeKind) -> (any FileTree)? { trees[kind] }

    /// The byte after the volume's last one, as the descriptor of a tree of ISO 9660 gives it; `nil` of
    /// other trees, and if it gives none.
    package func volumeEnd(of kind: FileTreeKind) -> Int? {
        (trees[kind] as? ISOFileTree)?.volumeEnd
    }

    /// Sectors with structures that could not be read.
    public var unreadableSectors: [Int] {
        reader.unreadable.union(content.unreadableSectors).sorted()
    }

    private func open(_ kind: FileTreeKind, _ descriptor: VolumeDescriptor) throws {
        let end = content.iso9660?.end(of: descriptor, sectorCount: reader.sectorCount)
            .map { Int(clamping: $0) }
        try open(kind) { try ISOFileTree($0, descriptor, kind: kind, volumeEnd: end) }
        // The look at the disc may know why.
        if trees[kind] == nil, let problem = descriptor.rootProblem { broken[kind] = problem }
    }

    /// Opens a tree, unless one of its kind is open already: of several descriptors of one kind the
    /// first counts.
    private func open(
        _ kind: FileTreeKind,
        _ make: (StructureReader) throws -> any FileTree
    ) throws {
        guard trees[kind] == nil else { return }
        do {
            trees[kind] = try make(reader)
            broken[kind] = nil
        } catch let error as BrokenStructure {
            broken[kind] = error.sentence
        }
    }

    /// HFS is where the look at the disc found it: at the beginning, or in a partition of any map.
    private func openHFS() throws {
        var starts = ([content.hfs].compactMap(\.self) + content.furtherHFS).map(\.start)
        // A partition that should hold a volume and doesn't is worth a sentence.
        if starts.isEmpty, let map = content.applePartitionMap {
            starts = map.partitions.filter { $0.type.hasPrefix("Apple_HFS") }
                .map { UInt64($0.start) * UInt64(map.blockSize) }
        }
        for start in starts.compactMap(Int.init(exactly:)) {
            try open(.hfs) { try HFSFileTree($0, at: start) }
        }
    }
}
