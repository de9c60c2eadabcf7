public import DiscDrives
public import DiscModel
public import LibBurn
import MMC
public import Reports

/// What a burn will do to a disc, decided before anything is done.
public struct BurnPlan: Sendable {
    /// What is to be burned, as far as a plan depends on it.
    public struct Payload: Sendable {
        /// How several tracks are to be written; `nil` for one track of data.
        public var disc: DiscPlan?
        /// The size of the data, if it is one track; `nil` if it is not known.
        public var byteCount: Int?
        /// The sector of a disc that its file system was made to begin at; `nil` if it has none.
        public var madeFor: Int?
        /// Whether it comes through a pipe, as slowly as whoever fills that likes.
        public var comesThroughPipe: Bool

        /// Creates a payload.
        public init(
            _ disc: DiscPlan? = nil,
            byteCount: Int?,
            madeFor: Int? = nil,
            comesThroughPipe: Bool = false
        ) {
            self.disc = disc
            self.byteCount = byteCount
            self.madeFor = madeFor
            self.comesThroughPipe = comesThroughPipe
        }
    }

    /// The kind of disc.
    public let medium: MediumKind
    /// The sessions and tracks to write.
    public let disc: DiscPlan
    /// How the first session is laid down, and why.
    public let mode: ModeChoice
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
    /// How far the disc is recorded before.
    public let stateBefore: DiscState
    /// Whether data on the disc will be lost.
    public let overwrites: Bool
    /// Whether a disc that can be written anywhere gets a further volume, which it then shows.
    public let grows: Bool
    /// Whether the disc is to take further sessions.
    public let keepsOpen: Bool
    /// Whether the disc's blocks can be written in any order.
    public let isOverwriting: Bool
    /// Whether the drive writes without replacing bad blocks.
    public let streams: Bool
    /// How the disc is blanked before; `nil` if it is not.
    let blanking: Blanking?
    /// What a person has to agree to.
    public private(set) var questions: [BurnQuestion]
    /// The sectors of the image that are on the disc already, where a burn is gone on with; all others
    /// are written.
    public private(set) var resumedSectors = 0

    /// Where on the disc it begins.
    public var point: WritePoint { disc.point }
    /// The sector that libburn is told to begin at; `nil` where the drive knows.
    var startSector: Int? {
        let sector = point.address + resumedSectors
        return isOverwriting && sector > 0 ? sector : nil
    }
    /// The bytes that are to be written; `nil` where that is not known.
    var bytesToWrite: Int? { disc.byteCount.map { max(0, $0 - resumedSectors * 2048) } }
    /// Whether the disc holds all of the image already.
    var isWritten: Bool { bytesToWrite == 0 && resumedSectors > 0 }

    /// The same for a disc that holds the image's first sectors already.
    ///
    /// What the disc holds behind them may be what it held before the burn that was broken off, or
    /// another disc's that begins alike: a person has to agree to its being overwritten.
    func goingOn(behind sectors: Int) -> BurnPlan {
        var plan = self
        plan.resumedSectors = sectors
        guard plan.questions.contains(where: \.isOverwriting) else { return plan }
        plan.questions.removeAll(where: \.isOverwriting)
        if !plan.isWritten {
            plan.questions.append(.goingOn(medium.displayName, behind: sectors))
        }
        return plan
    }

    /// Makes a plan for a disc as it is, or says why there can be none.
    ///
    /// - Parameters:
    ///   - payload: What is to be burned.
    ///   - options: What the caller wants.
    ///   - report: What the drive says about the disc.
    ///   - held: What is known of the data on the disc.
    ///   - drive: The drive's node, for the messages.
    ///   - largestTransfer: The most bytes that one command may move, where it is known.
    /// - Throws: ``Reports/Failure`` where the disc can't take the payload, or not in the way that
    ///   is wanted.
    public init(
        _ payload: Payload,
        options: BurnOptions,
        report: DiscReport,
        held: HeldData? = nil,
        drive: String,
        largestTransfer: Int? = nil
    ) throws(Failure) {
        try self.init(
            payload,
            options: options,
            report: report,
            held: held,
            blanking: nil,
            drive: drive,
            largestTransfer: largestTransfer
        )
    }

    /// Makes a plan for a disc as it is, or as it will be when it was blanked.
    init(
        _ payload: Payload,
        options: BurnOptions,
        report: DiscReport,
        held: HeldData?,
        blanking: Blanking?,
        drive: String,
        largestTransfer: Int? = nil
    ) throws(Failure) {
        let medium = try Self.medium(report, drive)
        let facts = medium.facts
        try Self.checkState(report, facts, appends: options.appends)
        try Self.checkRehearsal(payload, options, report, facts)
        try Self.checkOpenTrack(report, medium, resumes: options.resumes)
        let point = try Self.point(payload, options, report, facts)
        let mode = try ModeChoice(
            ModeChoice.Situation(
                wish: options.mode,
                report: report,
                facts: facts,
                knowsSize: payload.disc != nil || payload.byteCount != nil,
                appends: report.state == .appendable,
                keepsOpen: options.keepsOpen
            )
        )
        var room = report.writableSectors
        if let disc = payload.disc {
            try Self.check(options.mode, disc)
            room = report.sectorsBeforeLeadOut ?? room
            room = Self.room(room, report, from: point)
            self.disc = room.map { disc.fitting(into: $0) } ?? disc
            paddingSectors = 0
            self.mode = disc.mode == mode.mode ? mode : .decided(by: disc)
        } else {
            let sectors = payload.byteCount.map { ($0 + 2047) / 2048 }
            if facts.family == .cd, mode.mode == .trackAtOnce { room = report.roomForTrackAtOnce }
            room = Self.room(room, report, from: point)
            paddingSectors = Self.padding(behind: sectors, mode.mode, room, report, facts)
            // On DVD and BD libburn and the drive fill the last block up; in one go the drive has to
            // be told of it beforehand.
            let isSent = facts.family == .cd || mode.mode == .sessionAtOnce
            self.disc = DiscPlan(
                dataOf: payload.byteCount,
                mode: mode.mode,
                padding: isSent ? paddingSectors : 0,
                at: point,
                keepsOpen: options.keepsOpen && !report.isOverwritable
            )
            self.mode = mode
        }
        if let room, let needed = self.disc.sectors, needed > room {
            let place = point.address > 0 ? " from sector \(point.address) on" : ""
            throw .unfit(
                "The image needs \(needed) sectors, and the disc has room for \(room)\(place).",
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
        self.blanking = blanking
        preparation = blanking?.name ?? (report.isUnformatted ? "format" : nil)
        // DVD+RW is formatted within the write.
        format =
            medium == .dvdPlusRW
            ? nil : report.formatToMake.map { ListedFormat(type: $0.type, sectors: $0.sectors) }
        if report.isUnformatted, medium != .dvdPlusRW, format == nil {
            throw .unfit(
                "The \(facts.displayName) is not formatted, and the drive lists no format for it.",
                "Use another drive, or a disc that is formatted."
            )
        }
        stateBefore = report.state
        keepsOpen = options.keepsOpen
        isOverwriting = report.isOverwritable
        streams = try Self.streams(options, report, facts)
        grows = report.isOverwritable && point.address > 0 && payload.madeFor == point.address
        overwrites =
            report.isOverwritable && report.state == .complete
            && !(held?.end.map { $0 <= point.address } ?? false)
        var questions: [BurnQuestion] = []
        if overwrites { questions.append(.overwriting(facts.displayName, held)) }
        if blanking != nil {
            let held = held ?? HeldData(name: nil, end: nil)
            questions.append(.blanking(facts.displayName, held))
        }
        if let madeFor = payload.madeFor, madeFor != point.address {
            questions.append(
                .misplacing(
                    facts.displayName,
                    at: point.address,
                    madeFor: madeFor,
                    isBlankable: facts.recording == .blankable
                )
            )
        }
        // Other discs are written in blocks, between which the drive may pause.
        let isOneGo = facts.family == .cd || medium.isDashed && !report.isOverwritable
        if payload.comesThroughPipe, isOneGo, !conditions.protectsFromUnderrun,
            !options.simulates
        {
            questions.append(.hurrying(facts.displayName, in: drive))
        }
        self.questions = questions
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
            throw .unfit(
                "The drive calls the disc a \(medium.facts.displayName), which can't be written.",
                "Put in a blank disc of a kind that the drive writes\(report.kinds), and try again."
            )
        }
        guard !report.isOfForeignKind else {
            throw .unfit(
                "The drive \(drive) does not write \(medium.facts.displayName).",
                "Use another drive, or a kind of disc that this drive writes\(report.kinds).",
                .driveUnable
            )
        }
        return medium
    }

    private static func checkState(
        _ report: DiscReport,
        _ facts: MediumFacts,
        appends: Bool
    ) throws(Failure) {
        guard !report.isOverwritable else { return }
        let what: String
        switch report.information == nil ? .unknown : report.state {
        case .blank, .none:
            return
        case .appendable:
            guard !appends else { return }
            what = "already holds data: what is copied belongs at the beginning of a disc"
        case .unknown:
            throw .unfit(
                "The drive does not say how far the \(facts.displayName) is recorded.",
                "Take the disc out and put it in again, or use another drive."
            )
        case .complete:
            what = "is closed: it contains data, and nothing can be added"
        case .damaged:
            what = "holds a recording that was not finished"
        }
        throw .unfit(
            "The \(facts.displayName) \(what).",
            facts.recording == .blankable
                ? "Blank it first with “spindle blank”, or use another disc."
                : "Use a blank disc."
        )
    }

    /// Fails where a track was begun and not finished: what is written next goes behind what it holds, into
    /// the same track, and not into one of its own.
    private static func checkOpenTrack(
        _ report: DiscReport,
        _ medium: MediumKind,
        resumes: Bool
    ) throws(Failure) {
        guard !resumes, let track = report.openTrack, let next = track.nextWritable else { return }
        let other =
            medium.facts.recording == .blankable
            ? "blank it with “spindle blank”" : "use a blank disc"
        let goesOn = Resumption.sequential.contains(medium)
        throw .unfit(
            "A recording on the \(medium.displayName) was broken off: track \(track.number) is open at sector \(next).",
            goesOn
                ? "Go on with the same image with “--resume”, or \(other)."
                : "End that track with “spindle close --keep-open”, or \(other)."
        )
    }

    /// Where it begins: behind what a disc holds that is written in order, and on others where it was
    /// asked for, or where the image was made for.
    private static func point(
        _ payload: Payload,
        _ options: BurnOptions,
        _ report: DiscReport,
        _ facts: MediumFacts
    ) throws(Failure) -> WritePoint {
        if report.isOverwritable {
            return try pointAnywhere(payload, options, report, facts)
        }
        var point = WritePoint.beginning
        if report.state == .appendable {
            guard let next = report.nextSession else {
                throw .unfit(
                    "The \(facts.displayName) holds data and calls itself open, and the drive does not say where it can be written further.",
                    facts.recording == .blankable
                        ? "Blank it first with “spindle blank”, or use another disc."
                        : "Use a blank disc, or another drive."
                )
            }
            point = next
            if options.resumes, let track = report.openTrack {
                point.address = track.start.rawValue
            }
        }
        guard options.address ?? point.address == point.address else {
            throw .unfit(
                "A \(facts.displayName) is written in order, and this one goes on at sector \(point.address).",
                "Leave --at out."
            )
        }
        return point
    }

    private static func pointAnywhere(
        _ payload: Payload,
        _ options: BurnOptions,
        _ report: DiscReport,
        _ facts: MediumFacts
    ) throws(Failure) -> WritePoint {
        var point = WritePoint.beginning
        if let address = options.address {
            guard address % facts.sectorsPerBlock == 0 else {
                throw .unfit(
                    "A \(facts.displayName) is written in blocks of \(facts.sectorsPerBlock) sectors, and sector \(address) does not begin one.",
                    "Choose a multiple of \(facts.sectorsPerBlock)."
                )
            }
            point.address = address
        } else if let madeFor = payload.madeFor, report.state == .complete,
            madeFor % facts.sectorsPerBlock == 0,
            madeFor < report.writableSectors ?? .max
        {
            point.address = madeFor
        }
        return point
    }

    /// The sectors from a point on, of those from where the drive would begin.
    private static func room(_ room: Int?, _ report: DiscReport, from point: WritePoint) -> Int? {
        let first = report.nextWritable?.rawValue ?? 0
        return room.map { max(0, $0 - (max(0, point.address) - max(0, first))) }
    }

    private static func checkRehearsal(
        _ payload: Payload,
        _ options: BurnOptions,
        _ report: DiscReport,
        _ facts: MediumFacts
    ) throws(Failure) {
        guard options.simulates else { return }
        // A later session is written where the earlier ones end.
        let isSeveral = (payload.disc?.sessions.count ?? 1) > 1
        guard facts.canSimulate, !report.isOverwritable, !isSeveral else {
            throw .unfit(
                isSeveral
                    ? "A disc of several sessions can't be rehearsed."
                    : "Drives can't simulate on \(facts.displayName).",
                "Leave --simulate out, or rehearse on a virtual disc: spindle virtual create."
            )
        }
    }

    /// Fails if several tracks can't be written in the mode that was asked for.
    private static func check(_ wish: WriteMode?, _ disc: DiscPlan) throws(Failure) {
        guard wish == .sessionAtOnce || wish == .discAtOnce,
            let session = disc.sessions.first(where: { $0.mode != .sessionAtOnce })
        else { return }
        let number = session.tracks.first?.source.session ?? 1
        throw .unfit(
            "libburn writes session \(number) of this image only track at once: it is not the disc's first one, or has audio and data.",
            "Leave the mode out."
        )
    }

    /// Whether the drive is told not to replace bad blocks (MMC-6 §4.4, streaming writes).
    private static func streams(
        _ options: BurnOptions,
        _ report: DiscReport,
        _ facts: MediumFacts
    ) throws(Failure) -> Bool {
        guard let wish = options.managesDefects else { return false }
        let isManaged = report.managesDefects
        if wish, !isManaged {
            throw .unfit(
                report.medium == .bdR || report.medium == .bdRDualLayer
                    ? "This \(facts.displayName) has no spare area: it is not formatted for defect management."
                    : "A \(facts.displayName) like this one has no defect management.",
                report.medium == .bdR || report.medium == .bdRDualLayer
                    ? "Format it first with “spindle format”, or leave --defect-management out."
                    : "Leave --defect-management out."
            )
        }
        return !wish && isManaged
    }
}

extension ModeChoice {
    /// What follows from a plan of several tracks.
    fileprivate static func decided(by disc: DiscPlan) -> ModeChoice {
        disc.mode == .sessionAtOnce
            ? ModeChoice(.sessionAtOnce, "sao", "its tracks are of one kind")
            : ModeChoice(
                .trackAtOnce,
                "tao",
                disc.point.tracksBefore > 0
                    ? "libburn writes later sessions track by track"
                    : "libburn writes audio and data together only track by track"
            )
    }
}
