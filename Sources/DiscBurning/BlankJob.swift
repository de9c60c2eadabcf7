import DiscDrives
public import DiscModel
import LibBurn
import MMC
public import Reports
public import SystemPackage
import Transfer

/// Makes a rewritable disc blank, and has the disc say that it is.
public struct BlankJob {
    private let node: FilePath
    private let isFull: Bool
    private let libburn: [String]?

    /// Creates a job.
    ///
    /// - Parameters:
    ///   - node: The drive's device node.
    ///   - full: Whether all of the disc is erased, not only what makes it look used.
    ///   - libburn: As of ``BurnOptions/libburn``.
    public init(drive node: FilePath, full: Bool, libburn: [String]? = nil) {
        self.node = node
        isFull = full
        self.libburn = libburn
    }

    /// Blanks the disc.
    ///
    /// Blocks until it is done; it can't be stopped on the way.
    ///
    /// - Parameters:
    ///   - confirm: Asked whether what is on the disc may be lost, where there is something.
    ///   - tell: Told the plan and the progress.
    /// - Returns: How it ended: done.
    /// - Throws: ``Reports/Failure``.
    public func run(
        confirm: (MediumKind) -> Bool,
        tell: @escaping (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        try Drive.checkAvailable(node, writable: true)
        let drive = try Drive(node)
        let report = try drive.inspectDisc()
        let medium = try Self.check(report, node)
        var plan = JobPlan(verb: Self.verb, source: node.string, target: node.string)
        plan.drive = drive.name
        plan.medium = medium.rawValue
        plan.preparation = isFull ? "blank-full" : "blank-fast"
        tell(.plan(plan))
        if report.state != .blank, !confirm(medium) {
            throw Failure(
                .unsuitable,
                .consent,
                "The \(medium.displayName) holds data, which blanking would destroy.",
                meaning: "Nothing was done; the data are still there.",
                advice: "Agree with --yes."
            )
        }
        var meter = RateMeter(phase: .blank, total: nil)
        do {
            let order = BurnOrder(address: node.string, task: .erase(fast: !isFull))
            let control = WriteControl(observe: { progress in
                guard meter.isDue else { return }
                var counts = meter.progress(bytes: 0)
                counts.adopt(progress)
                tell(.progress(counts))
            })
            _ = try order.run(by: libburn, control: control)
        } catch  where error.code == .lost {
            // The disc says how it went.
            Drive.unlockDoor(node)
        } catch {
            throw Failure(
                error.code == .failed ? .trouble : .unsuitable,
                error.description,
                meaning: "What the disc holds now is not known.",
                advice: "Try again, or blank it fully."
            )
        }
        let state = try Drive(node).inspectDisc().state
        guard state == .blank else {
            throw Failure(
                .trouble,
                "Blanking was reported as done, but the drive calls the disc \(state.rawValue).",
                meaning: "The disc can't be written as it is.",
                advice: "Blank it fully."
            )
        }
        var result = JobResult(.done, verb: Self.verb)
        result.discState = state.rawValue
        result.discUsable = true
        result.sentences = ["The \(medium.displayName) is blank."]
        return result
    }

    private static func check(_ report: DiscReport, _ node: FilePath) throws(Failure) -> MediumKind
    {
        let medium = try report.knownMedium(
            in: node.string,
            wanted: "a CD-RW or a DVD-RW",
            meaning: "Nothing was done."
        )
        guard medium.facts.recording == .blankable else {
            throw Failure(
                .unsuitable,
                "A \(medium.displayName) can't be blanked.",
                meaning: "Nothing was done.",
                advice: medium.facts.recording == .overwritable
                    ? "It needs no blanking: a burn overwrites what is there."
                    : "Use a CD-RW or a DVD-RW."
            )
        }
        guard !report.isOfForeignKind else {
            throw Failure(
                .unsuitable,
                .driveUnable,
                "The drive \(node) does not write \(medium.facts.displayName).",
                meaning: "Nothing was done.",
                advice: "Use another drive."
            )
        }
        return medium
    }

    private static let verb = "blank"
}
