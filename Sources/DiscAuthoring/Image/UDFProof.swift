import DiscFiles
import DiscImages
import LibCrypto
import LibISOFS
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// Reads an image with UDF back as any other image is read, and compares it with its tree.
///
/// That is: names, kinds, sizes, permissions, owners, times, links, and the SHA-256 of what each file
/// has with that of what was read of it. A tree of ISO 9660 beside it must have the same bytes as files.
struct UDFProof {
    private let image: UDFAuthoring
    private let path: FilePath
    private let files: UnfinishedFiles

    init(_ image: UDFAuthoring, _ path: FilePath, _ files: UnfinishedFiles) {
        self.image = image
        self.path = path
        self.files = files
    }

    /// Something is not as it should be: a part of a sentence.
    private struct Difference: Error {
        let text: String

        init(_ text: String) { self.text = text }
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
            guard let tree = trees.tree(.udf) else { throw Difference("it has no UDF tree") }
            if let volume = trees.content.udf?.logicalVolumeIdentifier, volume != image.volume {
                throw Difference("its volume is named “\(volume)”")
            }
            let starts = try compare(tree, opened.source, cancellation, tell)
            guard !cancellation.isRequested else { return nil }
            if image.image.options.hasISO9660 { try compareBridge(trees, starts) }
            return nil
        } catch let difference as Difference {
            return difference.text
        }
    }

    /// Compares the whole tree.
    ///
    /// - Returns: Where the bytes of files begin, as often as there are names for them.
    private func compare(
        _ tree: any FileTree,
        _ source: any SectorSource,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> [Int: Int] {
        var meter = RateMeter(phase: .verify, total: image.tree.bytes)
        var done = 0
        var starts: [Int: Int] = [:]
        var proven: [UInt64: Int] = [:]
        var pending: [(node: SourceNode, entry: FileEntry, path: String)] = [
            (image.tree.root, tree.root, "")
        ]
        while let (node, directory, path) = pending.popLast() {
            let listing = try tree.entries(of: directory)
            if let problem = listing.problems.first { throw Difference(problem.description) }
            var entries = Dictionary(listing.entries.map { ($0.name, $0) }) { first, _ in first }
            guard entries.count == listing.entries.count else {
                throw Difference("\(FileName.shown(path)) has a name twice")
            }
            for child in node.children where !cancellation.isRequested {
                if case .special = child.content { continue }
                let place = path + child.text
                let name = image.renamed[place] ?? child.text
                guard let entry = entries.removeValue(forKey: name) else {
                    throw Difference("\(FileName.shown(place)) is missing")
                }
                try compare(child, entry, place)
                switch child.content {
                case .directory: pending.append((child, entry, place + "/"))
                case .file(let file) where file.byteCount > 0:
                    let start = entry.extents.first?.offset ?? -1
                    starts[start, default: 0] += 1
                    guard proven[file.serial] != start else { continue }
                    proven[file.serial] = start
                    guard
                        try ImageProof.sum(of: entry, source, cancellation) == file.sum
                            || cancellation.isRequested
                    else {
                        throw Difference("the content of \(FileName.shown(place)) is another one")
                    }
                    done += file.byteCount
                    if meter.isDue { tell(.progress(meter.progress(bytes: done))) }
                case .file, .link, .special: break
                }
            }
            if !cancellation.isRequested, let other = entries.keys.min() {
                throw Difference("\(FileName.shown(path + other)) is there and was not put there")
            }
        }
        return starts
    }

    /// Compares what is known of a node with an entry.
    private func compare(_ node: SourceNode, _ entry: FileEntry, _ path: String) throws {
        let attributes = node.attributes
        var facts: [(what: String, isEqual: Bool)] = [
            ("mode", entry.mode.map { $0 & 0o777 } == attributes.permissions & 0o777),
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
            if !image.retargeted.contains(path) {
                let wanted = ImageProof.plain(SourceNode.text(target))
                facts.append(("target", entry.target.map(ImageProof.plain) == wanted))
            }
        case .special: break
        }
        if let wrong = facts.first(where: { !$0.isEqual }) {
            throw Difference("the \(wrong.what) of \(FileName.shown(path)) is another one")
        }
    }

    /// Compares where the bytes of files begin in the trees of ISO 9660.
    private func compareBridge(_ trees: DiscTrees, _ starts: [Int: Int]) throws {
        let kinds: [FileTreeKind] = image.image.options.hasJoliet ? [.iso, .joliet] : [.iso]
        for kind in kinds {
            guard let tree = trees.tree(kind) else {
                throw Difference("it has no \(kind.displayName) tree")
            }
            var walk = FileWalk(tree)
            var found: [Int: Int] = [:]
            while let visit = try walk.next() {
                guard visit.entry.kind == .file, visit.entry.size > 0 else { continue }
                found[visit.entry.extents.first?.offset ?? -1, default: 0] += 1
            }
            if let problem = walk.problems.first { throw Difference(problem.description) }
            guard found == starts else {
                throw Difference("its \(kind.displayName) tree has other files")
            }
        }
    }
}
