public import DiscDrives
public import DiscModel
public import LibBurn
import MMC
public import Reports

/// What a burn will do to a disc, decided before anything is done.
public struct BurnPlan: Sendable {
    /// The kind of disc.
    public let medium: MediumKind
    /// The track to write, where it is one of data.
    public let job: WriteJob
    /// The sessions and tracks to write, where it is more than one track of data.
    public let disc: DiscPlan?
    /// The sectors of padding that will lie behind the payload, where that is known.
    public let paddingSectors: Int
    /// The sectors that the disc can take.
    public let capacity: Int?
    /// What is done to the disc before it is written.
    public let preparation: String?
    /// Whether the disc has to be formatted apart from the write; DVD+RW is formatted within it.
    public let formatsFirst: Bool
    /// Whether data on the disc will be lost.
    public let overwrites: Bool

    /// Makes a plan, or says why there can be none.
    ///
    /// - Parameters:
    ///   - sectors: The payload's sectors; absent where that is not known.
    ///   - disc: How a disc of several tracks is to be written, where it is one.
    ///   - options: What the caller wants.
    ///   - report: What the drive says about the disc.
    ///   - drive: The drive's node, for the messages.
    ///   - largestTransfer: The most bytes that one command may move, where it is known.
    /// - Throws: ``Reports/Failure`` where the disc can't take the payload, or not in the way that
    ///   is wanted.
    public init(
        sectors: Int?,
        disc: DiscPlan? = nil,
        options: BurnOptions,
        report: DiscReport,
        drive: String,
        largestTransfer: Int? = nil
    ) throws(Failure) {
        guard let medium = report.medium, report.state != .none else {
            throw Self.refusal(
                report.state == .none
                    ? "There is no disc in the drive \(drive)."
                    : "The drive can't use this disc (\(report.problem ?? report.profile.description)).",
                "Put a blank disc in, and try again."
            )
        }
        if let problem = report.problem {
            throw Self.refusal(
                "The drive can't use the disc: \(problem).",
                "Try another disc of this kind."
            )
        }
        let facts = medium.facts
        guard facts.recording != .readOnly else {
            throw Self.refusal(
                "The disc is a \(facts.displayName), which can't be written.",
                "Put a blank disc in, and try again."
            )
        }
        try Self.checkState(report, facts)
        guard !options.simulates || facts.canSimulate, !(options.simulates && report.isOverwritable)
        else {
            throw Self.refusal(
                "Drives can't simulate on \(facts.displayName).",
                "Leave --simulate out, or rehearse on a virtual disc: spindle virtual create."
            )
        }
        let mode = try Self.mode(sectors, options, report, facts)
        var padding = 0
        if let disc {
            try Self.checkSessions(disc, options)
        } else if facts.family == .cd {
            padding = mode == .trackAtOnce ? Self.trackPadding : 0
        } else if let sectors, !report.isOverwritable {
            // On an overwritable disc, what lies behind the payload in its last block stays there.
            let block = facts.sectorsPerBlock
            padding = (block - sectors % block) % block
        }
        // On DVD and BD libburn and the drive fill the last block up; in one go the drive has to be
        // told of it beforehand.
        let isTold = facts.family == .cd || mode == .sessionAtOnce
        var job = WriteJob(
            mode: mode,
            payloadSectors: sectors,
            paddingSectors: isTold ? padding : 0,
            isSimulation: options.simulates,
            speed: options.speed?.kilobytesPerSecond(on: medium)
        )
        job.conditions = WriteConditions(
            largestTransfer: largestTransfer,
            protectsFromUnderrun: report.protectsFromUnderrun
        )
        if let room = report.writableSectors, let sectors, sectors + job.paddingSectors > room {
            throw Self.refusal(
                "The image needs \(sectors + job.paddingSectors) sectors, and the disc has room for \(room).",
                "Use a larger disc."
            )
        }
        self.medium = medium
        self.job = job
        self.disc = disc
        paddingSectors = padding
        capacity = report.writableSectors
        preparation = report.isUnformatted ? "format" : nil
        formatsFirst = report.isUnformatted && medium != .dvdPlusRW
        overwrites = report.isOverwritable && report.state == .complete
    }

    /// Sectors of zeros that keep read-ahead away from the run-out of a track written at once.
    private static let trackPadding = 150

    private static func checkState(_ report: DiscReport, _ facts: MediumFacts) throws(Failure) {
        guard !report.isOverwritable else { return }
        guard report.information != nil else {
            throw refusal(
                "The drive does not say how far the \(facts.displayName) is recorded.",
                "Take the disc out and put it in again, or use another drive."
            )
        }
        switch report.state {
        case .blank, .none: return
        case .appendable:
            throw refusal(
                "The \(facts.displayName) already holds data: an image belongs at the beginning of a disc.",
                facts.recording == .blankable
                    ? "Blank it first with “spindle blank”, or use another disc."
                    : "Use a blank disc."
            )
        case .complete:
            throw refusal(
                "The \(facts.displayName) is closed: it holds data, and nothing can be added.",
                facts.recording == .blankable
                    ? "Blank it first with “spindle blank”, or use another disc."
                    : "Use a blank disc."
            )
        case .damaged:
            throw refusal(
                "The \(facts.displayName) is damaged: an earlier recording was not finished.",
                facts.recording == .blankable
                    ? "Blank it first with “spindle blank”, or use another disc."
                    : "Use a blank disc."
            )
        }
    }

    private static func checkSessions(_ disc: DiscPlan, _ options: BurnOptions) throws(Failure) {
        // A later session is written where the earlier ones end.
        guard !options.simulates || disc.sessions.count < 2 else {
            throw refusal(
                "A disc of several sessions can't be rehearsed.",
                "Leave --simulate out, or rehearse on a virtual disc: spindle virtual create."
            )
        }
    }

    private static func mode(
        _ sectors: Int?,
        _ options: BurnOptions,
        _ report: DiscReport,
        _ facts: MediumFacts
    ) throws(Failure) -> WriteJob.Mode {
        let takesSession =
            facts.family == .cd || report.profile.rawValue == 0x11
            || report.profile.rawValue == 0x14 || report.profile.rawValue == 0x15
        // A DVD-RW that was blanked quickly can only be written in one go: the drive does not offer
        // incremental writing on it (MMC-6 §5.3.11, feature 0021h).
        let takesTrack = facts.family == .cd || !takesSession || report.offersIncremental
        let wished = options.mode ?? (facts.family == .cd && sectors != nil ? .sessionAtOnce : nil)
        let mode = wished ?? (takesTrack ? .trackAtOnce : .sessionAtOnce)
        switch mode {
        case .sessionAtOnce where !takesSession:
            throw refusal(
                "A \(facts.displayName) is not written session at once.",
                "Leave the mode out."
            )
        case .sessionAtOnce where sectors == nil:
            throw refusal(
                "To write a session at once, the size must be known beforehand.",
                "Burn from a file, not from a pipe."
            )
        case .trackAtOnce where !takesTrack:
            throw refusal(
                "This \(facts.displayName) can only be written in one go, as after a quick blank.",
                "Leave the mode out, or blank the disc fully."
            )
        default:
            return mode
        }
    }

    private static func refusal(_ what: String, _ advice: String) -> Failure {
        Failure(.unsuitable, what, meaning: "Nothing was written.", advice: advice)
    }
}
