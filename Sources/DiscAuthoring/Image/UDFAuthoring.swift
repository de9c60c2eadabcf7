import DiscFiles
import LibISOFS
public import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// An image with UDF that is made of files: what it will be is known before a byte of it is made.
///
/// Used by one thread at a time.
public final class UDFAuthoring: AuthoredImage {
    /// How sentences and plans name what it is made of.
    public let name: String
    /// The volume's name.
    public let volume: String
    /// What the image does not keep.
    public private(set) var losses: [JobLoss] = []
    /// Those of them without which nothing is begun, unless that is allowed.
    public private(set) var graveLosses: [JobLoss] = []
    /// What a person should know of it: a sentence each.
    public private(set) var notes: [String]

    let tree: SourceTree
    let image: UDFImage
    /// Names that are not those of the files, by their paths.
    let renamed: [ExactName: String]
    /// Links whose targets are not those of the tree, by their paths.
    let retargeted: Set<ExactName>

    /// The size of the image in bytes.
    public var byteCount: Int { image.byteCount }
    /// How many files, directories and links go in.
    public private(set) var entries: Int
    /// How many files go in, each counted once.
    public var fileCount: Int { tree.files.count }
    /// The bytes of all files, each counted once.
    public var contentBytes: Int { tree.bytes }

    /// Gathers the files and lays the image out.
    ///
    /// - Parameters:
    ///   - input: What goes in.
    ///   - options: What kind of image it will be.
    ///   - cancellation: Heeded between two files.
    /// - Throws: ``Reports/Failure`` if something is not there, makes no sense or can't be put into such
    ///   an image.
    public init(
        _ input: AuthoringInput,
        _ options: UDFAuthoringOptions,
        _ cancellation: Cancellation
    ) throws(Failure) {
        guard !input.keepsAttributes, !input.keepsAccessLists else {
            throw Failure(
                .usage,
                "Extended attributes and access control lists are kept by ISO 9660 alone, and not by UDF.",
                meaning: "Nothing was written.",
                advice: "Leave --xattrs and --acls out, or make an image without --udf."
            )
        }
        let now = options.isReproducible ? options.epoch ?? 0 : FileDetails.Time.now.seconds
        tree = try SourceTree(input, time: now, cancellation)
        let time = options.isReproducible ? tree.makeUniform(until: options.epoch) : now
        volume = options.volume ?? input.volumeName
        name = input.name
        notes = tree.notes
        var authored = AuthoredTree(Self.attributes(of: tree.root))
        var special: [String] = []
        do {
            try Self.fill(&authored, AuthoredTree.root, with: tree.root, &special)
            var laidOut = UDFImageOptions(
                revision: options.revision,
                label: volume,
                time: FileTime(seconds: time),
                video: options.video
            )
            laidOut.bootEntries = options.bootEntries
            image = try UDFImage(authored, laidOut)
        } catch {
            throw Failure(authoring: error)
        }
        entries = tree.entries - special.count
        let changed = image.renames.filter {
            $0.reason != .pairedCharacter && $0.reason != .changedTarget
        }
        renamed = Dictionary(changed.map { (ExactName($0.path), $0.name) }) { first, _ in first }
        retargeted = Set(
            image.renames.filter { $0.reason == .changedTarget }.map { ExactName($0.path) }
        )
        noteLosses(special: special)
    }

    private func noteLosses(special: [String]) {
        if !tree.unreadable.isEmpty {
            let names = tree.unreadable.map { "\($0.path) (\($0.reason))" }
            add("unreadable-files", "what can't be read: \(ISOLosses.list(names))", isGrave: true)
        }
        if !special.isEmpty {
            let count = Wording.counted(
                special.count,
                "device, pipe or socket",
                "devices, pipes and sockets"
            )
            add(
                "special-files",
                "\(count), which UDF is not given: \(ISOLosses.list(special))",
                isGrave: true
            )
        }
        if !renamed.isEmpty {
            let names = renamed.sorted { $0.key < $1.key }.map {
                "\($0.key.text) becomes \($0.value)"
            }
            add(
                "udf-names",
                "\(Wording.counted(renamed.count, "name")) that UDF can't have: \(ISOLosses.list(names))"
            )
        }
        if !retargeted.isEmpty {
            let count = Wording.counted(retargeted.count, "link")
            add(
                "udf-links",
                "the exact target of \(count): \(ISOLosses.list(retargeted.sorted().map(\.text)))"
            )
        }
        for finding in image.findings {
            let sentence = "\(finding.path): \(finding.sentence)"
            guard finding.isFatal else {
                notes.append(sentence)
                continue
            }
            add("video", "what players need (\(sentence))", isGrave: true)
        }
    }

    private func add(_ feature: String, _ text: String, isGrave: Bool = false) {
        let loss = JobLoss(feature: feature, tracks: [], text: text)
        losses.append(loss)
        if isGrave { graveLosses.append(loss) }
    }

    // MARK: The tree

    private static func attributes(of node: SourceNode) -> AuthoredTree.Attributes {
        AuthoredTree.Attributes(
            modified: FileTime(seconds: node.attributes.modified),
            accessed: FileTime(seconds: node.attributes.accessed),
            permissions: UInt16(truncatingIfNeeded: node.attributes.permissions),
            userID: node.attributes.userID,
            groupID: node.attributes.groupID
        )
    }

    private static func fill(
        _ authored: inout AuthoredTree,
        _ number: Int,
        with root: SourceNode,
        _ special: inout [String]
    ) throws(AuthoringError) {
        var known: [ObjectIdentifier: Int] = [:]
        var pending = [(node: root, number: number, path: "")]
        while let (node, parent, path) = pending.popLast() {
            for child in node.children {
                let name = AuthoredName(bytes: child.name)
                let kept = attributes(of: child)
                switch child.content {
                case .directory:
                    let made = try authored.addDirectory(name, in: parent, kept)
                    pending.append((child, made, path + child.text + "/"))
                case .file(let file):
                    if let first = known[ObjectIdentifier(file)] {
                        try authored.addHardLink(name, to: first, in: parent)
                    } else {
                        let content = SourceContent(file: file)
                        known[ObjectIdentifier(file)] = try authored.addFile(
                            name,
                            content,
                            in: parent,
                            kept
                        )
                    }
                case .link(let target):
                    try authored.addSymlink(
                        name,
                        to: AuthoredName(bytes: target),
                        in: parent,
                        kept
                    )
                case .special:
                    special.append(path + child.text)
                }
            }
        }
    }

    // MARK: The bytes

    /// Whether an MD5 of the image is put into it once it is made.
    public var implantsMD5: Bool { false }

    /// The image's sectors, made as they are read.
    public func source() -> any SectorSource { UDFSource(self) }

    /// Reads the finished image back, and looks for a difference from what went in.
    public func difference(
        in path: FilePath,
        _ files: UnfinishedFiles,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> String? {
        try UDFProof(self, path, files).difference(cancellation, tell)
    }
}

/// The sectors of an image with UDF, with a look at the files' state at its end.
private final class UDFSource: SectorSource {
    private let authoring: UDFAuthoring

    init(_ authoring: UDFAuthoring) { self.authoring = authoring }

    var sectorSize: Int { authoring.image.sectorSize }
    var sectorCount: Int? { authoring.image.sectorCount }

    func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let count: Int
        do {
            count = try authoring.image.read(at: start, into: &buffer)
        } catch {
            throw SourceTrouble(authoring.tree.problems) ?? error
        }
        if start + count >= sectorCount ?? 0 {
            // One without bytes is never opened.
            for file in authoring.tree.files where file.byteCount == 0 { file.checkEmpty() }
        }
        if let trouble = SourceTrouble(authoring.tree.problems) { throw trouble }
        return count
    }
}

/// A file of the tree as the content of one on a disc.
private struct SourceContent: AuthoredContent {
    let file: SourceFile

    var size: Int { file.byteCount }

    func open() throws -> any FileBytes { try file.bytes() }
}
