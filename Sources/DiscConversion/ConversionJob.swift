public import DiscImages
import DiscModel
import DiscVerification
import LibCrypto
import LinuxCalls
public import Reports
import SystemPackage
public import Transfer

/// Makes an image of another one, in any format that is written.
///
/// What the format can't hold is told before anything is written, and lost only where that is
/// allowed. Its statuses, and with them the exit codes:
///
/// - verified: the image was opened again and holds everything that is read of the source, but for
///   what was told.
/// - done: written; no check was asked for.
/// - differs: the image was opened again and does not hold what it should. Nothing is kept of it.
/// - incomplete: sectors of the source can't be read, and zeros stand for them; or its file system
///   goes on after its end; or some were to be repaired and can't be.
/// - refused: nothing was written.
public struct ConversionJob {
    private(set) var source: ConversionSource
    let options: ConversionOptions
    let format: ImageFormat
    /// What reads the source, if it may be damaged.
    private var recovery: (any ConversionRecovery)?
    /// What is wrong with the source's sectors, if they are to be repaired.
    private(set) var damage: SectorDamage?

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - source: The image, or the virtual disc.
    ///   - options: What is asked for.
    /// - Throws: ``Reports/Failure`` where no format is written by the name or the extension, or it
    ///   leaves no such choice.
    public init(_ source: DiscImage, options: ConversionOptions) throws(Failure) {
        try self.init(ConversionSource(source), options: options)
    }

    /// Prepares a job of whatever an image can be made of.
    ///
    /// - Throws: As above.
    public init(_ source: ConversionSource, options: ConversionOptions) throws(Failure) {
        self.source = source
        self.options = options
        format = try Self.format(options)
    }

    /// Converts.
    ///
    /// Blocks until it is done; to be run on a thread of its own. Where it fails or is stopped, no
    /// file is left behind, and files that were to be replaced are as they were.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told, on the calling thread, the progress of looking through the source, then the
    ///     plan, then progress and what is worth knowing.
    /// - Returns: How it ended: verified, done, differs or incomplete.
    /// - Throws: ``Reports/Failure`` where it was refused, failed or was stopped.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        if !options.image.resumes { try check(options.output) }
        try source.beginChecks()
        guard source.layout.tracks.contains(where: { $0.length > 0 }) else { throw isBlank }
        var job = self
        if options.repairs {
            let damage = try damage(cancellation, tell)
            job.damage = damage
            job.source = source.repaired(damage)
        }
        return try job.convert(cancellation, tell)
    }

    private mutating func convert(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void)
        throws(Failure) -> JobResult
    {
        let inventory = try inventory(cancellation, tell)
        let losses = losses(inventory)
        let planned = plannedSink(losses, inventory)
        if let sink = try? planned.get() { recovery = try source.recover?(sink) }
        tell(.plan(plan(losses, try? planned.get())))
        for warning in source.warnings + [source.truncation].compactMap(\.self) {
            tell(.message(JobMessage(.warning, warning)))
        }
        let hasAudio = source.layout.tracks.contains { !$0.mode.isData }
        let grave = losses.filter { $0.feature.needsConsent(hasAudio: hasAudio) }
        if !grave.isEmpty, !options.allowsLoss { throw refusal(grave, inventory) }
        let sink = try planned.get()
        let report = grave.isEmpty ? nil : options.lossReport
        try checkFiles(sink, report)
        try checkSpace(sink)
        return try copy(to: sink, losses, report, cancellation, tell)
    }

    // MARK: Before

    private func checkFiles(_ sink: any DiscSink, _ report: FilePath?) throws(Failure) {
        var reports = [report].compactMap(\.self)
        if options.makesSumFiles {
            reports += options.digests.map { SumFile.path(of: options.output, $0) }
        }
        if resumes {
            // Those about the image that is gone on with are replaced.
            reports.removeAll { $0.isReport(on: options.output) }
        } else {
            for path in sink.files { try check(path) }
            try checkCompany(report)
        }
        for path in reports { try check(path) }
    }

    /// Whether an image is gone on with.
    var resumes: Bool { recovery?.isResumed ?? false }

    private func inventory(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void)
        throws(Failure) -> DiscInventory
    {
        let wanted = Set(DiscFeature.allCases).subtracting(holds)
        let total = source.disc.layout.tracks.reduce(0) { $0 + $1.extent.count }
        var meter = RateMeter(phase: .read, total: total * RawSector.size)
        do {
            let inventory = try DiscInventory(
                of: source.disc,
                reading: !source.isSlow,
                gaps: withoutGaps,
                lookingFor: wanted,
                cancellation
            ) { done in
                if meter.isDue { tell(.progress(meter.progress(bytes: done * RawSector.size))) }
            }
            if cancellation.isRequested { throw Failure.stopped(options.verb) }
            return inventory
        } catch {
            throw Failure(converting: error, options.output, options.verb)
        }
    }

    /// What the format holds, with the options that were chosen.
    private var holds: Set<DiscFeature> {
        var holds = format.holds
        if options.image.keepsUserDataOnly { holds.subtract(Self.aroundData) }
        if options.image.keepsSubchannel == false { holds.remove(.subchannel) }
        if !withoutGaps.isEmpty { holds.remove(.pregapContent) }
        return holds
    }

    /// The tracks whose pauses are left out: what is in them is lost, unless it is silence.
    private var withoutGaps: Set<Int> { options.image.tracksWithoutGaps(of: source.layout) }

    /// What is around the data of a sector.
    private static let aroundData: Set<DiscFeature> = [.irregularSectors, .subheaders]

    private func losses(_ inventory: DiscInventory) -> [DiscLoss] {
        // Of other tracks all is kept, whatever was asked for.
        let plain = source.layout.tracks.filter { $0.mode == .mode1 || $0.mode == .mode2Form1 }
            .map(\.number)
        return DiscLoss.losses(of: inventory, holding: holds).compactMap { loss in
            if source.part != nil, loss.feature == .trackNumbers { return nil }
            if format.holds.contains(loss.feature), loss.feature == .pregapContent {
                let tracks = loss.tracks.filter(withoutGaps.contains)
                return tracks.isEmpty ? nil : DiscLoss(feature: loss.feature, tracks: tracks)
            }
            guard format.holds.contains(loss.feature), Self.aroundData.contains(loss.feature)
            else { return loss }
            let tracks = loss.tracks.filter(plain.contains)
            return tracks.isEmpty ? nil : DiscLoss(feature: loss.feature, tracks: tracks)
        }
    }

    /// The image, as far as it can be planned; nothing is written yet.
    private func plannedSink(_ losses: [DiscLoss], _ inventory: DiscInventory)
        -> Result<any DiscSink, Failure>
    {
        var image = options.image
        if inventory.features[.subchannel] != nil, holds.contains(.subchannel) {
            image.keepsSubchannel = true
        }
        do {
            guard let sink = try format.writer?(source.disc, options.output, image) else {
                return .failure(Self.notWritten(format.displayName))
            }
            return .success(sink)
        } catch {
            return .failure(Failure(planning: error, source.path, options.output))
        }
    }

    private func plan(_ losses: [DiscLoss], _ sink: (any DiscSink)?) -> JobPlan {
        var plan = JobPlan(
            verb: options.verb,
            source: source.name,
            target: options.output.string
        )
        plan.sourceFormat = source.formatName
        plan.targetFormat = format.name
        plan.medium = source.disc.medium.rawValue
        plan.files = sink?.files.map(\.string)
        if let sink {
            plan.sectors = DiscCopy.sectors(of: sink)
            plan.bytes = Self.bytes(of: sink)
        }
        plan.losses = losses.map(JobLoss.init)
        plan.verify = options.proves
        plan.sounds = source.sounds.isEmpty ? nil : source.sounds
        plan.notes += source.notes + (recovery?.notes ?? [])
        if let damage {
            plan.repair = true
            plan.notes += notes(on: damage)
        }
        if source.missingBytes > 0 {
            plan.notes.append(
                "\(source.path) ends within a sector; \(source.missingBytes) zeros fill it up."
            )
        }
        return plan
    }

    /// The bytes that a sink wants of a disc, subchannel not counted.
    static func bytes(of sink: any DiscSink) -> Int {
        sink.requests.reduce(0) { $0 + $1.sectors.count * $1.form.size }
    }

    // MARK: The work

    /// What went over.
    struct Copied {
        var bytes: Int
        var sha256: String?
        var unreadable: [Range<Int>]
        var reason: String?
        var tracks: [TrackResult]?
        var loudness: AlbumLoudness?
    }

    /// What a conversion has made.
    struct Made {
        var files: [FilePath]
        var report: FilePath?
        var losses: [DiscLoss]
        var copied: Copied
    }

    /// What was written is not what it was made from.
    private struct Unproven: Error {
        var result: JobResult
    }

    private func copy(
        to sink: any DiscSink,
        _ losses: [DiscLoss],
        _ report: FilePath?,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        do {
            let files = sink.files
            let summed = try UserDataSum(source.layout)
            let bytes = Self.bytes(of: sink)
            // Sums of what is read only once; those of an image's tracks can be made at any time.
            let tracks =
                source.isSlow ? TrackSums(source.layout, options.digests, sink.requests) : nil
            func conclude(_ copied: DiscCopy.Result) throws -> JobResult {
                let copied = Copied(
                    bytes: bytes,
                    sha256: summed.sums()[.sha256]?.hexadecimal,
                    unreadable: copied.unreadable,
                    reason: copied.reason,
                    tracks: tracks?.results(unreadable: copied.unreadable),
                    loudness: (sink as? PlannedImage)?.loudness
                )
                let made = Made(files: files, report: report, losses: losses, copied: copied)
                return try self.conclude(made, sink, cancellation, tell)
            }
            if let recovery {
                let observers: [any SectorObserver] = [summed] + [tracks].compactMap(\.self)
                return try recovery.copy(observers, cancellation, conclude)
            }
            let sectors = max(1, DiscCopy.sectors(of: sink))
            var meter = RateMeter(phase: .write, total: bytes)
            var result: JobResult?
            _ = try DiscCopy.run(
                from: source.disc,
                to: sink,
                cancellation,
                observers: [summed]
            ) { done in
                guard meter.isDue else { return }
                let share = Double(done) / Double(sectors)
                tell(.progress(meter.progress(bytes: Int(share * Double(bytes)))))
            } check: { copied in
                tell(.progress(meter.progress(bytes: bytes)))
                result = try conclude(copied)
            }
            guard let result else { throw Failure.stopped(options.verb) }
            return result
        } catch let error as Unproven {
            return error.result
        } catch {
            throw Failure(converting: error, options.output, options.verb)
        }
    }

    /// Does what is left to do before the files get their names, the report of losses with them.
    private func conclude(
        _ made: Made,
        _ sink: any DiscSink,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> JobResult {
        if !cancellation.isRequested { try source.endChecks() }
        let result =
            options.proves
            ? try prove(made, sink, cancellation, tell) : result(made)
        try checkSource()
        if cancellation.isRequested { throw Failure.stopped(options.verb) }
        if let report = made.report { try write(made.losses, to: report, sink) }
        if options.makesSumFiles, let files = sink.unfinished {
            var meter: RateMeter?
            try SumFile.add(
                to: files,
                of: made.files,
                beside: options.output,
                options.digests,
                resumes: resumes,
                cancellation
            ) { done, total in
                var own = meter ?? RateMeter(phase: .hash, total: total)
                if own.isDue { tell(.progress(own.progress(bytes: done))) }
                meter = own
            }
            if cancellation.isRequested { throw Failure.stopped(options.verb) }
        }
        // Whoever reads a damaged disc keeps its map.
        let map = source.isSlow ? UnfinishedFiles.map(of: options.output) : nil
        for path in company where path != made.report && path != map {
            if !resumes || path.isReport(on: options.output) { sink.unfinished?.retire(path) }
        }
        return result
    }

    private func prove(
        _ made: Made,
        _ sink: any DiscSink,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> JobResult {
        let image: DiscImage
        do {
            image = try DiscImage(options.output, unfinished: sink.unfinished)
        } catch {
            var result = result(made)
            result.status = .differs
            result.output = nil
            result.files = nil
            result.sentences = [
                "What was written can't be opened again: \(error.what)", Self.notKept,
            ]
            throw Unproven(result: result)
        }
        let comparison = DiscComparison(source.disc, image.disc, excusing: made.losses)
        let found: DiscComparisonResult
        do throws(Failure) {
            found = try comparison.run(cancellation: cancellation, tell: tell)
        } catch {
            throw error.cause == .interruption ? Failure.stopped(options.verb) : error
        }
        let result = result(made, found)
        if result.status == .differs { throw Unproven(result: result) }
        return result
    }
}
