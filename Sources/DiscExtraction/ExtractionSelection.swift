import DiscFiles
import Reports

/// What of a tree is wanted.
struct ExtractionSelection {
    /// An entry that is wanted.
    struct Wanted {
        var path: String
        var shownPath: String
        var entry: FileEntry

        /// The sector that its bytes begin in, to read a disc from its beginning to its end.
        var firstSector: Int { entry.extents.lazy.compactMap(\.sectors).first?.lowerBound ?? 0 }
    }

    private(set) var directories: [Wanted] = []
    private(set) var files: [Wanted] = []
    private(set) var links: [Wanted] = []
    /// Devices, pipes and sockets.
    private(set) var others = 0
    /// Files with a resource fork.
    private(set) var forks = 0
    /// Files with named streams.
    private(set) var streamed = 0
    /// What has extended attributes.
    private(set) var attributed = 0
    /// What has access control lists.
    private(set) var controlled = 0
    /// Whether streams and forks are files of their own.
    private let takesStreams: Bool
    /// The bytes of the files, as far as the disc says where they are.
    private(set) var bytes = 0
    /// The walk at its end, with what is broken in the tree.
    private(set) var walk: FileWalk

    /// Goes through a tree.
    ///
    /// - Parameters:
    ///   - tree: The tree.
    ///   - paths: What is wanted; everything if empty.
    ///   - takesStreams: Whether named streams and resource forks are files of their own.
    ///   - goesOn: Asked between two entries.
    /// - Throws: ``Reports/Failure`` if a path is not there, and what the tree throws.
    init(
        _ tree: any FileTree,
        _ paths: [String],
        takingStreams takesStreams: Bool = false,
        goesOn: () -> Bool
    ) throws {
        self.takesStreams = takesStreams
        let wanted = paths.map(FileName.names)
        var missing = Set(wanted.filter { !$0.isEmpty })
        let takesAll = wanted.isEmpty || wanted.contains([])
        walk = FileWalk(tree)
        while goesOn(), let visit = try walk.next() {
            var isWanted = takesAll
            var leads = false
            // A person's keyboard composes letters in its own way, so these names need not be equal by their bytes.
            let names = missing.isEmpty && takesAll ? [] : FileName.names(of: visit.path)
            missing.remove(names)
            for path in wanted where !path.isEmpty {
                if names.starts(with: path) { isWanted = true }
                if path.starts(with: names) { leads = true }
            }
            if isWanted || (leads && visit.entry.kind == .directory) {
                add(visit)
            } else {
                walk.skipDirectory()
            }
        }
        if goesOn(), let path = missing.map({ $0.joined(separator: "/") }).min() {
            throw Failure(
                .source,
                .noSource,
                "There is no “\(FileName.shown(path))” in the \(tree.kind.displayName) tree of the disc.",
                meaning: "Nothing was extracted.",
                advice:
                    "“spindle list” shows what there is; names are taken as they are written there."
            )
        }
        files.sort { $0.firstSector < $1.firstSector }
    }

    private mutating func add(_ visit: FileWalk.Visit) {
        let wanted = Wanted(path: visit.path, shownPath: visit.shownPath, entry: visit.entry)
        if visit.entry.attributes.contains(where: { !$0.isAccessControl }) { attributed += 1 }
        if visit.entry.attributes.contains(where: \.isAccessControl) { controlled += 1 }
        if visit.entry.resourceForkSize ?? 0 > 0 { forks += 1 }
        if !visit.entry.streams.isEmpty { streamed += 1 }
        switch visit.entry.kind {
        case .directory: directories.append(wanted)
        case .file: add(wanted)
        case .symlink: links.append(wanted)
        case .blockDevice, .characterDevice, .fifo, .socket: others += 1
        }
        if takesStreams { addStreams(of: wanted) }
    }

    private mutating func add(_ file: Wanted) {
        files.append(file)
        let (sum, overflow) = bytes.addingReportingOverflow(file.entry.foundByteCount)
        bytes = overflow ? .max : sum
    }

    /// Adds what a file or a directory has besides its own bytes.
    private mutating func addStreams(of wanted: Wanted) {
        var streams = wanted.entry.streams
        if let size = wanted.entry.resourceForkSize, size > 0 {
            let extents = wanted.entry.resourceForkExtents
            streams.append(FileStream(name: "rsrc", size: size, extents: extents))
        }
        for stream in streams {
            let scalars = stream.name.unicodeScalars.map { $0 == "/" || $0 == "\0" ? "_" : $0 }
            var name = String.UnicodeScalarView()
            name.append(contentsOf: scalars)
            var entry = wanted.entry
            (entry.kind, entry.size, entry.extents) = (.file, stream.size, stream.extents)
            (entry.compression, entry.attributes, entry.streams) = (nil, [], [])
            entry.mode = entry.mode.map { $0 & 0o666 }
            add(
                Wanted(
                    path: "\(wanted.path):\(String(name))",
                    shownPath: "\(wanted.shownPath):\(FileName.shown(String(name)))",
                    entry: entry
                )
            )
        }
    }
}
