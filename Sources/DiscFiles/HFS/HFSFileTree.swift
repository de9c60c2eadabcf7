/// The files of an HFS or HFS Plus volume.
final class HFSFileTree: FileTree {
    /// The number of the root directory in the catalogue.
    private static let rootNumber: UInt32 = 2
    /// Runs of one file that are kept.
    private static let mostRuns = 1 << 16
    /// The bytes of a symlink's target.
    private static let longestTarget = 1 << 16

    let kind = FileTreeKind.hfs
    let root: FileEntry
    private let reader: StructureReader
    private let structure: HFSStructure
    private let catalog: HFSTreeFile
    private let overflow: HFSTreeFile?

    var examinedBytes: Int { reader.examined }
    var mostExamined: Int { reader.mostExamined }

    /// Opens the tree of a volume.
    ///
    /// - Parameters:
    ///   - reader: The disc.
    ///   - start: The volume's first byte.
    /// - Throws: ``BrokenStructure`` where its catalogue can't be found.
    init(_ reader: StructureReader, at start: Int) throws {
        reader.begin()
        self.reader = reader
        structure = try HFSStructure(reader, at: start)
        let isPlus = structure.isPlus
        let known = try structure.extents(structure.overflow.runs, limit: structure.overflow.size)
        overflow = known.isEmpty ? nil : try? HFSTreeFile(reader, known, isPlus: isPlus)
        var runs = structure.catalog.runs
        // The catalogue is file 4; that of the extents itself must lie in its own.
        try Self.complete(
            &runs,
            of: 4,
            isResource: false,
            structure.catalog.size,
            structure,
            overflow
        )
        catalog = try HFSTreeFile(
            reader,
            try structure.extents(runs, limit: structure.catalog.size),
            isPlus: isPlus
        )
        var root = FileEntry(name: "/", kind: .directory, identity: UInt64(Self.rootNumber))
        root.modified = structure.modified
        self.root = root
    }

    func entries(of directory: FileEntry) throws -> DirectoryListing {
        reader.begin()
        var listing = DirectoryListing()
        let wanted = Int(UInt32(truncatingIfNeeded: directory.identity))
        let isPlus = structure.isPlus
        do {
            try catalog.visit { node, key in
                Int(node.big32(key + 2)) - wanted
            } take: { node, key, data, end in
                guard !listing.isFull else { return }
                let bytes = node.span
                let length = isPlus ? Int(bytes.big16(key + 6)) : Int(bytes.byte(key + 6))
                let start = key + (isPlus ? 8 : 7)
                let stop = start + length * (isPlus ? 2 : 1)
                guard stop <= data else {
                    listing.note("A name of the HFS catalogue is longer than its key.")
                    return
                }
                // A slash is a plain character here, and a colon none; Mac OS X swaps them too.
                let name =
                    isPlus
                    ? FileName.bigEndian(node[start..<stop]) : MacRoman.decoded(node[start..<stop])
                let scalars = name.unicodeScalars.map { $0 == "/" ? ":" : $0 }
                var view = String.UnicodeScalarView()
                view.append(contentsOf: scalars)
                if let entry = try self.entry(
                    String(view),
                    Array(node[data..<end]),
                    &listing
                ) {
                    listing.add(entry)
                }
            }
        } catch let error as BrokenStructure {
            listing.note(error.sentence)
        }
        if listing.isFull { listing.note("The directory has more entries than are listed.") }
        listing.finish()
        return listing
    }

    /// Makes an entry of a catalogue record; nil for the threads, which lead back.
    private func entry(
        _ name: String,
        _ record: [UInt8],
        _ listing: inout DirectoryListing
    ) throws -> FileEntry? {
        let bytes = record.span
        // The type is a byte of HFS's with another one behind it, or 16 bits.
        let type = structure.isPlus ? Int(bytes.big16(0)) : Int(bytes.byte(0))
        switch (type, structure.isPlus) {
        case (1, false): return hfsDirectory(name, bytes)
        case (2, false): return try hfsFile(name, bytes, &listing)
        case (1, true): return plusDirectory(name, bytes)
        case (2, true): return try plusFile(name, bytes, &listing)
        default: return nil
        }
    }

    // MARK: - HFS: Inside Macintosh: Files, 2-72

    private func hfsDirectory(_ name: String, _ bytes: Span<UInt8>) -> FileEntry {
        var entry = FileEntry(name: name, kind: .directory, identity: UInt64(bytes.big32(6)))
        entry.created = FileTime.ofMac(bytes.big32(10), isLocal: true)
        entry.modified = FileTime.ofMac(bytes.big32(14), isLocal: true)
        return entry
    }

    private func hfsFile(
        _ name: String,
        _ bytes: Span<UInt8>,
        _ listing: inout DirectoryListing
    ) throws -> FileEntry {
        let number = bytes.big32(20)
        var entry = FileEntry(name: name, kind: .file, identity: UInt64(number))
        entry.created = FileTime.ofMac(bytes.big32(44), isLocal: true)
        entry.modified = FileTime.ofMac(bytes.big32(48), isLocal: true)
        // Bit 14 of the Finder's flags says that it is invisible.
        entry.isHidden = bytes.big16(4 + 8) & 0x4000 != 0
        let data = HFSFork(hfs: bytes, size: Int(bytes.big32(26)), extents: 74)
        let resources = HFSFork(hfs: bytes, size: Int(bytes.big32(36)), extents: 86)
        try add(data, resources, number, to: &entry, &listing)
        return entry
    }

    // MARK: - HFS Plus: TN1150, “Catalog File Data”

    private func plusDirectory(_ name: String, _ bytes: Span<UInt8>) -> FileEntry {
        var entry = FileEntry(name: name, kind: .directory, identity: UInt64(bytes.big32(8)))
        addRights(bytes, to: &entry)
        entry.kind = .directory
        return entry
    }

    private func plusFile(
        _ name: String,
        _ bytes: Span<UInt8>,
        _ listing: inout DirectoryListing
    ) throws -> FileEntry {
        let number = bytes.big32(8)
        var entry = FileEntry(name: name, kind: .file, identity: UInt64(number))
        addRights(bytes, to: &entry)
        if entry.kind == .directory { entry.kind = .file }
        entry.isHidden = bytes.big16(48 + 8) & 0x4000 != 0
        let special = bytes.big32(44)
        if [.blockDevice, .characterDevice].contains(entry.kind) {
            entry.device = (special >> 24, special & 0xFF_FFFF)
        }
        try add(
            HFSFork(plus: bytes, at: 88),
            HFSFork(plus: bytes, at: 168),
            number,
            to: &entry,
            &listing
        )
        guard entry.kind != .file else { return entry }
        if entry.kind == .symlink, entry.size <= Self.longestTarget {
            var target: [UInt8] = []
            for extent in entry.extents {
                guard let offset = extent.offset else { continue }
                target += try reader.bytes(at: offset, count: extent.length)
            }
            entry.target = FileName.decoded(target)
        }
        entry.size = 0
        return entry
    }

    /// Times, and rights where they were ever set.
    private func addRights(_ bytes: Span<UInt8>, to entry: inout FileEntry) {
        entry.created = FileTime.ofMac(bytes.big32(12), isLocal: false)
        entry.modified = FileTime.ofMac(bytes.big32(16), isLocal: false)
        entry.accessed = FileTime.ofMac(bytes.big32(24), isLocal: false)
        let mode = UInt32(bytes.big16(42))
        guard mode != 0 else { return }
        entry.mode = mode
        entry.userID = bytes.big32(32)
        entry.groupID = bytes.big32(36)
        if let kind = FileKind(mode: mode) { entry.kind = kind }
    }

    // MARK: - Forks

    private func add(
        _ data: HFSFork,
        _ resources: HFSFork,
        _ number: UInt32,
        to entry: inout FileEntry,
        _ listing: inout DirectoryListing
    ) throws {
        entry.size = data.size
        let shown = FileName.shown(entry.name)
        do {
            entry.extents = try extents(data, of: number, isResource: false)
            if resources.size > 0 {
                entry.resourceForkSize = resources.size
                entry.resourceForkExtents = try extents(resources, of: number, isResource: true)
            }
        } catch let error as BrokenStructure {
            listing.note("“\(shown)” can't be read. \(error.sentence)", hidesEntries: false)
            return
        }
        let held = entry.extents.reduce(0) { $0 + $1.length }
        if held < data.size {
            listing.note("Of “\(shown)”, the extents end before its size.", hidesEntries: false)
        }
        let isWhole = entry.extents.allSatisfy { extent in
            extent.offset.map { reader.holds($0, count: extent.length) } ?? true
        }
        if !isWhole {
            listing.note(
                "“\(shown)” lies partly or wholly behind the end of the disc.",
                hidesEntries: false
            )
        }
    }

    private func extents(_ fork: HFSFork, of number: UInt32, isResource: Bool) throws
        -> [FileExtent]
    {
        var runs = fork.runs
        try Self.complete(&runs, of: number, isResource: isResource, fork.size, structure, overflow)
        return try structure.extents(runs, limit: fork.size)
    }

    /// Adds the runs that the extents file keeps of a fork, where its own don't reach its end.
    private static func complete(
        _ runs: inout [(start: Int, count: Int)],
        of number: UInt32,
        isResource: Bool,
        _ size: Int,
        _ structure: HFSStructure,
        _ overflow: HFSTreeFile?
    ) throws {
        func held(_ runs: [(start: Int, count: Int)]) -> Int { runs.reduce(0) { $0 + $1.count } }
        guard held(runs) * structure.blockSize < size, let overflow else { return }
        let fork: UInt8 = isResource ? 0xFF : 0
        let isPlus = structure.isPlus
        var found: [(block: Int, runs: [(start: Int, count: Int)])] = []
        try overflow.visit { node, key in
            // HFS has the fork before the file's number, and both have it in the order of files.
            let file = node.big32(key + (isPlus ? 4 : 2))
            if file != number { return file < number ? -1 : 1 }
            let kind = node.byte(key + (isPlus ? 2 : 1))
            return kind == fork ? 0 : kind < fork ? -1 : 1
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
    }
}
