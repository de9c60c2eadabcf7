public import DiscModel
import LinuxCalls
public import MMC
import Reports
public import SystemPackage

/// Drives and discs that come and go, found by looking again and again.
///
/// Between two looks a drive is asked two short questions, which don't wake a disc; only where the answers
/// have changed is the disc looked at. A drive that another program has claimed is asked nothing.
public struct DriveWatch {
    /// What is known of a drive and the disc in it.
    public struct Sight: Hashable, Sendable {
        /// The drive's device node.
        public let path: FilePath
        /// Who it is; `nil` if it could not be asked.
        public var identity: Inquiry?
        /// The kinds of disc that it writes.
        public var writes: [MediumKind] = []
        /// The kind of disc in it; `nil` if there is none or it is not known.
        public var medium: MediumKind?
        /// The state of the disc; `nil` if it could not be asked.
        public var state: DiscState?
        /// What is wrong, a sentence; `nil` if nothing is.
        public var problem: String?

        /// Looks at a drive and the disc in it.
        public init(of path: FilePath) {
            self.path = path
            do throws(Failure) {
                let drive = try Drive.unclaimed(path)
                identity = drive.identity
                let report = try drive.inspectDisc()
                writes = report.writableMedia
                medium = report.medium
                state = report.state
                problem = report.problem
            } catch {
                problem = error.what
            }
        }

        /// Whether there is a disc; `nil` if it is not known.
        var hasDisc: Bool? { state.map { $0 != .none } }
    }

    /// What has become of a drive.
    public enum Change: String, Sendable {
        /// It was there when the watch began.
        case present
        /// It has come.
        case added
        /// It has gone.
        case removed
        /// A disc, or another disc, is in it.
        case discInserted = "disc-inserted"
        /// The disc is out.
        case discRemoved = "disc-removed"
        /// Something else is different: the disc was written, or a program has claimed the drive.
        case changed
    }

    /// What a drive answers to the short questions.
    private enum Answer: Hashable {
        /// None: another program has claimed it, or it can't be asked for another reason.
        case silence
        /// It is not ready, and says why.
        case notReady(UInt8, UInt8)
        /// It is ready, and tells this of the disc.
        case ready([UInt8])
        /// It is about to be ready, or has just got a disc: it has to be asked again.
        case unsettled(isNewDisc: Bool)
    }

    private struct Known {
        var sight: Sight
        var answer: Answer
        var hasNewDisc = false
    }

    private var drives: [FilePath: Known] = [:]
    private var isFirst = true

    /// Begins a watch.
    public init() {}

    /// Looks at all drives.
    ///
    /// - Returns: What has changed since the last look; the first time, all that there is.
    public mutating func look() -> [(change: Change, sight: Sight)] {
        defer { isFirst = false }
        let nodes = DriveList.nodes()
        var changes: [(Change, Sight)] = []
        for (path, known) in drives.sorted(by: { $0.key.string < $1.key.string })
        where !nodes.contains(path) {
            drives[path] = nil
            changes.append((.removed, known.sight))
        }
        for node in nodes {
            if let change = look(at: node) { changes.append(change) }
        }
        return changes
    }

    private mutating func look(at node: FilePath) -> (Change, Sight)? {
        let answer = Self.ask(node)
        guard let known = drives[node] else {
            let sight = Sight(of: node)
            drives[node] = Known(sight: sight, answer: answer)
            return (isFirst ? .present : .added, sight)
        }
        if case .unsettled(let isNewDisc) = answer {
            drives[node]?.hasNewDisc = known.hasNewDisc || isNewDisc
            return nil
        }
        guard answer != known.answer || known.hasNewDisc else { return nil }
        let sight = Sight(of: node)
        // What changes while the disc is looked at gives another answer the next time.
        drives[node] = Known(sight: sight, answer: answer)
        return Self.change(from: known, to: sight).map { ($0, sight) }
    }

    private static func change(from known: Known, to sight: Sight) -> Change? {
        switch (known.sight.hasDisc, sight.hasDisc) {
        case (true?, false?): .discRemoved
        case (false?, true?): .discInserted
        case (true?, true?) where known.hasNewDisc: .discInserted
        default: known.sight == sight ? nil : .changed
        }
    }

    /// Asks a drive whether it is ready, and if so in what state the disc is.
    private static func ask(_ node: FilePath) -> Answer {
        do {
            let transport = SGTransport(try open(node))
            let completion = try transport.send(.testUnitReady)
            guard completion.succeeded else {
                guard let sense = completion.sense else { return .silence }
                switch (sense.key, sense.asc, sense.ascq) {
                case (.unitAttention, 0x28, _): return .unsettled(isNewDisc: true)
                case (.unitAttention, _, _), (.notReady, 0x04, 0x01):
                    return .unsettled(isNewDisc: false)
                default: return .notReady(sense.asc, sense.ascq)
                }
            }
            let (answer, bytes) = try transport.fetch(.readDiscInformation)
            return .ready(answer.succeeded ? bytes : [])
        } catch {
            return .silence
        }
    }

    /// Opens a drive that nobody has claimed; the system's own claim on a mounted one does not count.
    private static func open(_ node: FilePath) throws(SystemError) -> File {
        do throws(SystemError) {
            return try File(node, .read, exclusive: true, nonBlocking: true)
        } catch {
            guard error.isBusy, MountPoint.of(node) != nil else { throw error }
            return try File(node, .read, nonBlocking: true)
        }
    }
}
