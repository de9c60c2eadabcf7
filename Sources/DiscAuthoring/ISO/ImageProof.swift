import DiscFiles
import DiscImages
import LibCrypto
import LibISOFS
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// Reads an image back as any other image is read, and compares it with the tree that it was made of.
///
/// Of Rock Ridge's tree everything is compared: names, kinds, sizes, modes, owners, times, links, and the
/// SHA-256 of what each file holds with that of what was read of it. The other trees must have the same
/// files at the same places.
struct ImageProof {
    private static let pieceSize = 1 << 20

    private let image: ISOAuthoring
    private let path: FilePath
    private let files: UnfinishedFiles

    init(_ image: ISOAuthoring, _ path: FilePath, _ files: UnfinishedFiles) {
        self.image = image
        self.path = path
        self.files = files
    }

    /// Something is not as it should be: a part of a sentence.
    private struct Difference: Error {
        let text: String

        init(_ text: String) { self.text = text }
    }

    /// A file's bytes on the disc.
    private struct Place: Hashable {
        var offset: Int?
        var size: Int
    }

    /// What was found so far.
    private struct Findings {
        /// Where the bytes of a file are, by its number.
        var places: [UInt64: Place] = [:]
        /// All files' places, as often as there are names for them.
        var all: [Place: Int] = [:]
        var bytes = 0
        var meter: RateMeter
    }

    /// Looks for a difference.
    ///
    /// - Returns: The first one, in words; `nil` if there is none, or the job was stopped.
    /// - Throws: ``Reports/Failure`` if the image can't be read.
    func difference(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void) throws -> String? {
        do {
            let opened: DiscImage
            do {
                opened = try DiscImage(path, unfinished: files)
            } catch {
                return "it can't be opened again: \(error.what)"
            }
            let trees = try DiscTrees(opened.source)
            guard let tree = trees.tree(.rockRidge) else { throw Difference("it has no tree") }
            if let volume = trees.content.volumeIdentifier, volume != image.volume {
                throw Difference("its volume is named “\(volume)”")
            }
            var findings = Findings(meter: RateMeter(phase: .verify, total: image.tree.bytes))
            try compare(tree, opened.source, &findings, cancellation, tell)
            guard !cancellation.isRequested else { return nil }
            if image.options.hasJoliet { try compareJoliet(trees, findings) }
            if image.options.hasHFSPlus { try compareHFS(trees) }
            try compareBoot(trees, opened.source, findings)
            return nil
        } catch let difference as Difference {
            return difference.text
        }
    }

    // MARK: Rock Ridge

    private func compare(
        _ tree: any FileTree,
        _ source: any SectorSource,
        _ findings: inout Findings,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws {
        let catalog = image.catalog.map(SourceNode.text)
        var pending: [(node: SourceNode, entry: FileEntry, path: String)] = [
            (image.tree.root, tree.root, "")
        ]
        while let (node, directory, path) = pending.popLast() {
            let listing = try tree.entries(of: directory)
            if let problem = listing.problems.first { throw Difference(problem.description) }
            var entries: [String: FileEntry] = [:]
            for entry in listing.entries where path + entry.name != catalog {
                guard entries.updateValue(entry, forKey: entry.name) == nil else {
                    throw Difference("\(shown(path + entry.name)) is there twice")
                }
            }
            for child in node.children where !cancellation.isRequested {
                let place = path + child.text
                guard let entry = entries.removeValue(forKey: child.text) else {
                    throw Difference("\(shown(place)) is missing")
                }
                try compare(child, entry, place)
                switch child.content {
                case .directory: pending.append((child, entry, place + "/"))
                case .file(let file):
                    try compare(file, entry, place, source, &findings, cancellation)
                    if findings.meter.isDue {
                        tell(.progress(findings.meter.progress(bytes: findings.bytes)))
                    }
                case .link, .special: break
                }
            }
            if !cancellation.isRequested, let other = entries.keys.min() {
                throw Difference("\(shown(path + other)) is there and was not put there")
            }
        }
    }

    private func shown(_ path: String) -> String { FileName.shown(path) }

    /// Compares what is known of a node with an entry.
    private func compare(_ node: SourceNode, _ entry: FileEntry, _ path: String) throws {
        let attributes = node.attributes
        var facts: [(what: String, isEqual: Bool)] = [
            ("mode", entry.mode.map { $0 & 0o7777 } == attributes.permissions),
            ("owner", entry.userID == attributes.userID && entry.groupID == attributes.groupID),
            ("time", entry.modified?.seconds == attributes.modified),
        ]
        switch node.content {
        case .directory: facts.append(("kind", entry.kind == .directory))
        case .file(let file):
            facts.append(("kind", entry.kind == .file))
            facts.append(("size", entry.size == file.byteCount))
        case .link(let target):
            facts.append(("kind", entry.kind == .symlink))
            // A slash at the end, and several in a row, say no more than one.
            facts.append(
                ("target", entry.target.map(Self.plain) == Self.plain(SourceNode.text(target)))
            )
        case .special(let kind, _): facts.append(("kind", entry.kind == kind.ofEntry))
        }
        if let wrong = facts.first(where: { !$0.isEqual }) {
            throw Difference("the \(wrong.what) of \(shown(path)) is another one")
        }
    }

    private static func plain(_ target: String) -> String {
        (target.hasPrefix("/") ? "/" : "")
            + target.split(separator: "/").joined(separator: "/")
    }

    private func compare(
        _ file: SourceFile,
        _ entry: FileEntry,
        _ path: String,
        _ source: any SectorSource,
        _ findings: inout Findings,
        _ cancellation: Cancellation
    ) throws {
        let place = Self.place(of: entry)
        findings.all[place, default: 0] += 1
        // Further names of the same bytes.
        if findings.places[file.serial] == place { return }
        findings.places[file.serial] = place
        guard file.byteCount > 0 else { return }
        let read = try sum(of: entry, source, cancellation)
        guard !cancellation.isRequested else { return }
        findings.bytes += file.byteCount
        if read == file.sum { return }
        // libisofs puts the boot information table into a file.
        if hasTable(path), try isEqualButForTable(file, entry, source) { return }
        throw Difference("the content of \(shown(path)) is another one")
    }

    private static func place(of entry: FileEntry) -> Place {
        Place(offset: entry.size > 0 ? entry.extents.first?.offset : nil, size: entry.size)
    }

    private func sum(
        of entry: FileEntry,
        _ source: any SectorSource,
        _ cancellation: Cancellation
    ) throws -> Checksum? {
        let contents = try entry.open(source)
        guard contents.count == entry.size else { return nil }
        var digest = try Digest(.sha256)
        var buffer = [UInt8](repeating: 0, count: max(1, min(Self.pieceSize, contents.count)))
        var place = 0
        while place < contents.count, !cancellation.isRequested {
            var span = buffer.mutableSpan
            let count = try contents.read(at: place, into: &span)
            guard count > 0 else { return nil }
            digest.update(buffer.span.extracting(..<count))
            place += count
        }
        return digest.finish()
    }

    private func hasTable(_ path: String) -> Bool {
        image.bootEntries.contains {
            $0.hasInformationTable && SourceNode.text(Array($0.path.dropFirst())) == path
        }
    }

    /// Whether a file that is booted from differs in its bytes 8 to 63 only.
    private func isEqualButForTable(
        _ file: SourceFile,
        _ entry: FileEntry,
        _ source: any SectorSource
    ) throws -> Bool {
        let contents = try entry.open(source)
        let original = try File(file.path, .read, nonBlocking: true)
        var (read, wanted) = (
            [UInt8](repeating: 0, count: 65536), [UInt8](repeating: 0, count: 65536)
        )
        var place = 0
        while place < contents.count {
            var span = read.mutableSpan
            let count = try contents.read(at: place, into: &span)
            var other = wanted.mutableSpan
            guard count > 0, try original.read(at: place, into: &other, limit: count) == count
            else { return false }
            for index in 0..<count where read[index] != wanted[index] {
                guard 8..<64 ~= place + index else { return false }
            }
            place += count
        }
        return place == file.byteCount
    }

    // MARK: The other trees

    private func compareJoliet(_ trees: DiscTrees, _ findings: Findings) throws {
        guard let tree = trees.tree(.joliet) else { throw Difference("it has no Joliet tree") }
        var walk = FileWalk(tree)
        var paths: Set<String> = []
        var places: [Place: Int] = [:]
        while let visit = try walk.next() {
            paths.insert(visit.path)
            if visit.entry.kind == .file, !isCatalog(visit.entry, trees) {
                // Joliet has the packed size of packed files.
                let place = Place(offset: Self.place(of: visit.entry).offset, size: 0)
                places[place, default: 0] += 1
            }
        }
        if let problem = walk.problems.first { throw Difference("Joliet: \(problem.description)") }
        var wanted: [Place: Int] = [:]
        for (place, count) in findings.all {
            wanted[Place(offset: place.offset, size: 0), default: 0] += count
        }
        guard places == wanted else { throw Difference("its Joliet tree has other files") }
        var missing: String?
        image.tree.root.forEach { node, place in
            let isKept = !place.isEmpty && !hasChangedName(place)
            let text = SourceNode.text(place)
            switch node.content {
            case .directory, .file:
                if isKept, missing == nil, !paths.contains(text) { missing = text }
            case .link, .special: break
            }
        }
        if let missing { throw Difference("its Joliet tree lacks \(shown(missing))") }
    }

    /// Whether a name on a path is another one in Joliet's tree.
    private func hasChangedName(_ path: [UInt8]) -> Bool {
        let changed = image.found.changedInJoliet
        if changed.isEmpty { return false }
        return changed.contains(path)
            || path.indices.contains { path[$0] == 0x2F && changed.contains(Array(path[..<$0])) }
    }

    private func isCatalog(_ entry: FileEntry, _ trees: DiscTrees) -> Bool {
        guard image.catalog != nil, let catalog = trees.content.iso9660?.bootCatalog else {
            return false
        }
        return entry.extents.first?.offset == catalog.sector * 2048
    }

    private func compareHFS(_ trees: DiscTrees) throws {
        guard let tree = trees.tree(.hfs) else { throw Difference("it has no HFS Plus volume") }
        var walk = FileWalk(tree)
        var files = 0
        while let visit = try walk.next() {
            if visit.entry.kind == .file { files += 1 }
        }
        var wanted = image.catalog == nil ? 0 : 1
        image.tree.root.forEach { node, _ in
            if case .file = node.content { wanted += 1 }
        }
        guard files == wanted else {
            throw Difference("its HFS Plus volume has \(files) files in place of \(wanted)")
        }
    }

    // MARK: Booting

    private func compareBoot(
        _ trees: DiscTrees,
        _ source: any SectorSource,
        _ findings: Findings
    ) throws {
        let found = trees.content.bootEntries
        guard found.count == image.bootEntries.count else {
            throw Difference("it boots from \(found.count) files")
        }
        for (entry, wanted) in zip(found, image.bootEntries) {
            let names = wanted.path.split(separator: 0x2F).map(Array.init)
            guard let node = image.tree.root.node(at: names), case .file(let file) = node.content,
                let offset = findings.places[file.serial]?.offset, entry.start * 2048 == offset,
                entry.platform == (wanted.platform == .efi ? .efi : .x86), entry.isBootable
            else {
                throw Difference("it does not boot from \(SourceNode.text(wanted.path))")
            }
        }
    }
}

extension FileDetails.Kind {
    /// What an entry of this kind is.
    fileprivate var ofEntry: FileKind {
        switch self {
        case .file: .file
        case .directory: .directory
        case .link: .symlink
        case .blockDevice: .blockDevice
        case .characterDevice: .characterDevice
        case .fifo: .fifo
        case .socket: .socket
        }
    }
}
