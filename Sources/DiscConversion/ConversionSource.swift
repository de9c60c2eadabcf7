public import DiscImages
public import DiscModel
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Reads a disc that may be damaged into a sink, and keeps what it has read.
public protocol ConversionRecovery: AnyObject {
    /// Whether it goes on with what an earlier one has kept.
    var isResumed: Bool { get }

    /// What is worth knowing before it begins, a sentence each.
    var notes: [String] { get }

    /// Copies the disc.
    ///
    /// - Parameters:
    ///   - observers: Are given what is written.
    ///   - cancellation: A wish to stop.
    ///   - conclude: Does what is left to do before the files get their names, and gives the result.
    /// - Returns: That result, or one of what was kept.
    /// - Throws: What went wrong where nothing was kept.
    func copy(
        _ observers: [any SectorObserver],
        _ cancellation: Cancellation,
        _ conclude: (DiscCopy.Result) throws -> JobResult
    ) throws -> JobResult
}

/// What an image is made of: another image, or the disc in a drive.
public struct ConversionSource {
    /// The disc.
    public private(set) var disc: any DiscSource
    /// The path that names it.
    public let path: FilePath
    /// The same for a person: of several audio files also how many there are.
    public let name: String
    /// What sentences call it: its path, or “the disc in /dev/sr0”, or a part of that.
    public var phrase: String { part.map { "\($0) of \(whole)" } ?? whole }
    private let whole: String
    /// The files that it stands in; none of a drive.
    public let files: [FilePath]
    /// The format's name, in plans; `nil` of a drive.
    public let formatName: String?
    /// What it is, for a person.
    public let kind: String
    /// What is odd about it, a sentence each.
    public var warnings: [String]
    /// How it is read, a sentence each.
    let notes: [String]
    /// The audio files that it is made of, and what is done to them; empty of other images.
    public let sounds: [PlannedSound]
    /// What of its file system is missing at its end, in a sentence; `nil` if nothing is.
    public let truncation: String?
    /// Bytes of its last sector that are missing, and that zeros stand for.
    public let missingBytes: Int
    /// The part of a disc that was asked for, such as “track 2”, whose tracks have the numbers that they have; `nil`
    /// if it is all of it.
    public var part: String?
    /// Begins to read it into a sink, if it may be damaged, and each sector costs time: then none is read
    /// before the copy, to look what there is.
    let recover: ((any DiscSink) throws(Failure) -> any ConversionRecovery)?
    /// A watch of its files.
    let watch: FileWatch
    private let begin: () throws(Failure) -> Void
    private let end: () throws(Failure) -> Void

    /// Takes an image.
    public init(_ image: DiscImage) {
        disc = image.disc
        path = image.path
        name = image.name
        whole = image.name
        files = image.paths
        formatName = image.formatName
        kind = image.formatDisplayName
        warnings = image.warnings
        notes = []
        sounds = image.sounds
        truncation = image.truncation
        missingBytes = (2048 - image.byteCount % 2048) % 2048
        recover = nil
        watch = image.watch
        begin = { () throws(Failure) in try image.beginChecks() }
        end = { () throws(Failure) in
            try image.endChecks(meaning: "What was read of it may be wrong, so nothing was kept.")
        }
    }

    /// Takes the disc in a drive.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - path: The drive's node.
    ///   - kind: What kind of disc it is, for a person.
    ///   - warnings: What is worth knowing of it, a sentence each.
    ///   - notes: How it is read, a sentence each.
    ///   - recover: Begins to read it into a sink.
    public init(
        drive disc: any DiscSource,
        path: FilePath,
        kind: String,
        warnings: [String] = [],
        notes: [String] = [],
        recover: @escaping (any DiscSink) throws(Failure) -> any ConversionRecovery
    ) {
        self.disc = disc
        self.path = path
        name = path.string
        whole = "the disc in \(path)"
        files = []
        formatName = nil
        self.kind = kind
        self.warnings = warnings
        self.notes = notes
        sounds = []
        truncation = nil
        missingBytes = 0
        self.recover = recover
        watch = FileWatch([])
        begin = {}
        end = {}
    }

    /// The same with what can be repaired of its sectors repaired.
    func repaired(_ damage: SectorDamage) -> ConversionSource {
        var source = self
        source.disc = AmendedDisc(disc, repairing: damage)
        return source
    }

    /// The same, read through another disc that has what it has, and puts some of it right.
    public func corrected(by disc: any DiscSource) -> ConversionSource {
        var source = self
        source.disc = disc
        return source
    }

    /// Its sessions and tracks.
    public var layout: DiscLayout { disc.layout }

    /// Fails if what it stands in is damaged, as far as that says so itself before it is read.
    func beginChecks() throws(Failure) { try begin() }

    /// Fails if what was read is not what its files say that they hold.
    func endChecks() throws(Failure) { try end() }

    /// Whether each sector costs time.
    var isSlow: Bool { recover != nil }
}
