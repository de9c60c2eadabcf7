import DiscDrives
import DiscModel
import LibBurn
import LibCrypto
import LinuxCalls
import MMC
public import Reports
public import SystemPackage
public import Transfer

/// Burns an image onto a disc, and has the disc itself say whether it holds it.
public struct BurnJob {
    private static let chunkSize = 1 << 20
    private static let chunks = 8

    private let node: FilePath
    private let image: ImageToBurn
    private let options: BurnOptions

    /// Creates a job.
    public init(image: ImageToBurn, drive node: FilePath, options: BurnOptions) {
        self.image = image
        self.node = node
        self.options = options
    }

    /// Burns.
    ///
    /// Blocks until it is done; to be run on a thread of its own, which is libburn's for that time.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded at the next place where the disc stays usable.
    ///   - confirm: Asked whether data on the disc may be overwritten, where there are any.
    ///   - tell: Told the plan, the progress and what is worth knowing.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure``; its second sentence says what the disc is now.
    public func run(
        cancellation: Cancellation,
        confirm: (BurnPlan) -> Bool,
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        try Drive.checkAvailable(node, writable: true)
        let (plan, name) = try decide()
        tell(.plan(described(plan, name)))
        if plan.overwrites, !confirm(plan) {
            throw Failure(
                .unsuitable,
                "The \(plan.medium.displayName) holds data, which this burn would overwrite.",
                meaning: "Nothing was written; the data are still there.",
                advice: "Use another disc, or agree with --yes."
            )
        }
        let written: Written
        do {
            written = try write(plan, cancellation, tell)
        } catch let error as BurnError {
            return try afterTrouble(error, plan, tell)
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(
                .trouble,
                "The burn failed: \(error)",
                meaning: discNow(),
                advice: "Try again."
            )
        }
        let witness = Witness(
            node: node,
            image: image,
            plan: plan,
            written: written,
            options: options
        )
        return try witness.testify(cancellation: cancellation, tell: tell)
    }

    /// Looks at the disc and makes the plan.
    private func decide() throws(Failure) -> (BurnPlan, String) {
        let drive = try Drive(node)
        let report = try drive.inspectDisc()
        let plan = try BurnPlan(
            sectors: image.sectors,
            options: options,
            report: report,
            drive: node.string
        )
        return (plan, drive.name)
    }

    private func described(_ plan: BurnPlan, _ name: String) -> JobPlan {
        var described = JobPlan(verb: "burn", source: image.name, target: node.string)
        described.drive = name
        described.medium = plan.medium.rawValue
        described.bytes = image.byteCount
        described.sectors = plan.job.payloadSectors.map { $0 + plan.paddingSectors }
        described.paddingSectors = plan.paddingSectors
        described.capacitySectors = plan.capacity
        described.writeMode = plan.job.mode.rawValue
        described.speed = plan.job.speed
        described.simulate = options.simulates
        described.preparation = plan.preparation
        described.verify = options.verifies && !options.simulates
        described.eject = options.ejects
        described.notes = image.notes
        return described
    }

    /// Has libburn write the track, and makes the source's sum on the way.
    private func write(
        _ plan: BurnPlan,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws -> Written {
        // Two consumers: libburn's reader is 0, the sum is 1.
        let ring = ChunkRing(chunkSize: Self.chunkSize, chunks: Self.chunks, consumers: 2)
        let grabbed = try GrabbedDrive(address: node.string, load: true)
        if plan.formatsFirst {
            try grabbed.format { progress in
                tell(.progress(JobProgress(phase: .format, bytes: 0, share: progress.share)))
            }
        }
        let digests = try DigestThreads([.sha256], over: ring, firstConsumer: 1)
        let feeder = try SourceFeeder(image, into: ring)
        let expected = image.byteCount
        var meter = RateMeter(
            phase: .write,
            total: plan.job.knownSectors.map { $0 * 2048 },
            singleSpeed: plan.medium.facts.bytesPerSecondAtSingleSpeed
        )
        let messages: [BurnMessage]
        do {
            messages = try grabbed.write(
                plan.job,
                input: RingInput(ring),
                isCancelled: {
                    guard cancellation.isRequested || feeder.failure != nil else { return false }
                    // libburn heeds a wish to stop between two sectors, and would wait for the next
                    // one for as long as a pipe gives none.
                    ring.abandon()
                    return true
                },
                observe: { progress in
                    guard meter.isDue else { return }
                    var counts = meter.progress(
                        bytes: progress.bytes,
                        driveBuffer: progress.bufferFill,
                        fifo: ring.fill
                    )
                    counts.adopt(progress)
                    tell(.progress(counts))
                }
            )
        } catch {
            ring.abandon()
            _ = digests.finish()
            feeder.leave()
            if let failure = feeder.failure {
                throw Failure(
                    .trouble,
                    "\(image.name) could not be read to its end: \(failure)",
                    meaning: discNow(),
                    advice: "See what is wrong with the image, and use a new disc."
                )
            }
            throw error
        }
        // libburn has taken all that it wanted; the sum may still be behind it.
        ring.leave(0)
        feeder.finish()
        let sums = digests.finish()
        for message in messages where message.severity >= .warning {
            tell(.message(JobMessage(.warning, message.text, origin: "libburn")))
        }
        guard let sum = sums[.sha256] else {
            throw DigestMissing()
        }
        return Written(
            sha256: sum,
            byteCount: expected ?? feeder.byteCount,
            sectors: ((expected ?? feeder.byteCount) + 2047) / 2048
        )
    }

    /// Says what a failed or cancelled write left behind.
    private func afterTrouble(
        _ error: BurnError,
        _ plan: BurnPlan,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        for message in error.messages {
            tell(.message(JobMessage(.warning, message.text, origin: "libburn")))
        }
        let report = currentReport()
        let failure: Failure
        switch error.code {
        case .tooLarge, .refused, .cannotGrab, .unavailable:
            failure = Failure(
                .unsuitable,
                error.description,
                meaning: "Nothing was written.",
                advice: "See “spindle info” for the disc, and “spindle drives” for the drive."
            )
        case .cancelled:
            failure = Failure(
                .interruption,
                "The burn was stopped.",
                meaning: meaning(of: report, plan),
                advice: plan.medium.facts.recording == .once
                    ? "Use a new disc." : "Burn again when you like."
            )
        case .failed where error.isDelivered && report?.state != .blank:
            failure = Failure(
                .trouble,
                error.description,
                meaning:
                    "All of the image went to the drive, but the recording was not ended well; what can be read of it is not known.",
                advice:
                    "See with “spindle verify” what the disc holds; other drives may refuse it, so burn another one."
            )
        default:
            failure = Failure(
                .trouble,
                error.description,
                meaning: meaning(of: report, plan),
                advice: report?.state == .blank
                    ? "Try again, at a lower speed or with a disc of another brand."
                    : "Use a new disc, and a lower speed."
            )
        }
        var result = JobResult(failure, verb: "burn")
        result.discState = report?.state.rawValue
        result.discUsable = report.map { $0.state == .blank || $0.isOverwritable || $0.isErasable }
        return result
    }

    private func currentReport() -> DiscReport? {
        try? Drive(node).inspectDisc()
    }

    private func discNow() -> String {
        guard let report = currentReport() else {
            return "The drive can't say what the disc is now."
        }
        return "The disc is now \(report.state.rawValue)."
    }

    private func meaning(of report: DiscReport?, _ plan: BurnPlan) -> String {
        guard let report else { return "The drive can't say what the disc is now." }
        switch report.state {
        case .blank: return "The disc is still blank and can be used."
        case .none: return "The drive says that there is no disc any more."
        default: break
        }
        if report.isOverwritable {
            return "The disc holds part of the image and can be written again."
        }
        if report.isErasable {
            return "The disc holds part of the image; blanked, it can be used again."
        }
        return
            "The disc holds part of the image (the drive calls it \(report.state.rawValue)) and can't be used."
    }
}

/// libcrypto made no sum over what was burned.
private struct DigestMissing: Error, CustomStringConvertible {
    var description: String { "the image's SHA-256 could not be made" }
}
