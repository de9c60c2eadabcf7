import DiscChecksums
import DiscFiles
import LibCrypto
import LibISOFS
public import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// An ISO 9660 image that is made of files: what it will be is known before a byte of it is made.
///
/// Used by one thread at a time; one of them is there at a time in a process.
public final class ISOAuthoring: AuthoredImage {
    /// The size of the image in bytes.
    public let byteCount: Int
    /// How sentences and plans name what it is made of.
    public let name: String
    /// What the image, or one of its trees, does not keep.
    public var losses: [JobLoss] { found.losses }
    /// Those of them without which nothing is begun, unless that is allowed.
    public var graveLosses: [JobLoss] { found.grave }
    /// What a person should know of it: a sentence each.
    public private(set) var notes: [String]
    /// How many files, directories, links and devices go in.
    public var entries: Int { tree.entries }
    /// How many files go in, each counted once.
    public var fileCount: Int { tree.files.count }
    /// The bytes of all files, each counted once.
    public var contentBytes: Int { tree.bytes }
    /// The volume's name.
    public let volume: String

    let tree: SourceTree
    let found: ISOLosses
    let options: ISOAuthoringOptions
    /// The files that the image boots from, by their paths, with what is done to them.
    private(set) var bootEntries: [ISOBootEntry] = []
    /// The path of the boot catalog, if there is one.
    private(set) var catalog: [UInt8]?
    /// The number of files that are packed.
    private(set) var packed = 0
    private let written: ISOWriteOptions
    private let image: ISOImage

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
        _ options: ISOAuthoringOptions,
        _ cancellation: Cancellation
    ) throws(Failure) {
        try Self.check(options)
        self.options = options
        let now = options.isReproducible ? options.epoch ?? 0 : FileDetails.Time.now.seconds
        tree = try SourceTree(input, time: now, cancellation)
        volume = try Self.volume(input, options)
        name = input.name
        (bootEntries, catalog) = try Self.boot(tree, options, time: now)
        let time = options.isReproducible ? tree.makeUniform(until: options.epoch) : now
        found = ISOLosses(of: tree, options, otherTimes: tree.limitTimes())
        notes = tree.notes + found.notes
        try Self.checkSizes(tree, options)
        if options.hasHFSPlus, !found.alikeInHFSPlus.isEmpty {
            throw Failure(
                .source,
                .loss,
                "HFS Plus takes small letters and capitals for the same, and letters however they are composed, and \(Wording.counted(found.alikeInHFSPlus.count, "name differs", "names differ")) from another one in nothing else: \(ISOLosses.list(found.alikeInHFSPlus)).",
                meaning: "Nothing was written.",
                advice: "Give them other names, or leave --hfsplus out."
            )
        }
        var written = try Self.written(options, volume, time)
        tree.root.forEach { node, _ in
            if !node.extended.isEmpty { written.hasAttributes = true }
        }
        self.written = written
        do {
            image = try ISOImage(volume: volume)
            try Self.describe(image, options)
            try Self.fill(image, tree, options, &packed, cancellation)
            for (index, entry) in bootEntries.enumerated() {
                let catalog = [0x2F] + (catalog ?? [])
                try image.boot(from: entry, catalog: catalog, isFirst: index == 0)
            }
            byteCount = try Self.size(of: image, written)
        } catch let error as ISOError {
            if let trouble = SourceTrouble(tree.problems) { throw Failure(authoring: trouble) }
            throw Failure(authoring: error)
        } catch {
            throw (error as? Failure) ?? Failure(authoring: error)
        }
        if options.packs {
            notes.append("\(Wording.counted(packed, "file is", "files are")) packed (zisofs).")
        }
    }

    /// Begins to make the image, from its beginning.
    ///
    /// - Throws: `ISOError` if it is being made already.
    func stream() throws(ISOError) -> ISOImageStream { try ISOImageStream(of: image, written) }

    /// Lays the image out, and makes nothing of it.
    private static func size(of image: ISOImage, _ written: ISOWriteOptions) throws(ISOError) -> Int
    {
        // libisofs 1.5.4 forgets the checksums if it is told that only the size is wanted.
        let stream = try ISOImageStream(of: image, written, forSizeOnly: !written.recordsMD5)
        stream.stop()
        stream.waitForEnd()
        // It says that it was stopped, which is no trouble.
        _ = stream.messages()
        return stream.byteCount
    }

    /// Whether an MD5 of the image is put into it once it is made.
    public var implantsMD5: Bool { options.implantsMD5 }

    /// The image's sectors, made as they are read.
    public func source() -> any SectorSource { AuthoredSource(self) }

    /// Reads the finished image back, and looks for a difference from what went in.
    public func difference(
        in path: FilePath,
        _ files: UnfinishedFiles,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> String? {
        try ImageProof(self, path, files).difference(cancellation, tell)
    }

    // MARK: Checks

    private static func check(_ options: ISOAuthoringOptions) throws(Failure) {
        let problem: String? =
            if !(1...3).contains(options.level) {
                "ISO 9660 has the levels 1, 2 and 3."
            } else if options.hasLongJolietNames, !options.hasJoliet {
                "--joliet-long is about a tree that --no-joliet leaves out."
            } else if options.hasBootInformationTable, options.boot == nil {
                "--boot-info-table belongs to a file to boot from, which --boot names."
            } else if options.hybridMBR != nil, options.boot == nil {
                "--isohybrid belongs to ISOLINUX, which --boot names."
            } else if options.recordsMD5, options.implantsMD5 {
                "--implant-md5 changes what --file-md5 has made a checksum of: choose one of them."
            } else {
                nil
            }
        guard let problem else { return }
        throw Failure(.usage, problem, meaning: "Nothing was written.", advice: "")
    }

    private static func checkSizes(_ tree: SourceTree, _ options: ISOAuthoringOptions)
        throws(Failure)
    {
        // ECMA-119 §9.1.4 has 32 bits for the length of an extent.
        guard options.level < 3,
            let large = tree.files.first(where: { $0.byteCount > Int(UInt32.max) })
        else { return }
        throw Failure(
            .source,
            "\(large.path) has \(large.byteCount) bytes, and files of 4 GiB need level 3.",
            meaning: "Nothing was written.",
            advice: "Leave --iso-level out."
        )
    }

    private static func volume(_ input: AuthoringInput, _ options: ISOAuthoringOptions)
        throws(Failure) -> String
    {
        if let volume = options.volume { return try VolumeName.checked(volume) }
        return input.volumeName
    }

    private static func written(_ options: ISOAuthoringOptions, _ volume: String, _ time: Int)
        throws(Failure) -> ISOWriteOptions
    {
        var written = ISOWriteOptions(time: time)
        written.level = options.level
        written.hasJoliet = options.hasJoliet
        written.hasLongJolietNames = options.hasLongJolietNames
        written.hasHFSPlus = options.hasHFSPlus
        written.recordsMD5 = options.recordsMD5
        // The sum leaves the last sectors out, which are to be none of a file.
        if options.implantsMD5 { written.tailSectors = ImplantedSum.skippedSectors }
        if options.isReproducible {
            let seed = Array("\(volume)\n\(time)\n".utf8)
            if var digest = try? Digest(.sha256) {
                digest.update(seed.span)
                written.uniqueNumber = Array(digest.finish().bytes.prefix(16))
            }
        }
        guard let path = options.hybridMBR else { return written }
        do {
            let file = try File(path, .read, nonBlocking: true)
            let size = try file.status().size
            guard (1...32768).contains(size) else {
                throw Failure(
                    .source,
                    "\(path) has \(size) bytes, and an MBR has no more than 32768.",
                    meaning: "Nothing was written.",
                    advice: "Name ISOLINUX's isohdpfx.bin."
                )
            }
            var bytes = [UInt8](repeating: 0, count: size)
            var span = bytes.mutableSpan
            _ = try file.read(at: 0, into: &span)
            written.systemArea = ISOWriteOptions.SystemArea(bytes: bytes, isHybrid: true)
        } catch let error as SystemError {
            throw Failure(
                .source,
                Failure.Reason(ofSource: error),
                "\(path) can't be read: \(error.reason).",
                meaning: "Nothing was written.",
                advice: "Name ISOLINUX's isohdpfx.bin."
            )
        } catch {
            throw (error as? Failure) ?? Failure(authoring: error)
        }
        return written
    }

    // MARK: Booting

    private static func boot(_ tree: SourceTree, _ options: ISOAuthoringOptions, time: Int)
        throws(Failure) -> ([ISOBootEntry], [UInt8]?)
    {
        var entries: [ISOBootEntry] = []
        if let boot = options.boot {
            let path = try place(of: boot, in: tree, time)
            var entry = ISOBootEntry(path: [0x2F] + path, platform: .bios)
            // What a BIOS loads of a program that loads the rest itself, as ISOLINUX and GRUB do.
            entry.loadedSectors = 4
            entry.hasInformationTable = options.hasBootInformationTable
            entries.append(entry)
        }
        if let boot = options.efiBoot {
            let path = try place(of: boot, in: tree, time)
            var entry = ISOBootEntry(path: [0x2F] + path, platform: .efi)
            entry.isPartition = options.hybridMBR != nil
            entries.append(entry)
        }
        guard let first = entries.first else { return (entries, nil) }
        let directory = first.path.dropFirst().split(separator: 0x2F).dropLast()
        for number in 0... {
            let name = number == 0 ? "boot.cat" : "boot\(number).cat"
            let path = Array((directory + [ArraySlice(name.utf8)]).joined(separator: [0x2F]))
            if tree.root.node(at: path.split(separator: 0x2F).map(Array.init)) == nil {
                return (entries, path)
            }
        }
        return (entries, nil)
    }

    /// The path of a file in the tree, which is put there if it is not in it.
    private static func place(of boot: String, in tree: SourceTree, _ time: Int) throws(Failure)
        -> [UInt8]
    {
        // The boot information table ends there.
        let smallest = 64
        let names = PathText.bytes(of: boot).split(separator: UInt8(ascii: "/")).map(Array.init)
        if let node = tree.root.node(at: names), case .file(let file) = node.content {
            guard file.byteCount >= smallest else {
                throw Failure(
                    .source,
                    "\(file.path) has \(file.byteCount) bytes: nothing can be booted from it.",
                    meaning: "Nothing was written.",
                    advice: "Name the file that the computer is to start."
                )
            }
            return Array(names.joined(separator: [0x2F]))
        }
        return try tree.addBootFile(FilePath(text: boot), time: time)
    }

    // MARK: The tree

    /// The extended attributes of a node as AAIP has them.
    private static func recorded(_ node: SourceNode) -> [(name: [UInt8], value: [UInt8])] {
        var values = node.extended.filter { !$0.isAccessControl }
            .map { (name: Array($0.name.utf8), value: $0.value) }
        if let lists = AccessControlList.aaip(of: node.extended) { values.append(([], lists)) }
        return values
    }

    private static func describe(_ image: ISOImage, _ options: ISOAuthoringOptions) throws(Failure)
    {
        for text in [options.publisher, options.preparer, options.application] {
            guard let text, text.utf8.count > 128 else { continue }
            throw Failure(
                .usage,
                "“\(text)” is longer than the 128 characters that there is room for.",
                meaning: "Nothing was written.",
                advice: "Shorten it."
            )
        }
        if let publisher = options.publisher { image.setPublisher(publisher) }
        if let preparer = options.preparer { image.setPreparer(preparer) }
        image.setApplication(options.application ?? "SPINDLE")
    }

    private static func fill(
        _ image: ISOImage,
        _ tree: SourceTree,
        _ options: ISOAuthoringOptions,
        _ packed: inout Int,
        _ cancellation: Cancellation
    ) throws {
        let root = try image.root()
        try image.set(tree.root.attributes, of: root)
        try image.set(recorded(tree.root), of: root)
        var pending: [(SourceNode, ISOImage.Directory)] = [(tree.root, root)]
        while let (node, directory) = pending.popLast() {
            guard !cancellation.isRequested else { throw Failure.stoppedAuthoring }
            for child in node.children {
                let (name, attributes) = (child.name, child.attributes)
                switch child.content {
                case .directory:
                    let made = try image.addDirectory(name, to: directory, attributes)
                    try image.set(recorded(child), of: made)
                    pending.append((child, made))
                case .file(let content):
                    let file = try image.addFile(
                        name,
                        to: directory,
                        attributes,
                        content: content,
                        serial: content.serial
                    )
                    try image.set(recorded(child), of: file)
                    if options.packs, content.byteCount > 0, try image.pack(file) { packed += 1 }
                case .link(let target):
                    try image.addLink(name, leadingTo: target, to: directory, attributes)
                case .special(let kind, let device):
                    try image.addSpecial(
                        name,
                        type: kind.type,
                        device: device,
                        to: directory,
                        attributes
                    )
                }
            }
        }
    }
}

extension FileDetails.Kind {
    /// The bits of a mode that say what it is (`S_IFMT` of POSIX).
    var type: UInt32 {
        switch self {
        case .fifo: 0o010000
        case .characterDevice: 0o020000
        case .directory: 0o040000
        case .blockDevice: 0o060000
        case .file: 0o100000
        case .link: 0o120000
        case .socket: 0o140000
        }
    }
}

extension Failure {
    /// An image can't be laid out, or can't be made to its end.
    init(authoring error: any Error) {
        switch error {
        case let trouble as SourceTrouble:
            self.init(
                .trouble,
                trouble.isChange ? .sourceChanged : .badSource,
                trouble.description,
                meaning: "The image would not hold it as it is, so nothing was kept.",
                advice: trouble.isChange
                    ? "Make it again once nothing writes to the files any more, or leave them out with --exclude."
                    : "See that all files can be read, or leave them out with --exclude."
            )
        default:
            self.init(
                .trouble,
                "The image can't be made: \(error)",
                meaning: "No partial output was kept.",
                advice:
                    "If a name is to blame, give the file another one, or leave it out with --exclude."
            )
        }
    }
}
