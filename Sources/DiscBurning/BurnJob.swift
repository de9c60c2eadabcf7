import DiscDrives
import DiscImages
import DiscModel
import LibBurn
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Burns an image onto a disc, and has the disc itself say whether it holds it.
public struct BurnJob {
    static let chunkSize = 1 << 20
    static let chunks = 8

    let node: FilePath
    let image: ImageToBurn
    let options: BurnOptions

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
        let (plan, losses, name) = try decide(cancellation)
        tell(.plan(described(plan, losses, name)))
        if plan.overwrites, !confirm(plan) {
            throw Failure(
                .unsuitable,
                "The \(plan.medium.displayName) holds data, which this burn would overwrite.",
                meaning: "Nothing was written; the data are still there.",
                advice: "Use another disc, or agree with --yes."
            )
        }
        do {
            if let disc = plan.disc {
                return try burnTracks(disc, plan, cancellation, tell)
            }
            return try burnData(plan, cancellation, tell)
        } catch let failure as BurnTrouble {
            return try afterTrouble(failure, plan, cancellation, tell)
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
    }

    /// Looks at the disc and makes the plan.
    private func decide(_ cancellation: Cancellation) throws(Failure) -> (
        BurnPlan, [DiscLoss], String
    ) {
        let drive = try Drive(node)
        let report = try drive.inspectDisc()
        let way = try image.way(onto: report.medium, options, cancellation)
        let plan = try BurnPlan(
            sectors: way.disc?.sectors ?? image.sectors,
            disc: way.disc,
            options: options,
            report: report,
            drive: node.string
        )
        return (plan, way.losses, drive.name)
    }

    private func described(_ plan: BurnPlan, _ losses: [DiscLoss], _ name: String) -> JobPlan {
        var described = JobPlan(verb: "burn", source: image.name, target: node.string)
        described.drive = name
        described.medium = plan.medium.rawValue
        described.bytes = plan.disc?.byteCount ?? image.byteCount
        described.sectors = plan.job.payloadSectors.map { $0 + plan.paddingSectors }
        described.paddingSectors = plan.paddingSectors
        described.capacitySectors = plan.capacity
        described.writeMode = (plan.disc?.sessions.first?.mode ?? plan.job.mode).rawValue
        described.tracks = plan.disc?.described
        described.speed = plan.job.speed
        described.simulate = options.simulates
        described.preparation = plan.preparation
        described.verify = options.verifies && !options.simulates
        described.eject = options.ejects
        described.notes = image.notes + losses.map { "Not kept: \($0)." }
        let asMode1 = (plan.disc?.tracks ?? []).filter(\.source.mode.isMode2)
        if !asMode1.isEmpty {
            described.notes.append("Data of mode 2 are written as data of mode 1.")
        }
        return described
    }
}

extension DiscPlan {
    /// The tracks, as a plan tells them.
    fileprivate var described: [JobPlan.PlannedTrack] {
        sessions.flatMap { session in
            session.tracks.map { track in
                JobPlan.PlannedTrack(
                    number: track.source.number,
                    session: track.source.session,
                    mode: track.kind.name,
                    start: track.start,
                    sectors: track.source.length,
                    writeMode: session.mode.rawValue
                )
            }
        }
    }
}
