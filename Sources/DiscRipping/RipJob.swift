import DiscConversion
public import DiscDrives
import DiscImages
import DiscModel
import LibCrypto
import LinuxCalls
import MMC
public import Reports
import SystemPackage
public import Transfer

/// Reads a disc into an image, sector by sector.
public struct RipJob {
    let drive: Drive
    let options: RipOptions

    /// Creates a job.
    public init(drive: Drive, options: RipOptions) {
        self.drive = drive
        self.options = options
    }

    /// Rips the disc.
    ///
    /// Blocks until it is done; to be run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two commands.
    ///   - tell: Told the plan, the progress and what is worth knowing.
    /// - Returns: How it ended; where it failed on the way, what was read until then is kept as
    ///   OUTPUT.part with its map.
    /// - Throws: ``Reports/Failure`` where nothing was begun.
    public func run(
        cancellation: Cancellation,
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        try Self.checkOutput(options)
        let report = try drive.inspectDisc()
        if let speed = speed(report) {
            _ = try? drive.commands.send(.setSpeed(read: speed, write: 0xFFFF))
        }
        guard try isFlat(report) else { return try ripWhole(report, cancellation, tell) }
        let extent = try ImageExtent.find(drive, report, keepsAll: options.keepsAll)
        let source = DriveSource(drive, report, sectors: extent.sectors)
        let start = try RipStart(options, extent, source)
        try checkSpace(extent, start)
        let first =
            options.first.isEmpty
            ? [] : try FirstFiles(options.first, on: source, sectors: extent.sectors).areas
        tell(.plan(plan(report, extent, start)))
        let files: RipFiles
        do {
            files = try start.files(options)
        } catch {
            throw Failure(writing: options.partial, error)
        }
        let notes = sessionNotes(report)
        var outcome = copy(report, extent, start, first, source, files, cancellation, tell)
        if outcome.status == .done || outcome.status == .incomplete { outcome.sentences += notes }
        if options.makesSumFiles { writeSums(&outcome) }
        if options.ejects, outcome.status == .done { outcome.eject(from: drive.path) }
        return outcome
    }

    /// Writes the files with the image's checksums beside it, for an image that is finished.
    private func writeSums(_ outcome: inout JobResult) {
        guard outcome.status == .done || outcome.status == .incomplete else { return }
        for algorithm in options.digests {
            guard let digits = outcome.sums?[algorithm.rawValue],
                let checksum = Checksum(algorithm, hexadecimal: digits)
            else { continue }
            let name = options.output.lastComponent?.string ?? options.output.string
            let path = SumFile.path(of: options.output, algorithm)
            do throws(SystemError) {
                try UnfinishedFiles.write(
                    Array(SumFile.text([(name, checksum)]).utf8),
                    to: path,
                    replaces: options.replaces
                )
            } catch {
                let failure = Failure(writing: path, error)
                outcome.status = .failed
                outcome.sentences.append(
                    "\(options.output) is finished, but its checksums are not there: \(failure.what)"
                )
                return
            }
        }
    }

    /// Whether the image is to be one run of the disc's data sectors, from the first one on.
    private func isFlat(_ report: DiscReport) throws(Failure) -> Bool {
        let format = try ConversionJob.format(options.conversion)
        return format.name == "iso" && !options.asksForMore
            && !report.layout.tracks.contains { $0.content == .audio }
    }

    /// Rips a disc that is more than a run of data sectors.
    private func ripWhole(
        _ report: DiscReport,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        try Self.checkDisc(report, drive)
        guard !options.asksForRecovery else {
            throw Failure(
                .usage,
                "--resume, --merge, --first, --time-limit and --give-up go with images of nothing but data sectors.",
                meaning: "Nothing was read.",
                advice: "Leave them out, or rip a disc of data to a file that ends in .iso."
            )
        }
        var result = try DiscRip(drive: drive, options: options, report: report)
            .run(cancellation, tell)
        if options.ejects, result.status == .done { result.eject(from: drive.path) }
        return result
    }

    /// The read speed in kB/s that was asked for.
    private func speed(_ report: DiscReport) -> Int? {
        report.medium.flatMap { options.speed?.kilobytesPerSecond(on: $0) }
    }

    private func plan(_ report: DiscReport, _ extent: ImageExtent, _ start: RipStart) -> JobPlan {
        var plan = JobPlan(
            verb: "rip",
            source: drive.path.string,
            target: options.output.string
        )
        plan.drive = drive.name
        plan.medium = report.medium?.rawValue
        plan.sectors = extent.sectors
        plan.bytes = extent.sectors * RipOptions.bytesPerSector
        plan.paddingSectors = extent.droppedPadding
        plan.sizes = extent.claims
        plan.trailing = extent.trailing.isEmpty ? nil : extent.trailing
        plan.speed = speed(report)
        plan.eject = options.ejects
        plan.notes = extent.notes + start.notes + sessionNotes(report)
        return plan
    }

    /// Of a disc of several sessions, where the one begins that a system shows.
    private func sessionNotes(_ report: DiscReport) -> [String] {
        let sessions = report.layout.dataSessions
        guard sessions.count > 1, !report.isOverwritable, let last = sessions.last else {
            return []
        }
        return [
            "The disc has \(sessions.count) sessions of data; the last one's file system begins at sector \(last.start), and shows all files (mount -o loop,sbsector=\(last.start))."
        ]
    }

    /// Copies the sectors and gives the image its name.
    private func copy(
        _ report: DiscReport,
        _ extent: ImageExtent,
        _ start: RipStart,
        _ first: [RangeSet<Int>],
        _ source: DriveSource,
        _ files: RipFiles,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) -> JobResult {
        var ending = RipEnding(options: options, extent: extent, start: start, files: files)
        do {
            let map = try start.merge(into: files.image, cancellation)
            ending.file = SalvageMapFile(map)
            let copy = try RipCopy(
                Salvage(map, settings(report, extent, source, first)),
                extent,
                DriveAttempts(source, DriveEffort(drive, report, speed: speed(report))),
                into: files,
                try RipProgress(
                    RateMeter(
                        phase: .read,
                        total: extent.sectors * RipOptions.bytesPerSector,
                        done: map.count(.finished) * RipOptions.bytesPerSector,
                        singleSpeed: report.medium?.facts.bytesPerSecondAtSingleSpeed
                    ),
                    sectorSize: RipOptions.bytesPerSector,
                    tell: tell
                ),
                cancellation
            )
            var sums: [DigestAlgorithm: Checksum]?
            do {
                defer { copy.finish() }
                defer { ending.take(copy) }
                if start.isNew { sums = try copy.readInOrder(options.digests) }
                if sums == nil { try copy.readRest() }
            }
            if cancellation.isRequested { return try ending.interrupted() }
            let whole =
                try sums ?? FileDigests.make(options.digests, of: files.image, cancellation)
            if cancellation.isRequested { return try ending.interrupted() }
            try checkSameDisc(report, source, ending.file.map, extent.gaps, files.image)
            return try ending.finished(whole)
        } catch {
            return ending.failed(error)
        }
    }

    private func settings(
        _ report: DiscReport,
        _ extent: ImageExtent,
        _ source: DriveSource,
        _ first: [RangeSet<Int>]
    ) -> SalvageSettings {
        SalvageSettings(
            sectorsPerBlock: report.medium?.facts.sectorsPerBlock ?? 1,
            largestRead: source.sectorsPerCommand,
            retries: options.retries,
            secondsLimit: options.timeLimit,
            badLimit: options.giveUp?.sectors(of: extent.recordedSectors),
            first: first
        )
    }
}
