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
    /// The format that the disc gets before it is written; `nil` if it needs none, or gets it within
    /// the write, as DVD+RW does.
    public let format: ListedFormat?
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
        let medium = try Self.medium(report, drive)
        let facts = medium.facts
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
        var disc = disc
        var room = report.writableSectors
        var needed = sectors
        if let planned = disc {
            try Self.checkSessions(planned, options)
            room = report.sectorsBeforeLeadOut ?? room
            disc = room.map { planned.fitting(into: $0) } ?? planned
            needed = disc?.sectors
        } else if facts.family == .cd {
            if mode == .trackAtOnce {
                room = report.roomForTrackAtOnce
                // Padding protects what is read ahead; it is no reason to refuse what fits without.
                let left = room.flatMap { room in sectors.map { max(0, room - $0) } }
                padding = min(Self.trackPadding, left ?? Self.trackPadding)
            }
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
        if let room, let needed, needed + job.paddingSectors > room {
            throw Self.refusal(
                "The image needs \(needed + job.paddingSectors) sectors, and the disc has room for \(room).",
                "Use a larger disc."
            )
        }
        self.medium = medium
        self.job = job
        self.disc = disc
        paddingSectors = padding
        capacity = room
        preparation = report.isUnformatted ? "format" : nil
        // DVD+RW is formatted within the write.
        format =
            medium == .dvdPlusRW
            ? nil : report.formatToMake.map { ListedFormat(type: $0.type, sectors: $0.sectors) }
        if report.isUnformatted, medium != .dvdPlusRW, format == nil {
            throw Self.refusal(
                "The \(facts.displayName) is not formatted, and the drive lists no format for it.",
                "Use another drive, or a disc that is formatted."
            )
        }
        overwrites = report.isOverwritable && report.state == .complete
    }

    /// Sectors of zeros that keep read-ahead away from the run-out of a track written at once.
    private static let trackPadding = 150

    /// The kind of disc, if it is one that this drive can write.
    private static func medium(_ report: DiscReport, _ drive: String) throws(Failure) -> MediumKind
    {
        guard !report.isOfReader else {
            throw refusal(
                "The drive \(drive) only reads discs.",
                "Use a drive that writes them: “spindle drives” lists what each drive writes."
            )
        }
        guard report.state != .none else {
            throw refusal(
                report.isTrayOpen
                    ? "The tray of the drive \(drive) is open."
                    : "The drive \(drive) finds no disc.",
                "Put in a blank disc of a kind that the drive writes\(kinds(report)), close the tray, and try again."
            )
        }
        guard let medium = report.medium, report.problem == nil else {
            throw refusal(
                "The drive \(drive) can't use the disc: \(report.problem ?? report.profile.description).",
                "The disc may be good: try it in another drive, or use a kind that this drive writes\(kinds(report))."
            )
        }
        guard medium.facts.recording != .readOnly else {
            throw refusal(
                "The drive calls the disc a \(medium.facts.displayName), which can't be written.",
                "Put in a blank disc of a kind that the drive writes\(kinds(report)), and try again."
            )
        }
        guard !report.isOfForeignKind else {
            throw refusal(
                "The drive \(drive) does not write \(medium.facts.displayName).",
                "Use another drive, or a kind of disc that this drive writes\(kinds(report))."
            )
        }
        return medium
    }

    /// What a drive writes, in brackets.
    private static func kinds(_ report: DiscReport) -> String {
        let names = report.writableMedia.map(\.facts.displayName)
        return names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
    }

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
        case .unknown:
            throw refusal(
                "The drive does not say how far the \(facts.displayName) is recorded.",
                "Take the disc out and put it in again, or use another drive."
            )
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
                "The \(facts.displayName) holds a recording that was not finished.",
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
