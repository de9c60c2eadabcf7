import DiscFiles
import LibCrypto
import LibISOFS
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// Reads an image back as any other image is read, and compares it with the tree that it was made of.
///
/// Of Rock Ridge's tree everything is compared: names, kinds, sizes, modes, owners, times, links, and what
/// each file holds with what was read of it. The other trees must have the same
/// files at the same places.
struct ImageProof {
    private let image: ISOAuthoring
    private let path: FilePath
    private let files: UnfinishedFiles

    init(_ image: ISOAuthoring, _ path: FilePath, _ files: UnfinishedFiles) {
        self.image = image
        self.path = path
        self.files = files
    }

    /// Looks for a difference.
    ///
    /// - Returns: The first one, in words; `nil` if there is none, or the job was stopped.
    /// - Throws: ``Reports/Failure`` if the image can't be read.
    func difference(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void) throws -> String? {
        try TreeProof.difference(in: path, files) { source, trees in
            guard let tree = trees.tree(.rockRidge) else { throw ImageDifference("it has no tree") }
            if let volume = trees.content.volumeIdentifier, volume != image.volume {
                throw ImageDifference("its volume is named “\(volume)”")
            }
            guard Set(tree.root.attributes) == Set(image.tree.root.extended) else {
                throw ImageDifference("the extended attributes of its root are others")
            }
            var proof = TreeProof(tree: image.tree)
            proof.catalog = image.catalog.map(SourceNode.text)
            // libisofs puts the boot information table into a file.
            proof.accepts = { file, entry, path in
                try hasTable(path) && isEqualButForTable(file, entry, source)
            }
            let findings = try proof.compare(with: tree, source, cancellation, tell)
            guard !cancellation.isRequested else { return }
            if image.options.hasJoliet { try compareJoliet(trees, findings) }
            if image.options.hasHFSPlus { try compareHFS(trees) }
            try compareBoot(trees, source, findings)
        }
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

    private func compareJoliet(_ trees: DiscTrees, _ findings: TreeProof.Findings) throws {
        guard let tree = trees.tree(.joliet) else { throw ImageDifference("it has no Joliet tree") }
        var walk = FileWalk(tree)
        var paths: Set<ExactName> = []
        var places: [TreeProof.Place: Int] = [:]
        while let visit = try walk.next() {
            paths.insert(ExactName(visit.path))
            if visit.entry.kind == .file, !isCatalog(visit.entry, trees) {
                // Joliet has the packed size of packed files.
                let place = TreeProof.Place(
                    offset: TreeProof.Place(of: visit.entry).offset,
                    size: 0
                )
                places[place, default: 0] += 1
            }
        }
        if let problem = walk.problems.first {
            throw ImageDifference("Joliet: \(problem.description)")
        }
        var wanted: [TreeProof.Place: Int] = [:]
        for (place, count) in findings.all {
            wanted[TreeProof.Place(offset: place.offset, size: 0), default: 0] += count
        }
        guard places == wanted else { throw ImageDifference("its Joliet tree has other files") }
        var missing: String?
        image.tree.root.forEach { node, place in
            let isKept = !place.isEmpty && !hasChangedName(place)
            let text = SourceNode.text(place)
            switch node.content {
            case .directory, .file:
                if isKept, missing == nil, !paths.contains(ExactName(text)) { missing = text }
            case .link, .special: break
            }
        }
        if let missing { throw ImageDifference("its Joliet tree lacks \(FileName.shown(missing))") }
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
        guard let tree = trees.tree(.hfs) else {
            throw ImageDifference("it has no HFS Plus volume")
        }
        var walk = FileWalk(tree)
        var files = 0
        while let visit = try walk.next() {
            if visit.entry.kind == .file { files += 1 }
        }
        if let problem = walk.problems.first {
            throw ImageDifference("HFS Plus: \(problem.description)")
        }
        var wanted = image.catalog == nil ? 0 : 1
        image.tree.root.forEach { node, _ in
            if case .file = node.content { wanted += 1 }
        }
        guard files == wanted else {
            throw ImageDifference("its HFS Plus volume has \(files) files in place of \(wanted)")
        }
    }

    // MARK: Booting

    private func compareBoot(
        _ trees: DiscTrees,
        _ source: any SectorSource,
        _ findings: TreeProof.Findings
    ) throws {
        let found = trees.content.bootEntries
        guard found.count == image.bootEntries.count else {
            throw ImageDifference("it boots from \(found.count) files")
        }
        for (entry, wanted) in zip(found, image.bootEntries) {
            let names = wanted.path.split(separator: 0x2F).map(Array.init)
            guard let node = image.tree.root.node(at: names), case .file(let file) = node.content,
                let offset = findings.places[file.serial]?.offset, entry.start * 2048 == offset,
                entry.platform == (wanted.platform == .efi ? .efi : .x86), entry.isBootable
            else {
                throw ImageDifference("it does not boot from \(SourceNode.text(wanted.path))")
            }
        }
    }
}
