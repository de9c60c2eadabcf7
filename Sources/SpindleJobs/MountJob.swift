import DiscFiles
public import DiscImages
import DiscModel
public import DiscMounting
public import LibFUSE
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Mounts a disc: its files, or its tracks and all of its trees.
///
/// Its statuses, and with them the exit codes:
///
/// - done: all files are there.
/// - incomplete: it is mounted, but the tree is broken, and files may be missing.
public struct MountJob {
    private static let verb = "mount"

    /// What is mounted, and how.
    public struct Options: Sendable {
        /// The tree that is wanted; the best one if `nil`.
        public var treeName: String?
        /// The session that is wanted; the last one with a file system if `nil`.
        public var sessionNumber: Int?
        /// Whether sessions, tracks and all trees are shown, and not the files of one tree.
        public var showsTracks = false
        /// Whose the files are.
        public var attributes: MountedAttributes
        /// Whether other users may look at them.
        public var allowsOthers = false
        /// Whether the files can be changed: changes go into an overlay.
        public var isWritable = false
        /// The folder of the overlay; the image's own one in the user's folder for state if `nil`.
        public var overlay: FilePath?

        /// Creates options: whoever mounts owns the files, but root, who sees the owners of the disc.
        public init() {
            let user = (owner: UInt32(User.number), group: UInt32(User.groupNumber))
            attributes = MountedAttributes(user: user)
            if user.owner != 0 {
                attributes.owner = user.owner
                attributes.group = user.group
            }
        }
    }

    private let path: FilePath
    private let directory: FilePath
    private let options: Options
    private let secrets: ImageSecrets?

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - path: A drive's device node, an image or a virtual disc.
    ///   - directory: The directory that it is mounted on.
    ///   - options: What is wanted.
    ///   - secrets: What gives the password of an image, if it needs one.
    public init(
        _ path: FilePath,
        on directory: FilePath,
        _ options: Options = Options(),
        secrets: ImageSecrets? = nil
    ) {
        self.path = path
        self.directory = directory
        self.options = options
        self.secrets = secrets
    }

    /// Mounts, and begins to serve.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded while the disc is read.
    ///   - tell: Told the plan, on the calling thread.
    /// - Returns: What serves the disc until it is unmounted, and how it went.
    /// - Throws: ``Reports/Failure`` if nothing is mounted.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> (session: MountSession, result: JobResult)
    {
        // What a killed process left behind is taken away first: it may be on this directory.
        let removed = MountedDisc.removeStale()
        try MountTarget.check(directory, allowsOthers: options.allowsOthers)
        let overlay = try options.isWritable ? chosenOverlay() : nil
        let known = try overlay?.record()
        let disc = try ReadableDisc(path, secrets: secrets, cancellation: cancellation)
        var builder = MountTreeBuilder(options.attributes, isWritable: options.isWritable)
        var notes = removed.map { "The stale mount on \($0.directory) was removed." }
        var record: OverlayRecord?
        do {
            if options.showsTracks {
                notes += disc.warnings
                notes += try addTracks(of: disc, to: &builder, cancellation)
            } else {
                let listing = try FileListing(
                    disc,
                    treeName: options.treeName ?? known?.tree,
                    sessionNumber: options.sessionNumber ?? known?.session
                )
                notes += listing.notes
                if let overlay {
                    let found = try OverlayRecord(listing)
                    if let known {
                        try overlay.check(known, found)
                        notes += Self.later(in: disc, than: known)
                    }
                    record = found
                }
                try builder.add(listing.tree, in: builder.root) { !cancellation.isRequested }
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .trouble,
                .readError,
                "\(path) can't be read: \(error)",
                meaning: "Nothing was mounted.",
                advice: "Try again, or rip the disc and mount the image."
            )
        }
        if cancellation.isRequested {
            throw Failure(
                .interruption,
                "The mount was stopped.",
                meaning: "Nothing was mounted.",
                advice: ""
            )
        }
        let tree = builder.finish()
        var plan = JobPlan(verb: Self.verb, source: path.string, target: directory.string)
        let contents = try disc.mountedContents()
        if let overlay, let record {
            let server = try OverlayServer(tree, contents, overlay, for: record)
            notes += server.notes
            notes.append(
                server.isChanged
                    ? "The changes in \(overlay.path) are gone on with."
                    : "Changes go into \(overlay.path), and not into the disc."
            )
            plan.notes = notes
            tell(.plan(plan))
            try overlay.note(shownOn: MountedDisc.resolved(directory))
            return (try serve(server), result(tree, builder))
        }
        plan.notes = notes
        tell(.plan(plan))
        return (try serve(MountServer(tree, contents)), result(tree, builder))
    }

    /// What to know where a session came after the one that the overlay changes.
    private static func later(in disc: ReadableDisc, than known: OverlayRecord) -> [String] {
        guard disc.source.sectorCount ?? 0 > known.sectors, let last = disc.sessions.last,
            last.number > known.session
        else { return [] }
        return [
            "The disc has got a session \(last.number) since the overlay was begun; these are the files of session \(known.session) with the changes. “spindle overlay commit” tells whether session \(last.number) holds them."
        ]
    }

    /// The overlay that was asked for, or the image's own one.
    private func chosenOverlay() throws(Failure) -> OverlayFolder {
        guard let path = options.overlay else { return try .usual(for: MountedDisc.resolved(path)) }
        let folder = MountedDisc.resolved(path)
        guard !folder.starts(with: MountedDisc.resolved(directory)) else {
            throw Failure(
                .usage,
                "The overlay \(path) would lie in \(directory), where the disc is mounted.",
                meaning: "Nothing was mounted.",
                advice: "Name a folder elsewhere with --overlay."
            )
        }
        return OverlayFolder(folder)
    }

    private func serve(_ server: any FileServer) throws(Failure) -> MountSession {
        do {
            let session = try MountSession(
                server,
                on: directory,
                MountOptions(
                    source: path.text,
                    allowsOthers: options.allowsOthers,
                    isWritable: options.isWritable
                )
            )
            try session.serve()
            return session
        } catch {
            let words = "\(error)"
            throw Failure(
                .trouble,
                .systemUnable,
                "\(path) can't be mounted on \(directory)\(words.isEmpty ? "" : ": \(words)").",
                meaning: "Nothing was mounted.",
                advice:
                    "In a container, allow it to mount (CAP_SYS_ADMIN) or use “spindle extract”; else try again as root."
            )
        }
    }

    private func result(_ tree: MountTree, _ builder: MountTreeBuilder) -> JobResult {
        var result = JobResult(builder.isIncomplete ? .incomplete : .done, verb: Self.verb)
        result.output = directory.string
        result.entries = tree.count - 1
        result.problems = builder.problems.isEmpty ? nil : builder.problems
        result.sentences = ["\(path) is mounted on \(directory)."]
        result.sentences += builder.problems.prefix(20)
        let untold = max(0, builder.problems.count - 20) + builder.furtherProblems
        if untold > 0 {
            result.sentences.append(
                "There \(untold == 1 ? "is 1 more problem" : "are \(untold) more problems")."
            )
        }
        if builder.isIncomplete {
            result.sentences.append("Files may be missing or not whole, for the tree is broken.")
        }
        return result
    }

    // MARK: Tracks

    /// Adds sessions, their tracks, and the trees of each.
    ///
    /// - Returns: What a person should know: a sentence each.
    private func addTracks(
        of disc: ReadableDisc,
        to builder: inout MountTreeBuilder,
        _ cancellation: Cancellation
    ) throws -> [String] {
        var notes: [String] = []
        var places: [Int: MountTreeBuilder.Place] = [:]
        func place(_ session: Int) -> MountTreeBuilder.Place {
            if let place = places[session] { return place }
            let place = builder.addDirectory("session-\(session)", in: builder.root)
            places[session] = place
            return place
        }
        for session in disc.layout.sessions {
            for track in session.tracks where track.length > 0 {
                let number = (track.number < 10 ? "0" : "") + String(track.number)
                let first = max(0, track.start.rawValue)
                if track.content == .audio {
                    let sectors = first..<max(first, track.end.rawValue)
                    let sound = SoundTrack(
                        header: WaveHeader.bytes(byteCount: sectors.count * RawSector.size),
                        sectors: sectors
                    )
                    builder.addFile("track-\(number).wav", .sound(sound), in: place(session.number))
                } else {
                    let extent = FileExtent(
                        offset: first * 2048,
                        length: max(0, track.end.rawValue - first) * 2048
                    )
                    builder.addFile("track-\(number).iso", .data(extent), in: place(session.number))
                }
            }
        }
        for session in disc.sessions where !cancellation.isRequested {
            let trees = try DiscTrees(
                disc.source,
                sessionStart: session.start,
                sessionEnd: session.end
            )
            for kind in trees.available {
                guard let tree = trees.tree(kind) else { continue }
                let folder = builder.addDirectory(kind.rawValue, in: place(session.number))
                try builder.add(tree, in: folder) { !cancellation.isRequested }
            }
            for (kind, sentence) in trees.broken.sorted(by: { $0.value < $1.value }) {
                notes.append("The \(kind.displayName) tree can't be opened. \(sentence)")
            }
        }
        return notes
    }
}
