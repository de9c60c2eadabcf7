/// The files of an HFS or HFS Plus volume.
final class HFSFileTree: FileTree {
    /// The number of the root directory in the catalogue.
    private static let rootNumber: UInt32 = 2
    /// The bytes of a symlink's target.
    private static let longestTarget = 1 << 16

    let kind = FileTreeKind.hfs
    let root: FileEntry
    private let reader: StructureReader
    private let catalog: HFSCatalog
    private let isPlus: Bool
    /// What links lead to, once a directory was listed; `nil` if that can't be read.
    private lazy var links = try? HFSLinks(catalog, root: Self.rootNumber)
    /// The attributes of files, once a directory was listed.
    private lazy var attributes = HFSAttributes(catalog, reader)
    /// What is wrong with the root directory; `nil` if nothing is.
    private let rootProblem: String?
    /// How many entries directories count, by their numbers: those whose records were read.
    private var counts: [UInt32: Int] = [:]

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
        catalog = try HFSCatalog(reader, at: start)
        isPlus = catalog.structure.isPlus
        do {
            let found = try catalog.root()
            rootProblem = found == nil ? "The HFS catalogue has no root directory." : nil
            counts[Self.rootNumber] = found?.count
        } catch let error as BrokenStructure {
            rootProblem = error.sentence
        }
        var root = FileEntry(name: "/", kind: .directory, identity: UInt64(Self.rootNumber))
        root.modified = catalog.structure.modified
        self.root = root
    }

    func entries(of directory: FileEntry) throws -> DirectoryListing {
        reader.begin()
        var listing = DirectoryListing()
        let wanted = Int(UInt32(truncatingIfNeeded: directory.identity))
        let isRoot = directory.identity == root.identity
        if isRoot, let rootProblem { listing.note(rootProblem) }
        if isRoot, isPlus {
            for problem in attributes.problems { listing.note(problem, loss: .attributes) }
            if links == nil {
                listing.note("What hard links lead to can't be read.", loss: .contents)
            }
        }
        var count = 0
        do {
            try catalog.file.visit { node, key in
                Int(node.big32(key + 2)) - wanted
            } take: { node, key, data, end in
                guard !listing.isFull else { return }
                if isEntry(node.span, at: data) { count += 1 }
                let name: String
                do {
                    name = try catalog.name(node, key, data)
                } catch let error as BrokenStructure {
                    listing.note(error.sentence)
                    return
                }
                if isRoot, isPlus, HFSLinks.hiddenNames.contains(name) { return }
                // A slash is a plain character here, and a colon none; Mac OS X swaps them too.
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
        if listing.isFull {
            listing.note("The directory has more entries than are listed.")
        } else if let counted = counts[UInt32(wanted)], counted > count {
            listing.note(
                "The directory counts \(counted) entries, and the catalogue has \(count) of them."
            )
        }
        listing.finish()
        return listing
    }

    /// The type of a catalogue record: a byte of HFS's with another one behind it, or 16 bits.
    private func type(_ bytes: Span<UInt8>, at record: Int) -> Int {
        isPlus ? Int(bytes.big16(record)) : Int(bytes.byte(record))
    }

    /// Whether a catalogue record is that of a directory or a file, and no thread.
    private func isEntry(_ bytes: Span<UInt8>, at record: Int) -> Bool {
        (1...2).contains(type(bytes, at: record))
    }

    /// Makes an entry of a catalogue record; nil for the threads, which lead back.
    private func entry(
        _ name: String,
        _ record: [UInt8],
        _ listing: inout DirectoryListing
    ) throws -> FileEntry? {
        let bytes = record.span
        let type = type(bytes, at: 0)
        switch (type, isPlus) {
        case (1, false): return hfsDirectory(name, bytes)
        case (2, false): return try hfsFile(name, bytes, &listing)
        case (1, true): return plusDirectory(name, bytes)
        case (2, true):
            guard let link = links?.target(of: bytes) else {
                if links == nil, HFSLinks.isLink(bytes) {
                    listing.note(
                        "“\(FileName.shown(name))” is a hard link, and what links lead to can't be read."
                    )
                }
                return try plusFile(name, bytes, &listing)
            }
            guard let target = link.record else {
                listing.note(
                    "“\(FileName.shown(name))” is a hard link, and the file is missing."
                )
                return try plusFile(name, bytes, &listing)
            }
            var entry =
                link.isDirectory
                ? plusDirectory(name, target.span) : try plusFile(name, target.span, &listing)
            entry.number = UInt64(target.span.big32(8))
            entry.linkCount = Int(target.span.big32(44))
            return entry
        // A thread stands at the number of what it leads back from, without a name.
        case (3...4, _) where name.isEmpty: return nil
        default:
            listing.note(
                "“\(FileName.shown(name))” is left out: its catalogue record is of type \(type), which is that of no file."
            )
            return nil
        }
    }

    // MARK: - HFS: Inside Macintosh: Files, 2-72

    private func hfsDirectory(_ name: String, _ bytes: Span<UInt8>) -> FileEntry {
        var entry = FileEntry(name: name, kind: .directory, identity: UInt64(bytes.big32(6)))
        counts[bytes.big32(6)] = catalog.entryCount(of: bytes, at: 0)
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
        counts[bytes.big32(8)] = catalog.entryCount(of: bytes, at: 0)
        addRights(bytes, to: &entry)
        entry.kind = .directory
        entry.attributes = attributes[bytes.big32(8)]
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
        entry.attributes = attributes[number]
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

    /// Times, and permissions where they were ever set.
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
            entry.extents = try catalog.extents(data, of: number, isResource: false)
            if resources.size > 0 {
                entry.resourceForkSize = resources.size
                entry.resourceForkExtents = try catalog.extents(
                    resources,
                    of: number,
                    isResource: true
                )
            }
        } catch let error as BrokenStructure {
            listing.note("“\(shown)” can't be read. \(error.sentence)", loss: .contents)
            return
        }
        let held = entry.extents.reduce(0) { $0 + $1.length }
        if held < data.size {
            listing.note("Of “\(shown)”, the extents end before its size.", loss: .contents)
        }
        let isWhole = entry.extents.allSatisfy { extent in
            extent.offset.map { reader.holds($0, count: extent.length) } ?? true
        }
        if !isWhole {
            listing.note(
                "“\(shown)” lies partly or wholly past the end of the disc.",
                loss: nil
            )
        }
    }
}
