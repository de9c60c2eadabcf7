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
        var outcome =
            try isFlat(report)
            ? ripFlat(report, cancellation, tell) : ripWhole(report, cancellation, tell)
        outcome.explain(drive)
        if options.ejects, outcome.status == .done { outcome.eject(from: drive.path) }
        return outcome
    }

    /// Rips a disc that is a run of data sectors.
    private func ripFlat(
        _ report: DiscReport,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let extent = try ImageExtent.find(drive, report, keepsAll: options.keepsAll)
        var reading = DriveDisc.Options()
        reading.speed = speed(report)
        let disc = DriveDisc(drive, report, reading, sectors: extent.sectors, gaps: extent.gaps)
        let run = try RipRun(
            RipRun.Source(
                drive: drive,
                report: report,
                disc: disc,
                wanted: disc,
                otherSizes: extent.claims.map(\.sectors)
                    + [extent.sectors + extent.missingSectors],
                missingBehind: extent.missingSectors
            ),
            to: sink(of: disc),
            options,
            tell: tell
        )
        try checkSpace(extent, run)
        if !options.first.isEmpty {
            run.recovery.settings.first =
                try FirstFiles(options.first, on: DiscDataSource(disc)).areas
        }
        let notes = sessionNotes(report)
        tell(.plan(plan(report, extent, run.notes + notes)))
        do {
            let sums = try UserDataSum(disc.layout, options.digests)
            return try run.copy([sums], cancellation) { _ in
                let sums = sums.sums()
                var result = RipEnding(options: options, extent: extent, run: run).finished(sums)
                result.sentences += notes
                if options.makesSumFiles { try addSumFiles(sums, run) }
                return result
            }
        } catch {
            throw error as? Failure ?? Failure(writing: options.partial, error)
        }
    }

    private func sink(of disc: DriveDisc) throws(Failure) -> any DiscSink {
        do {
            let writer = try ConversionJob.format(options.conversion).writer
            guard let sink = try writer?(disc, options.output, options.conversion.image) else {
                throw Failure(writing: options.partial, "no plain image can be made.")
            }
            return sink
        } catch {
            throw error as? Failure ?? Failure(writing: options.partial, error)
        }
    }

    /// Adds the files with the image's checksums, which get their names together with it.
    private func addSumFiles(_ sums: [DigestAlgorithm: Checksum], _ run: RipRun) throws {
        guard let files = run.sink.unfinished else { return }
        let name = options.output.lastComponent?.text ?? options.output.text
        for algorithm in options.digests {
            guard let checksum = sums[algorithm] else { continue }
            try SumFile.add(
                [(name, checksum)],
                to: files,
                beside: options.output,
                algorithm,
                resumes: run.isResumed
            )
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
        guard options.merged.isEmpty, options.first.isEmpty else {
            throw Failure(
                .usage,
                "--merge and --first go with images of nothing but data sectors.",
                meaning: "Nothing was read.",
                advice: "Leave them out, or rip a disc of data to a file that ends in .iso."
            )
        }
        return try DiscRip(drive: drive, options: options, report: report).run(cancellation, tell)
    }

    /// The read speed in kB/s that was asked for.
    private func speed(_ report: DiscReport) -> Int? {
        report.medium.flatMap { options.speed?.kilobytesPerSecond(on: $0) }
    }

    private func plan(_ report: DiscReport, _ extent: ImageExtent, _ notes: [String]) -> JobPlan {
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
        plan.notes = extent.notes + notes
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
}
