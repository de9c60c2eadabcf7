import DiscModel
public import Reports
public import Transfer

/// `verify` of a disc's audio against databases of rips.
///
/// Its statuses:
///
/// - verified: every audio track matches.
/// - differs: databases have a track, and with other samples.
/// - incomplete: sectors can't be read, and no track differs.
/// - not verified: no database has some of the tracks, or they match at different offsets, and no track differs.
public struct AudioCheckJob {
    private let name: String
    private let disc: any DiscSource
    private let toc: AudioTOC
    private let places: AudioDatabases.Places

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - name: The path that names the disc.
    ///   - disc: The disc.
    ///   - places: Where the databases' answers are.
    /// - Throws: ``Reports/Failure`` if there is no audio on it.
    public init(
        _ name: String,
        _ disc: any DiscSource,
        against places: AudioDatabases.Places
    ) throws(Failure) {
        guard let toc = AudioTOC(disc.layout) else {
            throw Failure(
                .source,
                "\(name) has no tracks of audio that a CD could have.",
                meaning:
                    "AccurateRip and the CUETools Database know discs with audio only; nothing was checked.",
                advice: "Compare it with another disc or image, or with a list of checksums."
            )
        }
        self.name = name
        self.disc = disc
        self.toc = toc
        self.places = places
    }

    /// Verifies.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the plan first, and then the progress.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if an answer is none, or the disc can't be read on.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        let databases = try AudioDatabases(places, of: toc, cancellation: cancellation)
        guard !databases.areSilent else {
            throw Failure(
                .unchecked,
                .noAnswer,
                databases.notes.joined(separator: " "),
                meaning: "Nothing was checked.",
                advice:
                    "Try again later, or name answers that were kept with --accuraterip and --ctdb."
            )
        }
        let sectors = toc.audio.reduce(0) { $0 + $1.sectors }
        var plan = JobPlan(
            verb: Self.verb,
            source: name,
            target: databases.states.map(\.source).joined(separator: ", ")
        )
        plan.medium = disc.medium.rawValue
        plan.sectors = sectors
        plan.bytes = sectors * 2352
        plan.notes = databases.notes
        tell(.plan(plan))
        let findings = try Self.check(disc, toc, databases, cancellation, tell)
        var result = JobResult(findings.status, verb: Self.verb, bytes: findings.bytes)
        findings.add(to: &result)
        result.sentences = findings.sentences
        return result
    }

    /// Checks a disc, and tells the progress.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - toc: Its table of contents.
    ///   - databases: What is known of it.
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the progress.
    /// - Returns: What was found.
    /// - Throws: ``Reports/Failure`` if the disc can't be read on, or the user stopped it.
    public static func check(
        _ disc: any DiscSource,
        _ toc: AudioTOC,
        _ databases: AudioDatabases,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> AudioCheck.Findings {
        let bytes = toc.audio.reduce(0) { $0 + $1.sectors } * 2352
        var meter = RateMeter(phase: .verify, total: bytes)
        var total = bytes
        return try AudioCheck(disc, toc, databases).run(cancellation) { done, all in
            if all != total {
                total = all
                meter = RateMeter(phase: .verify, total: all, done: done)
            }
            if meter.isDue || done == all { tell(.progress(meter.progress(bytes: done))) }
        }
    }

    static let verb = "verify"
}

extension AudioCheck.Findings {
    /// What they mean for a check of the disc.
    public var status: JobStatus {
        let verdicts = Set(report.tracks.map(\.verdict))
        if verdicts.contains(.mismatch) { return .differs }
        if verdicts.contains(.unreadable) { return .incomplete }
        return verdicts.contains(.unknown) || report.seams != nil ? .notVerified : .verified
    }

    /// Puts them into a result.
    func add(to result: inout JobResult) {
        result.audio = report
        guard !unreadable.isEmpty else { return }
        result.unreadableSectors = unreadable.count
        result.firstUnreadableSector = unreadable.first
        result.unreadableRuns = SectorRun.runs(of: unreadable)
    }
}
