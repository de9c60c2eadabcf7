/// How a job ended.
public struct JobResult: Codable, Hashable, Sendable {
    /// How it ended; a new status brings its ordinary exit code and reason with it.
    public var status: JobStatus {
        didSet {
            guard status != oldValue else { return }
            exitCode = Int(status.ordinaryExitCode.rawValue)
            reason = status.ordinaryReason
        }
    }
    /// The exit code: that of the status, or of the failure that the result was made of.
    public private(set) var exitCode: Int
    /// Why it was refused or failed, or could not be checked, in a word for scripts.
    ///
    /// `nil` of other results.
    public var reason: Failure.Reason?
    /// What the drive said of its failure: sense key, code and qualifier, such as `3/73/03`.
    public var sense: String?
    /// The verb: `burn`, `rip`, `convert` and so on.
    public var verb: String
    /// The bytes of payload that were written, read or compared.
    public var bytes: Int
    /// SHA-256 over the payload, in hexadecimal, where data were read.
    public var sha256: String?
    /// Further sums over it that were asked for or compared with, by algorithm.
    public var sums: [String: String]?
    /// The file that was made, where one was.
    public var output: String?
    /// All files that were made, where there may be several.
    public var files: [String]?
    /// What was lost, because the format can't hold it.
    public var losses: [JobLoss]?
    /// The file that keeps what was lost.
    public var lossReport: String?
    /// The map of the file's damaged areas, where there is one.
    public var map: String?
    /// The first thing that differs, where whole discs were compared.
    public var firstDifference: JobDifference?
    /// The first sector that differs.
    public var firstDifferingSector: Int?
    /// How many sectors differ.
    public var differingSectors: Int?
    /// How often sectors that came back wrong were read, in all, and how often they were wrong.
    public var sectorReads: [SectorReads]?
    /// Whether nothing but padding behind the payload differs.
    public var onlyPaddingDiffers: Bool?
    /// Sectors of padding that follow the payload on the disc.
    public var paddingSectors: Int?
    /// How many sectors could not be read.
    public var unreadableSectors: Int?
    /// The first of them.
    public var firstUnreadableSector: Int?
    /// Sectors that a file system on the disc has behind the last one that the drive gives.
    public var missingSectors: Int?
    /// Data after the end that the source's file systems claim, where there is any.
    public var trailing: [TrailingData]?
    /// All sectors that could not be read, where they are known one by one.
    public var unreadableRuns: [SectorRun]?
    /// How many sectors of audio hold samples that the drive could not correct.
    public var doubtfulSectors: Int?
    /// These sectors.
    public var doubtfulRuns: [SectorRun]?
    /// How many sectors were repaired, of those that were to be.
    public var repairedSectors: Int?
    /// The bytes that this changed.
    public var repairedBytes: Int?
    /// These sectors, and what was wrong with them.
    public var repairedRuns: [SectorFaultRun]?
    /// How many sectors are damaged beyond repair, and were kept as they are.
    public var damagedSectors: Int?
    /// These sectors.
    public var damagedRuns: [SectorFaultRun]?
    /// How many sectors were kept with a sync, header or parity that is wrong, their data being right.
    public var irregularSectors: Int?
    /// These sectors.
    public var irregularRuns: [SectorFaultRun]?
    /// How many of the unreadable ones were never tried, because a limit was reached.
    public var untriedSectors: Int?
    /// The limit that was reached before all was tried: `time` or `bad-sectors`.
    public var limit: String?
    /// Files with sectors that could not be read, in the order of the tree; a thousand at most.
    public var damagedFiles: [DamagedFile]?
    /// How many more there are.
    public var furtherDamagedFiles: Int?
    /// Of an extraction, how many files, directories and links were made; of a mount, how many there are; of a
    /// comparison of files, how many were compared.
    public var entries: Int?
    /// Of a comparison of files, what differs, in the order of paths; a thousand at most.
    public var differences: [TreeDifference]?
    /// How many more there are.
    public var furtherDifferences: Int?
    /// Of a comparison of files, what was not compared, because only one side keeps it or it was left out.
    public var notCompared: [TreeDifference.Subject]?
    /// Of an extraction or a mount, what is broken in the tree and what could not be written: a sentence each.
    public var problems: [String]?
    /// Sectors that were read, or written, before, where a rip or a burn was gone on with.
    public var resumedSectors: Int?
    /// Of a burn, the node of the other drive in which the disc was read back, where that was asked for.
    public var verifyDrive: String?
    /// Sectors that were taken from other images.
    public var mergedSectors: Int?
    /// Of a rip, how well it is known that the sectors are what the disc holds.
    public var evidence: ReadEvidence?
    /// Of a burn, the sector of the disc that it begins with; `nil` if that is its beginning.
    public var start: Int?
    /// Of a burn behind other sessions, the number of the first one that was written.
    public var session: Int?
    /// What the disc is now: `blank`, `appendable`, `complete`, `damaged`.
    public var discState: String?
    /// Whether the disc can still be used as it was meant to be.
    public var discUsable: Bool?
    /// Whether the disc was ejected, where that was asked for.
    public var ejected: Bool?
    /// What was found of each track, where a disc of several was written.
    public var tracks: [TrackResult]?
    /// How loud all files of audio are together, if that was measured.
    public var loudness: Loudness?
    /// By how many samples the audio came back too early, negative where too late, where it did.
    public var audioOffset: Int?
    /// By how many samples the drive reads audio too early, negative where too late, where that was
    /// corrected.
    public var readOffset: Int?
    /// Where that number comes from: `given`, `setting`, `table` or `database`.
    public var readOffsetSource: String?
    /// How many samples the drive would not give beyond the disc's ends, where the offset needs them:
    /// they are zeros.
    public var missingSamples: Int?
    /// How many sectors of audio were doubtful at first and read again.
    public var rereadSectors: Int?
    /// How many of these several reads agreed about.
    public var settledSectors: Int?
    /// What of the audio was read again because of what databases of rips say, where something was.
    public var audioReview: AudioReview?
    /// How many albums of a folder came out how, where each was held against databases of rips.
    public var albums: AlbumCounts?
    /// What databases of rips say of the audio, where they were asked.
    public var audio: AudioReport?
    /// Where the names of the tracks come from, where they were looked up.
    public var metadata: NamesReport?
    /// The seconds that the job took.
    public var seconds: Double?
    /// What its phases took, in the order in which they began.
    public var phases: [PhaseTime]?
    /// What was found, for a person: a sentence each.
    public var sentences: [String]

    /// Creates a result of a status.
    public init(_ status: JobStatus, verb: String, bytes: Int = 0) {
        self.init(status, status.ordinaryExitCode, verb: verb, bytes: bytes)
    }

    private init(_ status: JobStatus, _ exitCode: ExitCode, verb: String, bytes: Int) {
        self.status = status
        self.verb = verb
        self.bytes = bytes
        self.exitCode = Int(exitCode.rawValue)
        reason = status.ordinaryReason
        sentences = []
    }

    /// Creates the result of a job that failed.
    public init(_ failure: Failure, verb: String, bytes: Int = 0) {
        self.init(failure.status, failure.exitCode, verb: verb, bytes: bytes)
        reason = failure.reason
        sense = failure.sense
        sentences = failure.sentences
    }
}

extension JobStatus {
    /// The exit code, where no failure says more.
    public var ordinaryExitCode: ExitCode {
        switch self {
        case .verified, .done: .done
        case .differs: .differs
        case .incomplete: .incomplete
        case .notVerified, .failed: .failed
        case .refused: .unsuitable
        case .interrupted: .interrupted
        }
    }

    /// The reason, where no failure says more; `nil` of what is neither refused nor failed.
    var ordinaryReason: Failure.Reason? {
        switch self {
        case .verified, .done, .differs, .incomplete: nil
        case .notVerified: .unchecked
        case .failed: .trouble
        case .refused: .unsuitableDisc
        case .interrupted: .stopped
        }
    }
}
