public import DiscBurning
import DiscDrives
import DiscImages
import DiscModel
import DiscRipping
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// How a disc is to be copied.
public struct CopyOptions: Sendable {
    /// The image that is made on the way, and kept; one that is taken away afterwards if `nil`.
    public var image: FilePath?
    /// Whether one drive reads while the other one writes, and there is no image.
    public var isDirect = false
    /// Where an image that is not kept lies meanwhile.
    public var folder: FilePath
    /// Whether the image may replace a file.
    public var replaces = false
    /// How often bad sectors are tried again.
    public var retries = 1
    /// Seconds that a disc to write to is waited for, in the one drive that there is.
    public var patience = 0.0
    /// How the image is burned.
    public var burning: BurnOptions

    /// Creates options.
    public init(folder: FilePath, burning: BurnOptions) {
        self.folder = folder
        self.burning = burning
    }
}

/// Copies a disc: rips it into an image, and burns that; or burns what another drive reads meanwhile.
///
/// With an image nothing is written unless all of the disc could be read: a copy that is known to be bad
/// costs a disc. Without one, a sector that can't be read ends the burn.
public struct CopyJob {
    static let verb = "copy"

    private let source: FilePath
    private let target: FilePath
    private let options: CopyOptions

    /// Creates a job.
    ///
    /// - Parameters:
    ///   - source: The node of the drive that reads.
    ///   - target: The node of the drive that writes; it may be the same.
    ///   - options: How.
    public init(from source: FilePath, to target: FilePath, options: CopyOptions) {
        self.source = source
        self.target = target
        self.options = options
    }

    private var isOneDrive: Bool {
        source == target
            || FileSystem.identity(source).map { $0 == FileSystem.identity(target) } ?? false
    }

    /// Copies.
    ///
    /// Blocks until it is done; to be run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded where the disc stays usable.
    ///   - change: Asked to have the discs changed, where there is one drive, with its tray open; false
    ///     if nobody can.
    ///   - confirm: Asked whether data on the disc may be overwritten, where there are any.
    ///   - tell: Told the plans of reading and writing, the progress and what is worth knowing.
    /// - Returns: How it ended: as the burn did, or where sectors could not be read, as the rip did.
    /// - Throws: ``Reports/Failure``; its second sentence says what the disc is now.
    public func run(
        cancellation: Cancellation,
        change: () throws(Failure) -> Bool,
        confirm: (BurnQuestion) throws(Failure) -> Bool,
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let drive = try Drive.unclaimed(source)
        let report = try drive.inspectDisc()
        if isOneDrive {
            try check(report, fits: report.medium)
        } else {
            try check(report, fits: try checkTarget(confirm, tell))
        }
        if options.isDirect {
            return try burn(try read(report, from: drive), cancellation, confirm, tell)
        }
        let image = try image(of: report)
        let rip = try rip(to: image, from: drive, cancellation, tell)
        defer { if options.image == nil { Self.remove(rip) } }
        guard rip.status == .done else { return ended(rip, image, drive) }
        if isOneDrive { try exchange(cancellation, change, image) }
        var toBurn = try ImageToBurn(image, allowsTruncated: true, cancellation: cancellation)
        toBurn.isLasting = options.image != nil
        return try burn(toBurn, cancellation, confirm, tell)
    }

    // MARK: Reading

    /// The disc in the drive, as it is read while it is burned.
    private func read(_ report: DiscReport, from drive: Drive) throws(Failure) -> ImageToBurn {
        guard !isOneDrive else {
            throw Failure(
                .usage,
                "One drive can't read and write at the same time.",
                meaning: "Nothing was read or written.",
                advice: "Name a second drive with --to, or leave --direct out."
            )
        }
        let source = try DiscToCopy(drive, report, rereads: options.retries)
        let risk =
            "The disc is read while the copy is written: if a sector of it can't be read, the copy ends there."
        var image = ImageToBurn(
            source.disc,
            name: drive.path.string,
            notes: source.notes + [risk]
        )
        image.isLasting = false
        return image
    }

    /// The image on the way: of plain data a plain one, of anything else one that holds everything.
    private func image(of report: DiscReport) throws(Failure) -> FilePath {
        if let image = options.image { return image }
        let isPlain = DiscToCopy.isPlain(report)
        let stem = "spindle-copy-\(Processes.ownNumber)"
        return options.folder.appending(isPlain ? "\(stem).iso" : "\(stem).nrg")
    }

    private func rip(
        to image: FilePath,
        from drive: Drive,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        var ripping = RipOptions(
            output: image,
            replaces: options.replaces,
            retries: options.retries
        )
        ripping.isForBurning = true
        ripping.isTemporary = options.image == nil
        try RipJob.checkOutput(ripping)
        return try RipJob(drive: drive, options: ripping).run(cancellation: cancellation) {
            tell(Self.renamed($0))
        }
    }

    /// What the rip found, where nothing is burned after it.
    private func ended(_ rip: JobResult, _ image: FilePath, _ drive: Drive) -> JobResult {
        var result = rip
        result.verb = Self.verb
        guard options.image == nil, rip.status == .incomplete else {
            result.sentences.append("Nothing was written to a disc.")
            return result
        }
        result.output = nil
        result.files = nil
        result.map = nil
        // Its sentences speak of an image that is gone.
        result.sentences = [
            rip.unreadableSectors.map {
                "\($0) sector\($0 == 1 ? "" : "s") of the disc can't be read."
            }
                ?? "Not all of the disc could be read.",
            "Nothing was written.",
            "Rip the disc with “spindle rip”, which goes on where others gave up, and burn the image.",
        ]
        result.sense = nil
        result.explain(drive)
        return result
    }

    private static func remove(_ rip: JobResult) {
        let evidence = rip.map.map { "\($0.dropLast(".map".count)).evidence" }
        let files = (rip.files ?? []) + [rip.output, rip.map, evidence].compactMap(\.self)
        for file in Set(files) { try? FileSystem.remove(FilePath(text: file)) }
    }

    // MARK: Writing

    /// Refuses a disc of more than data in one session, if it would come onto another disc than a CD,
    /// before an hour is spent on reading.
    ///
    /// An image that the user named may be one of plain data all the same.
    private func check(_ report: DiscReport, fits medium: MediumKind?) throws(Failure) {
        guard options.image == nil, let medium, medium.facts.family != .cd,
            !DiscToCopy.isPlain(report)
        else { return }
        let sessions = report.layout.sessions.count
        throw Failure(
            .unsuitable,
            .unsuitableDisc,
            "The disc in \(source) has \(sessions > 1 ? "\(sessions) sessions" : "audio"), and a \(medium.facts.displayName) is written as one session of data.",
            meaning: "Nothing was read or written.",
            advice: report.medium?.facts.family == .cd
                ? "Put a blank CD-R or CD-RW in."
                : "Keep all of it in an image with “spindle rip”, such as an .nrg or .mds file."
        )
    }

    /// Refuses a target that can't be written before an hour is spent on reading.
    ///
    /// - Returns: The kind of disc in it.
    private func checkTarget(
        _ confirm: (BurnQuestion) throws(Failure) -> Bool,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> MediumKind? {
        try Drive.free(
            target,
            ifNeeded: { () throws(Failure) in
                _ = try usableTarget()
                return true
            },
            confirm,
            tell
        )
        return try usableTarget()
    }

    /// The kind of disc that is to be written; throws if it can't be.
    private func usableTarget() throws(Failure) -> MediumKind? {
        let report = try Drive(target).inspectDisc()
        if let failure = report.unusable(
            in: target.string,
            meaning: "Nothing was read or written.",
            advice: "Put a blank disc into it, and start again."
        ) {
            throw failure
        }
        guard report.state == .blank || report.isOverwritable else {
            throw Failure(
                .unsuitable,
                report.state == .none
                    ? "There is no disc in \(target)." : "The disc in \(target) is not blank.",
                meaning: "Nothing was read or written.",
                advice: "Put a blank disc into it, and start again."
            )
        }
        return report.medium
    }

    /// Has the disc that was read taken out, and one to write to put in.
    private func exchange(
        _ cancellation: Cancellation,
        _ change: () throws(Failure) -> Bool,
        _ image: FilePath
    ) throws(Failure) {
        if let refusal = Drive.openTray(source) {
            throw Failure(
                .unsuitable,
                refusal,
                meaning: "The disc was read; nothing was written.",
                advice: "Free the drive, and start again."
            )
        }
        let isChanged = try change()
        guard isChanged || options.patience > 0 else {
            throw Failure(
                .unsuitable,
                "There is one drive, and nobody to put a blank disc into it.",
                meaning: "The disc was read; nothing was written.",
                advice: "Run copy on a terminal, or with --wait, or name a second drive with --to."
            )
        }
        let end = Clock.seconds + max(options.patience, 60)
        while !cancellation.isRequested {
            if let report = try? Drive(target).inspectDisc(),
                report.state == .blank || report.isOverwritable && report.state != .none
            {
                return
            }
            guard Clock.seconds < end else {
                throw Failure(
                    .unsuitable,
                    "No disc that can be written came into \(target).",
                    meaning: "The disc was read; nothing was written.",
                    advice: "Start again, and put a blank disc in when asked."
                )
            }
            Clock.sleep(seconds: 0.5)
        }
        throw Failure(
            .interruption,
            "The copy was stopped.",
            meaning: "The disc was read; nothing was written.",
            advice: "Start again from the beginning."
        )
    }

    private func burn(
        _ image: ImageToBurn,
        _ cancellation: Cancellation,
        _ confirm: (BurnQuestion) throws(Failure) -> Bool,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let job = BurnJob(image: image, drive: target, options: options.burning)
        var result = try job.run(cancellation: cancellation, confirm: confirm) {
            tell(Self.renamed($0))
        }
        result.verb = Self.verb
        if let image = options.image { result.output = image.string }
        return result
    }

    /// An event of one of the two jobs as this job's.
    private static func renamed(_ event: JobEvent) -> JobEvent {
        guard case .plan(var plan) = event else { return event }
        plan.verb = verb
        return .plan(plan)
    }
}
