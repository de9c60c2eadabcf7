public import DiscDrives
public import DiscModel
public import LibBurn
import MMC
public import Reports

/// What a burn will do to a disc, decided before anything is done.
public struct BurnPlan: Sendable {
    /// The kind of disc.
    public let medium: MediumKind
    /// The sessions and tracks to write.
    public let disc: DiscPlan
    /// Whether the laser stays low.
    public let isSimulation: Bool
    /// The write speed in kB/s of 1000 bytes; absent for the fastest.
    public let speed: Int?
    /// What the drive and the way to it take.
    public let conditions: WriteConditions
    /// The sectors of zeros that will lie behind a track of data, as far as that is known.
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
    ///   - disc: How several tracks are to be written; `nil` for one track of data.
    ///   - byteCount: The size of the data, if it is one track; absent where that is not known.
    ///   - options: What the caller wants.
    ///   - report: What the drive says about the disc.
    ///   - drive: The drive's node, for the messages.
    ///   - largestTransfer: The most bytes that one command may move, where it is known.
    /// - Throws: ``Reports/Failure`` where the disc can't take the payload, or not in the way that
    ///   is wanted.
    public init(
        _ disc: DiscPlan? = nil,
        byteCount: Int?,
        options: BurnOptions,
        report: DiscReport,
        drive: String,
        largestTransfer: Int? = nil
    ) throws(Failure) {
        let medium = try Self.medium(report, drive)
        let facts = medium.facts
        try Self.checkState(report, facts)
        if options.simulates {
            // A later session is written where the earlier ones end.
            let isSeveral = (disc?.sessions.count ?? 1) > 1
            guard facts.canSimulate, !report.isOverwritable, !isSeveral else {
                throw Self.refusal(
                    isSeveral
                        ? "A disc of several sessions can't be rehearsed."
                        : "Drives can't simulate on \(facts.displayName).",
                    "Leave --simulate out, or rehearse on a virtual disc: spindle virtual create."
                )
            }
        }
        var room = report.writableSectors
        if let disc {
            room = report.sectorsBeforeLeadOut ?? room
            self.disc = room.map { disc.fitting(into: $0) } ?? disc
            paddingSectors = 0
        } else {
            let sectors = byteCount.map { ($0 + 2047) / 2048 }
            let mode = try Self.mode(sectors, options, report, facts)
            if facts.family == .cd, mode == .trackAtOnce { room = report.roomForTrackAtOnce }
            paddingSectors = Self.padding(behind: sectors, mode, room, report, facts)
            // On DVD and BD libburn and the drive fill the last block up; in one go the drive has to
            // be told of it beforehand.
            let isSent = facts.family == .cd || mode == .sessionAtOnce
            self.disc = DiscPlan(
                dataOf: byteCount,
                mode: mode,
                padding: isSent ? paddingSectors : 0
            )
        }
        if let room, let needed = self.disc.sectors, needed > room {
            throw Self.refusal(
                "The image needs \(needed) sectors, and the disc has room for \(room).",
                "Use a larger disc.",
                .tooLarge
            )
        }
        self.medium = medium
        isSimulation = options.simulates
        speed = options.speed?.kilobytesPerSecond(on: medium)
        conditions = WriteConditions(
            largestTransfer: largestTransfer,
            protectsFromUnderrun: report.protectsFromUnderrun
        )
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

    private static func padding(
        behind sectors: Int?,
        _ mode: SessionJob.Mode,
        _ room: Int?,
        _ report: DiscReport,
        _ facts: MediumFacts
    ) -> Int {
        if facts.family == .cd {
            guard mode == .trackAtOnce else { return 0 }
            // Padding protects what is read ahead; it is no reason to refuse what fits without.
            let left = room.flatMap { room in sectors.map { max(0, room - $0) } }
            return min(DiscPlan.trackPadding, left ?? DiscPlan.trackPadding)
        }
        // On an overwritable disc, what lies behind the payload in its last block stays there.
        guard let sectors, !report.isOverwritable else { return 0 }
        let block = facts.sectorsPerBlock
        return (block - sectors % block) % block
    }

    /// The kind of disc, if it is one that this drive can write.
    private static func medium(_ report: DiscReport, _ drive: String) throws(Failure) -> MediumKind
    {
        let medium = try report.knownMedium(
            in: drive,
            wanted: "a blank disc of a kind that the drive writes\(report.kinds)",
            meaning: "Nothing was written."
        )
        guard medium.facts.recording != .readOnly else {
            throw refusal(
                "The drive calls the disc a \(medium.facts.displayName), which can't be written.",
                "Put in a blank disc of a kind that the drive writes\(report.kinds), and try again."
            )
        }
        guard !report.isOfForeignKind else {
            throw refusal(
                "The drive \(drive) does not write \(medium.facts.displayName).",
                "Use another drive, or a kind of disc that this drive writes\(report.kinds).",
                .driveUnable
            )
        }
        return medium
    }

    private static func checkState(_ report: DiscReport, _ facts: MediumFacts) throws(Failure) {
        guard !report.isOverwritable else { return }
        let what: String
        switch report.information == nil ? .unknown : report.state {
        case .blank, .none:
            return
        case .unknown:
            throw refusal(
                "The drive does not say how far the \(facts.displayName) is recorded.",
                "Take the disc out and put it in again, or use another drive."
            )
        case .appendable:
            what = "already holds data: an image belongs at the beginning of a disc"
        case .complete:
            what = "is closed: it holds data, and nothing can be added"
        case .damaged:
            what = "holds a recording that was not finished"
        }
        throw refusal(
            "The \(facts.displayName) \(what).",
            facts.recording == .blankable
                ? "Blank it first with “spindle blank”, or use another disc."
                : "Use a blank disc."
        )
    }

    private static func mode(
        _ sectors: Int?,
        _ options: BurnOptions,
        _ report: DiscReport,
        _ facts: MediumFacts
    ) throws(Failure) -> SessionJob.Mode {
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

    private static func refusal(
        _ what: String,
        _ advice: String,
        _ reason: Failure.Reason = .unsuitableDisc
    ) -> Failure {
        Failure(.unsuitable, reason, what, meaning: "Nothing was written.", advice: advice)
    }
}
