import DiscFiles
import DiscImages
import LibCrypto
import LibISOFS
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// Something in an image is not as it should be: a part of a sentence.
struct ImageDifference: Error {
    let text: String

    /// Takes it, without the full stop of a sentence: it ends one that has its own.
    init(_ text: String) { self.text = text.last == "." ? String(text.dropLast()) : text }
}

/// Compares an image's tree with the tree that the image was made of.
///
/// That is: names, kinds, sizes, permissions, owners, times, links, and what each file has with what was read
/// of it, by a ``LibCrypto/ReadingCode``.
struct TreeProof {
    /// A file's bytes on the disc.
    struct Place: Hashable {
        /// The byte that they begin at; `nil` of a file without bytes.
        var offset: Int?
        /// How many there are.
        var size: Int

        /// The place of an entry's bytes.
        init(of entry: FileEntry) {
            offset = entry.size > 0 ? entry.extents.first?.offset : nil
            size = entry.size
        }

        init(offset: Int?, size: Int) {
            self.offset = offset
            self.size = size
        }
    }

    /// What was found.
    struct Findings {
        /// Where the bytes of a file are, by its number.
        var places: [UInt64: Place] = [:]
        /// All files' places, as often as there are names for them.
        var all: [Place: Int] = [:]
    }

    private static let pieceSize = 1 << 20

    /// What the image was made of.
    let tree: SourceTree
    /// The bits of a mode that the image's tree keeps.
    var keptPermissions: UInt32 = 0o7777
    /// Whether the image's tree has devices, pipes and sockets.
    var hasSpecialFiles = true
    /// The path of an entry that the image has besides.
    var catalog: String?
    /// Names that are not those of the files, by their paths.
    var renamed: [ExactName: String] = [:]
    /// Links whose targets are not those of the tree, by their paths.
    var retargeted: Set<ExactName> = []
    /// Asked where a file's bytes are others than those that were read: whether they are right
    /// nevertheless.
    var accepts: (SourceFile, FileEntry, _ path: String) throws -> Bool = { _, _, _ in false }

    /// Opens an image that was made as any other one is opened, and looks for a difference.
    ///
    /// - Parameters:
    ///   - path: The image.
    ///   - files: Those that are not finished yet, with the image.
    ///   - start: The sector that the session begins with whose trees are looked at.
    ///   - compare: Compares what it is given, and throws ``ImageDifference``.
    /// - Returns: The difference, in words; `nil` if there is none.
    /// - Throws: What else the comparison throws.
    static func difference(
        in path: FilePath,
        _ files: UnfinishedFiles,
        sessionStart start: Int = 0,
        _ compare: (any SectorSource, DiscTrees) throws -> Void
    ) throws -> String? {
        let opened: DiscImage
        do {
            opened = try DiscImage(path, unfinished: files)
        } catch {
            return "it can't be opened again: \(error.what)"
        }
        do {
            try compare(opened.source, DiscTrees(opened.source, sessionStart: start))
            return nil
        } catch let difference as ImageDifference {
            return difference.text
        }
    }

    /// Compares the whole tree.
    ///
    /// - Parameters:
    ///   - found: The image's tree.
    ///   - source: The image.
    ///   - cancellation: Heeded at any time.
    ///   - tell: Told the progress.
    /// - Returns: Where the files are; what was found until then if the job was stopped.
    /// - Throws: ``ImageDifference``, and what reading throws.
    func compare(
        with found: any FileTree,
        _ source: any SectorSource,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> Findings {
        var findings = Findings()
        var meter = RateMeter(phase: .verify, total: tree.bytes)
        var done = 0
        var pending: [(node: SourceNode, entry: FileEntry, path: String)] = [
            (tree.root, found.root, "")
        ]
        while let (node, directory, path) = pending.popLast() {
            var entries = try entries(of: directory, path, found)
            for child in node.children where !cancellation.isRequested {
                if case .special = child.content, !hasSpecialFiles { continue }
                let place = path + child.text
                guard
                    let entry = entries.removeValue(
                        forKey: ExactName(renamed[ExactName(place)] ?? child.text)
                    )
                else {
                    throw ImageDifference("\(FileName.shown(place)) is missing")
                }
                try compare(child, entry, place)
                switch child.content {
                case .directory: pending.append((child, entry, place + "/"))
                case .file(let file):
                    done += try compare(file, entry, place, source, &findings, cancellation)
                    if meter.isDue { tell(.progress(meter.progress(bytes: done))) }
                case .link, .special: break
                }
            }
            if !cancellation.isRequested, let other = entries.keys.min() {
                throw ImageDifference(
                    "\(FileName.shown(path + other.text)) is there and was not put there"
                )
            }
        }
        return findings
    }

    private func entries(of directory: FileEntry, _ path: String, _ found: any FileTree) throws
        -> [ExactName: FileEntry]
    {
        let listing = try found.entries(of: directory)
        if let problem = listing.problems.first { throw ImageDifference(problem.description) }
        var entries: [ExactName: FileEntry] = [:]
        for entry in listing.entries
        where catalog.map(ExactName.init) != ExactName(path + entry.name) {
            guard entries.updateValue(entry, forKey: ExactName(entry.name)) == nil else {
                throw ImageDifference("\(FileName.shown(path + entry.name)) is there twice")
            }
        }
        return entries
    }

    /// Compares what is known of a node with an entry.
    private func compare(_ node: SourceNode, _ entry: FileEntry, _ path: String) throws {
        let attributes = node.attributes
        let permissions = attributes.permissions & keptPermissions
        var facts: [(what: String, isEqual: Bool)] = [
            ("mode", entry.mode.map { $0 & keptPermissions } == permissions),
            ("owner", entry.userID == attributes.userID && entry.groupID == attributes.groupID),
            ("time", entry.modified?.seconds == attributes.modified),
            ("extended attributes", Set(entry.attributes) == Set(node.extended)),
        ]
        switch node.content {
        case .directory: facts.append(("kind", entry.kind == .directory))
        case .file(let file):
            facts.append(("kind", entry.kind == .file))
            facts.append(("size", entry.size == file.byteCount))
        case .link(let target):
            facts.append(("kind", entry.kind == .symlink))
            let isSame = Self.isSame(entry.target, target)
            facts.append(("target", isSame || retargeted.contains(ExactName(path))))
        case .special(let kind, _): facts.append(("kind", entry.kind == kind.ofEntry))
        }
        if let wrong = facts.first(where: { !$0.isEqual }) {
            throw ImageDifference("the \(wrong.what) of \(FileName.shown(path)) is another one")
        }
    }

    /// Whether an entry's target leads where a link does.
    static func isSame(_ target: String?, _ link: [UInt8]) -> Bool {
        let wanted = ExactName(FileName.plainTarget(SourceNode.text(link)))
        return target.map { ExactName(FileName.plainTarget($0)) } == wanted
    }

    /// Compares a file's bytes.
    ///
    /// - Returns: The bytes that were read; 0 for a further name of them.
    private func compare(
        _ file: SourceFile,
        _ entry: FileEntry,
        _ path: String,
        _ source: any SectorSource,
        _ findings: inout Findings,
        _ cancellation: Cancellation
    ) throws -> Int {
        let place = Place(of: entry)
        findings.all[place, default: 0] += 1
        if findings.places[file.serial] == place { return 0 }
        findings.places[file.serial] = place
        guard file.byteCount > 0 else { return 0 }
        let isSame = try Self.isSame(entry, source, as: file, cancellation)
        guard !cancellation.isRequested else { return 0 }
        guard try isSame || accepts(file, entry, path) else {
            throw ImageDifference("the content of \(FileName.shown(path)) is another one")
        }
        return file.byteCount
    }

    /// Whether an entry has the bytes that were read of a file; `false` if it ends before it should, or the job
    /// was stopped.
    static func isSame(
        _ entry: FileEntry,
        _ source: any SectorSource,
        as file: SourceFile,
        _ cancellation: Cancellation
    ) throws -> Bool {
        let contents = try entry.open(source)
        var code = try ReadingCode()
        var buffer = [UInt8](repeating: 0, count: max(1, min(pieceSize, contents.count)))
        var place = 0
        while place < contents.count, !cancellation.isRequested {
            var span = buffer.mutableSpan
            let count = try contents.read(at: place, into: &span)
            guard count > 0 else { return false }
            code.update(buffer.span.extracting(..<count))
            place += count
        }
        guard !cancellation.isRequested, let found = code.finish() else { return false }
        return found == file.code
    }
}

extension FileDetails.Kind {
    /// What an entry of this kind is.
    var ofEntry: FileKind {
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
