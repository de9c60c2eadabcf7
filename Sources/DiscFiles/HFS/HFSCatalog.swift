/// The catalogue of an HFS or HFS Plus volume, and the file with the extents that don't fit into it.
struct HFSCatalog {
    /// Runs of one file that are kept.
    private static let mostRuns = 1 << 16
    /// The number of the catalogue's own file.
    private static let catalogNumber: UInt32 = 4
    /// The number of the file of attributes.
    private static let attributesNumber: UInt32 = 8
    /// The number of the directory that holds the root, and nothing else.
    private static let parentOfRoot = 1

    /// Where the volume keeps what.
    let structure: HFSStructure
    /// The catalogue.
    let file: HFSTreeFile
    private let overflow: HFSTreeFile?
    private let reader: any StructureBytes

    /// Opens a volume's catalogue.
    ///
    /// - Parameters:
    ///   - reader: The disc.
    ///   - start: The volume's first byte.
    /// - Throws: ``BrokenStructure`` if its catalogue can't be found.
    init(_ reader: any StructureBytes, at start: Int) throws {
        self.reader = reader
        structure = try HFSStructure(reader, at: start)
        let isPlus = structure.isPlus
        let known = try structure.extents(structure.overflow.runs, limit: structure.overflow.size)
        overflow = known.isEmpty ? nil : try? HFSTreeFile(reader, known, isPlus: isPlus)
        // The catalogue's further extents are in the extents file, whose own must lie in the header.
        let runs = try Self.runs(
            structure.catalog,
            of: Self.catalogNumber,
            isResource: false,
            structure,
            overflow
        )
        file = try HFSTreeFile(
            reader,
            try structure.extents(runs, limit: structure.catalog.size),
            isPlus: isPlus
        )
    }

    /// The tree of the attributes that files have; `nil` if there is none.
    ///
    /// - Throws: ``BrokenStructure`` if it can't be opened.
    func attributes() throws -> HFSTreeFile? {
        guard let fork = structure.attributes, fork.size > 0 else { return nil }
        return try HFSTreeFile(
            reader,
            try extents(fork, of: Self.attributesNumber, isResource: false),
            isPlus: true
        )
    }

    /// The root directory's name, which is the volume's; `nil` if the catalogue has no root directory.
    ///
    /// TN1150, “Catalog File”: its record is the first one, below the parent of the root.
    func rootName() throws -> String? { try root()?.name }

    /// The root directory's name, and how many entries it counts; `nil` if the catalogue has none.
    func root() throws -> (name: String, count: Int)? {
        var root: (name: String, count: Int)?
        try file.visit { node, key in
            Int(node.big32(key + 2)) - Self.parentOfRoot
        } take: { node, key, data, _ in
            guard root == nil else { return }
            root = (try self.name(node, key, data), entryCount(of: node.span, at: data))
        }
        return root
    }

    /// How many entries a directory counts in its record: its valence.
    ///
    /// Inside Macintosh: Files, 2-73; TN1150, “Catalog Folder Records”. All writers that are known count
    /// what is hidden, too.
    func entryCount(of bytes: Span<UInt8>, at record: Int) -> Int {
        structure.isPlus ? Int(bytes.big32(record + 4)) : Int(bytes.big16(record + 4))
    }

    /// The name in a key.
    ///
    /// - Throws: ``BrokenStructure`` if it is longer than the key.
    func name(_ node: [UInt8], _ key: Int, _ data: Int) throws -> String {
        let bytes = node.span
        let isPlus = structure.isPlus
        let length = isPlus ? Int(bytes.big16(key + 6)) : Int(bytes.byte(key + 6))
        let start = key + (isPlus ? 8 : 7)
        let stop = start + length * (isPlus ? 2 : 1)
        guard stop <= data else {
            throw BrokenStructure("A name of the HFS catalogue is longer than its key.")
        }
        return isPlus
            ? FileName.bigEndian(node[start..<stop]) : MacRoman.decoded(node[start..<stop])
    }

    /// Where a fork's bytes lie.
    ///
    /// - Throws: ``BrokenStructure`` if some lie outside the volume.
    func extents(_ fork: HFSFork, of number: UInt32, isResource: Bool) throws -> [FileExtent] {
        let runs = try Self.runs(fork, of: number, isResource: isResource, structure, overflow)
        return try structure.extents(runs, limit: fork.size)
    }

    /// A fork's own runs, and those that the extents file keeps of it if they don't reach its end.
    private static func runs(
        _ fork: HFSFork,
        of number: UInt32,
        isResource: Bool,
        _ structure: HFSStructure,
        _ overflow: HFSTreeFile?
    ) throws -> [(start: Int, count: Int)] {
        var runs = fork.runs
        func held(_ runs: [(start: Int, count: Int)]) -> Int { runs.reduce(0) { $0 + $1.count } }
        guard held(runs) * structure.blockSize < fork.size, let overflow else { return runs }
        let kind: UInt8 = isResource ? 0xFF : 0
        let isPlus = structure.isPlus
        var found: [(block: Int, runs: [(start: Int, count: Int)])] = []
        try overflow.visit { node, key in
            // HFS has the fork before the file's number, and both have it in the order of files.
            let file = node.big32(key + (isPlus ? 4 : 2))
            if file != number { return file < number ? -1 : 1 }
            let other = node.byte(key + (isPlus ? 2 : 1))
            return other == kind ? 0 : other < kind ? -1 : 1
        } take: { node, key, data, _ in
            let bytes = node.span
            guard found.count * 3 < mostRuns else { return }
            if isPlus {
                found.append((Int(bytes.big32(key + 8)), HFSFork.plusRuns(bytes, at: data)))
            } else {
                let fork = HFSFork(hfs: bytes, size: 0, extents: data)
                found.append((Int(bytes.big16(key + 6)), fork.runs))
            }
        }
        for (block, more) in found.sorted(by: { $0.block < $1.block }) {
            // Each record says which block of the fork it begins with.
            guard block == held(runs) else { continue }
            runs += more.filter { $0.count > 0 }
        }
        return runs
    }
}
