public import DiscFiles
public import DiscImages
public import DiscModel
public import Reports
public import SystemPackage
public import Transfer

/// The files of a disc: which of its trees is shown, and a walk through it.
public final class FileListing {
    /// The session whose files they are.
    public let session: DataSession
    /// The tree that is shown.
    public let tree: any FileTree
    /// The trees that there are.
    public let available: [FileTreeKind]
    /// What a person should know of the choice: a sentence each.
    public let notes: [String]
    /// The disc, to read the bytes of files from.
    public let disc: ReadableDisc
    private let trees: DiscTrees

    /// Opens a disc, and chooses a tree.
    ///
    /// - Parameters:
    ///   - path: A drive's device node, an image or a virtual disc.
    ///   - treeName: The tree that is wanted; the best one where left out (``DiscFiles/TreeChoice``).
    ///   - sessionNumber: The session that is wanted; the last one with a file system where left out.
    ///   - secrets: What gives the password of an image, where it needs one.
    ///   - cancellation: A wish to stop while it is opened.
    /// - Throws: ``Reports/Failure`` where there is no such disc, session, file system or tree.
    public convenience init(
        _ path: FilePath,
        treeName: String? = nil,
        sessionNumber: Int? = nil,
        secrets: ImageSecrets? = nil,
        cancellation: Cancellation? = nil
    ) throws(Failure) {
        try self.init(
            ReadableDisc(path, secrets: secrets, cancellation: cancellation),
            treeName: treeName,
            sessionNumber: sessionNumber
        )
    }

    /// Chooses a tree of a disc.
    init(_ disc: ReadableDisc, treeName: String? = nil, sessionNumber: Int? = nil) throws(Failure) {
        self.disc = disc
        let wanted = try Self.sessions(of: disc, numbered: sessionNumber)
        do {
            var found: (session: DataSession, trees: DiscTrees)?
            var reasons: [String] = []
            for session in wanted {
                let trees = try DiscTrees(
                    disc.source,
                    sessionStart: session.start,
                    sessionEnd: session.end
                )
                if !trees.available.isEmpty {
                    found = (session, trees)
                    break
                }
                reasons += trees.broken.map { "The \($0.displayName) tree can't be opened. \($1)" }
                if let sector = trees.unreadableSectors.first {
                    reasons.append("Sector \(sector) can't be read.")
                }
            }
            guard let found else { throw Self.nothing(disc, reasons.sorted()) }
            (session, trees) = found
            available = trees.available
            var notes = disc.warnings
            if let last = wanted.first, last != session {
                notes.append(
                    "Session \(last.number) has no file system; the files are those of session \(session.number)."
                )
            }
            for (kind, sentence) in trees.broken.sorted(by: { $0.value < $1.value }) {
                notes.append("The \(kind.displayName) tree can't be opened. \(sentence)")
            }
            let kind: FileTreeKind
            if let treeName {
                kind = try Self.kind(named: treeName, of: disc.path, trees)
            } else {
                guard let choice = try TreeChoice(trees) else { throw Self.nothing(disc, []) }
                kind = choice.kind
                notes += choice.differences.map(\.sentence)
            }
            guard let tree = trees.tree(kind) else { throw Self.nothing(disc, []) }
            notes += Self.unlisted(disc, session, isWanted: sessionNumber != nil, trees, kind)
            self.tree = tree
            self.notes = notes
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Self.trouble(disc.path, error)
        }
    }

    /// Goes through the files.
    ///
    /// - Parameter take: Is given each entry; it returns false to end the walk.
    /// - Returns: The walk at its end, with the problems that were met.
    /// - Throws: ``Reports/Failure`` where the disc can't be read any more.
    public func walk(_ take: (FileWalk.Visit) -> Bool) throws(Failure) -> FileWalk {
        var walk = FileWalk(tree)
        do {
            while let visit = try walk.next() {
                if !take(visit) { break }
            }
            return walk
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Self.trouble(disc.path, error)
        }
    }

    private static func sessions(
        of disc: ReadableDisc,
        numbered number: Int?
    ) throws(Failure) -> [DataSession] {
        guard let number else { return disc.sessions.reversed() }
        let found = disc.sessions.filter { $0.number == number }
        guard found.isEmpty else { return found }
        let numbers = Wording.list(disc.sessions.map(\.number))
        throw Failure(
            .usage,
            "\(disc.path) has no session \(number) with data.",
            meaning: "",
            advice: numbers.isEmpty
                ? "It has none at all." : "Name one of those that it has: \(numbers)."
        )
    }

    /// What the disc has besides the tree that is listed: a sentence each.
    private static func unlisted(
        _ disc: ReadableDisc,
        _ session: DataSession,
        isWanted: Bool,
        _ trees: DiscTrees,
        _ kind: FileTreeKind
    ) -> [String] {
        var notes: [String] = []
        if disc.sessions.count > 1, !isWanted {
            let others = Wording.list(disc.sessions.map(\.number).filter { $0 != session.number })
            notes.append(
                "\(disc.path) has \(disc.sessions.count) sessions with data; these are the files of session \(session.number), which begins at sector \(session.start). Name another with --session (\(others))."
            )
        }
        for volume in disc.strayVolumes {
            let name = volume.name.map { " “\($0)”" } ?? ""
            notes.append(
                "Another file system\(name) begins at sector \(volume.start). Its addresses don't count from the beginning of this disc, so it is not a session of it, and its files are not listed."
            )
        }
        let further = kind == .hfs ? trees.content.furtherHFS : []
        for volume in further {
            let name = volume.name.map { " “\($0)”" } ?? ""
            notes.append(
                "Another HFS volume\(name) begins at byte \(volume.start); its files are not listed."
            )
        }
        return notes
    }

    private static func kind(
        named name: String,
        of path: FilePath,
        _ trees: DiscTrees
    ) throws(Failure) -> FileTreeKind {
        if let kind = FileTreeKind(rawValue: name), trees.tree(kind) != nil { return kind }
        let names = trees.available.map(\.rawValue).joined(separator: ", ")
        throw Failure(
            .usage,
            "\(path) has no tree “\(name)”.",
            meaning: "",
            advice: "Name one of those that it has: \(names)."
        )
    }

    private static func nothing(_ disc: ReadableDisc, _ reasons: [String]) -> Failure {
        let sound = disc.soundTracks
        let tracks = Wording.counted(sound, "track of audio", "tracks of audio")
        let what =
            disc.sessions.isEmpty
            ? "\(disc.path) has \(sound > 0 ? tracks + " and no files" : "no data")."
            : "No file system was found on \(disc.path)\(sound > 0 ? ", which has \(tracks)" : "")."
        return Failure(.source, what, meaning: reasons.joined(separator: " "), advice: "")
    }

    private static func trouble(_ path: FilePath, _ error: any Error) -> Failure {
        Failure(
            .trouble,
            "\(path) can't be read: \(error)",
            meaning: "",
            advice: "Try again, or rip the disc and list the image."
        )
    }
}
