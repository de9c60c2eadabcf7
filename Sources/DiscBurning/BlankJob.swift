import DiscDrives
import DiscModel
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
    /// Blocks until it is done; it can't be stopped on the way. A disc that is blank already is left
    /// alone, unless all of it is to be erased.
    ///
    /// - Parameters:
    ///   - confirm: Asked whether what is on the disc may be lost, where there is something.
    ///   - tell: Told the plan and the progress.
    /// - Returns: How it ended: done.
    /// - Throws: ``Reports/Failure``.
    public func run(
        confirm: (BurnQuestion) throws(Failure) -> Bool,
        tell: @escaping (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        try Drive.free(
            node,
            ifNeeded: { () throws(Failure) in
                _ = try Self.check(try Drive(node).inspectDisc(), node)
                return true
            },
            confirm,
            tell
        )
        let drive = try Drive(node)
        let report = try drive.inspectDisc()
        let medium = try Self.check(report, node)
        let glance = DiscGlance(drive, report)
        var plan = JobPlan(verb: Self.verb, source: node.string, target: node.string)
        plan.drive = drive.name
        plan.medium = medium.rawValue
        plan.preparation = isFull ? "blank-full" : "blank-fast"
        tell(.plan(plan))
        // A DVD-RW in restricted overwrite that holds nothing is still formatted.
        if report.state == .blank, !report.isOverwritable, !isFull {
            return Self.result(
                .blank,
                "The \(medium.displayName) is blank already: nothing was done."
            )
        }
        if report.state != .blank {
            let question = BurnQuestion.blanking(medium.displayName, HeldData(drive, report))
            guard try confirm(question) else { throw question.refusal }
            try glance.check(drive, try drive.inspectDisc())
        }
        let task = DiscTask(node: node, libburn: libburn, phase: .blank, medium: medium)
        _ = try task.run(
            .erase(fast: !isFull),
            "Blanking",
            on: report,
            remedy: isFull
                ? "Try another drive, or use another disc." : "Blank it fully (--kind full).",
            tell
        ) { $0.lackOfBlankness }
        return Self.result(.blank, "The \(medium.displayName) is blank.")
    }

    private static func result(_ state: DiscState, _ sentence: String) -> JobResult {
        var result = JobResult(.done, verb: verb)
        result.discState = state.rawValue
        result.discUsable = true
        result.sentences = [sentence]
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

extension DiscReport {
    /// What is wrong with a disc that should be blank, for the end of a sentence; `nil` if it is.
    var lackOfBlankness: String? {
        guard state != .blank || isOverwritable else { return nil }
        return isOverwritable
            ? "still takes the disc for one that is overwritten in place"
            : "calls the disc \(state.rawValue)"
    }
}
