import DiscAuthoring
import DiscBurning
public import DiscImages
public import DiscMounting
import DiscOpening
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Puts the changes that an overlay holds into an image, or onto the disc that they are of.
///
/// Its statuses are those of ``DiscAuthoring/EditJob``, and of ``DiscEditJob`` if the disc is in a drive.
public struct OverlayCommitJob {
    private static let verb = "overlay-commit"

    private let folder: OverlayFolder
    private let options: EditOptions
    private let burning: BurnOptions
    private let secrets: ImageSecrets?

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - folder: The overlay.
    ///   - output: The image that is made; the disc's own image, which it replaces, if `nil`. It has to be that
    ///     if the disc is in a drive: the disc gets the changes then.
    ///   - replaces: Whether a file of that name is replaced.
    ///   - appendsSession: Whether the changes become a session after what there is; a disc in a drive gets
    ///     them so in any case.
    ///   - allowsLoss: Whether what the image can't keep may be left out.
    ///   - secrets: What gives the password of an image, if it needs one.
    ///   - libburn: The program that does libburn's work in a process of its own, for a disc in a drive
    ///     (``DiscBurning/BurnOptions/libburn``).
    public init(
        _ folder: OverlayFolder,
        output: FilePath?,
        replaces: Bool = false,
        appendsSession: Bool = false,
        allowsLoss: Bool = false,
        secrets: ImageSecrets? = nil,
        libburn: [String]? = nil
    ) {
        self.folder = folder
        var options = EditOptions()
        options.verb = Self.verb
        options.output = output
        options.replaces = replaces
        options.appendsSession = appendsSession
        options.allowsLoss = allowsLoss
        self.options = options
        burning = BurnOptions(keepsOpen: true, allowsLoss: allowsLoss, libburn: libburn)
        self.secrets = secrets
    }

    /// What the overlay comes to.
    private struct Plan {
        var source: FilePath
        /// The session whose files are changed.
        var session: Int
        /// The sector that it begins with.
        var start: Int
        var changes: TreeChanges
        var notes: [String]
    }

    /// Makes the image, or burns the session.
    ///
    /// A new image leaves the overlay as it is, and may be made while a mount shows it. If the disc's own
    /// image is replaced, or the disc is written to, the mount is taken away before, and the overlay
    /// afterwards, for its changes are there then. What is refused is known before the mount goes.
    ///
    /// A disc in a drive may have a session with the changes already, of a commit that did not end well. It is
    /// compared again, and nothing is written if it is right. If it is not, a further session takes its place if
    /// that is allowed (`allowsLoss`), for whatever else made it, its files would no longer be shown.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded at any time; nothing is kept then. Of a disc in a drive: heeded at the next place
    ///     where the disc stays usable.
    ///   - confirm: Asked whether the image may be replaced, or the disc be written to.
    ///   - tell: Told the plan and the progress, on the calling thread.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if it can't be made; the disc and the overlay are unharmed then.
    public func run(
        cancellation: Cancellation,
        confirm: (String) throws(Failure) -> Bool,
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let mount = folder.mount()
        let isOnDisc = try isOnDisc()
        let isInPlace = options.output == nil
        if let mount {
            // What programs have in memory that is mapped from files goes into the overlay.
            _ = (try? Directory(FilePath(text: mount.directory)))?.synchronizeAll()
        }
        guard isInPlace else {
            return try carryOut(
                mount == nil ? folder.claim() : nil,
                isOnDisc,
                isAgreed: true,
                cancellation,
                confirm,
                tell
            )
        }
        // A disc that holds the changes already is not written to.
        let isThere =
            try mount != nil || isOnDisc
            ? check(cancellation, isOnDisc: isOnDisc, isMounted: mount != nil) : false
        if !isThere { try askForConsent(confirm, isOnDisc: isOnDisc) }
        // Who stops it meanwhile keeps the mount.
        guard !cancellation.isRequested else {
            throw Failure(
                .interruption,
                "The commit was stopped.",
                meaning: "Nothing was written, and nothing was unmounted.",
                advice: ""
            )
        }
        try mount?.unmount(force: false)
        do throws(Failure) {
            var result = try carryOut(
                folder.claim(),
                isOnDisc,
                isAgreed: !isThere,
                cancellation,
                confirm,
                tell
            )
            guard let mount else { return result }
            result.sentences +=
                result.exitCode == 0
                ? ["It is no longer mounted on \(mount.directory)."]
                : mount.departure(keeping: folder)
            return result
        } catch {
            guard let mount else { throw error }
            throw error.after(unmounting: mount, of: folder)
        }
    }

    /// Does it, with nothing left to ask unless it turns out that a disc has to be written to after all.
    ///
    /// - Parameters:
    ///   - claim: The overlay, claimed; `nil` if a mount shows it meanwhile.
    ///   - isOnDisc: Whether it is of a disc in a drive.
    ///   - isAgreed: Whether a person has agreed that it is written to; asked before it is if not.
    ///   - cancellation: A wish to stop.
    ///   - confirm: Asked what else a person has to agree to.
    ///   - tell: Told the plan and the progress.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if it can't be made.
    private func carryOut(
        _ claim: File?,
        _ isOnDisc: Bool,
        isAgreed: Bool,
        _ cancellation: Cancellation,
        _ confirm: (String) throws(Failure) -> Bool,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        defer { withExtendedLifetime(claim) {} }
        defer { folder.removeGatherings() }
        let plan = try plan()
        var result: JobResult
        if isOnDisc {
            result = try write(plan, isAgreed: isAgreed, cancellation, confirm, tell)
        } else {
            var options = options
            options.sessionStart = plan.start
            let job = EditJob(plan.source, plan.changes, options)
            result = try job.run(cancellation: cancellation, tell: tell)
        }
        guard result.exitCode == 0 else { return result }
        result.sentences += plan.notes
        guard options.output == nil, let claim else {
            result.sentences.append("The changes are kept in \(folder.path.text), too.")
            return result
        }
        do throws(Failure) {
            try folder.takeAway(claim)
        } catch {
            var failure = error
            failure.meaning =
                "The changes are \(isOnDisc ? "on the disc in" : "in") \(plan.source.text), which was read back and is right. \(failure.meaning)"
            throw failure
        }
        return result
    }

    /// Has the disc in a drive get the changes, unless its last session holds them already.
    private func write(
        _ plan: Plan,
        isAgreed: Bool,
        _ cancellation: Cancellation,
        _ confirm: (String) throws(Failure) -> Bool,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let job = DiscEditJob(plan.source, plan.changes, burning, session: plan.session)
        if let later = try job.laterSession(cancellation) {
            guard later.doubt != nil else { return confirmed(later, plan, tell) }
            guard options.allowsLoss else { throw replacing(later, plan) }
        }
        // What held the changes when it was looked at first may not be read again, and up to the unmounting programs
        // could change more.
        if !isAgreed { try askForConsent(confirm, isOnDisc: true) }
        var result = try job.run(
            cancellation: cancellation,
            confirm: { question throws(Failure) in try confirm(question.text) },
            tell: tell
        )
        guard result.exitCode != 0 else { return result }
        // Whatever the check says, the changes are kept, and so is what they are of.
        result.sentences += [
            "“spindle overlay commit” compares the disc with the changes again if it has a session with them, and with --allow-loss writes a further one.",
            Self.otherPlaces,
        ]
        return result
    }

    /// What to do with changes that the disc does not take.
    private static let otherPlaces =
        "Mount it with the changes, and “spindle create” makes an image of the directory, or “spindle burn” another disc."

    /// The result where nothing had to be written.
    private func confirmed(
        _ later: DiscEditJob.LaterSession,
        _ plan: Plan,
        _ tell: (JobEvent) -> Void
    ) -> JobResult {
        let (name, number) = (plan.source.text, later.place.number)
        var described = JobPlan(verb: Self.verb, source: name, target: name)
        described.notes = ["Session \(number) of the disc holds the changes: nothing is written."]
        tell(.plan(described))
        var result = JobResult(.verified, verb: Self.verb, bytes: later.byteCount)
        result.sha256 = later.sha256
        result.session = number
        result.start = later.place.start
        let count = Wording.counted(later.byteCount / 2048, "sector")
        result.sentences = [
            "Session \(number) of the disc in \(name) holds the changes: \(count) of it were read and compared with them, and they are right.",
            "Nothing was written.",
        ]
        return result
    }

    /// The refusal where another session came after the one that the changes are of.
    private func replacing(_ later: DiscEditJob.LaterSession, _ plan: Plan) -> Failure {
        let number = later.place.number
        return Failure(
            .source,
            .loss,
            "The disc in \(plan.source.text) has a session \(number) after the one that the overlay changes, and \(later.doubt ?? "it is another one").",
            meaning:
                "Nothing was written. A further session with the changes would show the files of session \(plan.session) with them, and nothing of what session \(number) has.",
            advice:
                "If session \(number) is of a commit that went wrong, add --allow-loss to write a further one. \(Self.otherPlaces)"
        )
    }

    /// Whether the overlay is of a disc in a drive.
    private func isOnDisc() throws(Failure) -> Bool {
        guard let source = (try folder.record())?.source else { return false }
        let isDrive = try OpenDisc.isDrive(
            FilePath(text: source),
            advice: "Bring it back: the changes in \(folder.path) are of it.",
            meaning: "Nothing was changed."
        )
        guard isDrive, options.output != nil else { return isDrive }
        throw Failure(
            .source,
            .loss,
            "\(source) is a drive, and the changes to its disc can't become an image.",
            meaning: "Nothing was written.",
            advice:
                "Leave out --output to have the disc get them as a further session, or make an image of the mounted directory with “spindle create”."
        )
    }

    /// Looks whether the changes can be made, before anything is unmounted.
    ///
    /// - Returns: Whether the disc in a drive holds them already.
    private func check(_ cancellation: Cancellation, isOnDisc: Bool, isMounted: Bool)
        throws(Failure) -> Bool
    {
        let claim = isMounted ? nil : try folder.claim()
        defer { withExtendedLifetime(claim) {} }
        defer { folder.removeGatherings() }
        let plan = try plan()
        guard isOnDisc else {
            var trial = options
            trial.isTrial = true
            trial.sessionStart = plan.start
            _ = try EditJob(plan.source, plan.changes, trial).run(cancellation: cancellation) { _ in
            }
            return false
        }
        let job = DiscEditJob(plan.source, plan.changes, burning, session: plan.session)
        if let later = try job.laterSession(cancellation) {
            guard later.doubt != nil else { return true }
            guard options.allowsLoss else { throw replacing(later, plan) }
        }
        if isMounted { try job.check(cancellation) }
        return false
    }

    /// Opens the overlay and its disc, and closes them again: the disc's drive is free then.
    private func plan() throws(Failure) -> Plan {
        let opened = try OpenOverlay(folder, secrets: secrets)
        guard !opened.isIncomplete else {
            throw Failure(
                .source,
                .badSource,
                "The tree of \(opened.record.source) is broken, and files of it may be missing or not whole.",
                meaning: "Nothing was written.",
                advice:
                    "Copy what can be read from the mounted directory, and make an image of that."
            )
        }
        let gathered = try folder.makeGathering()
        let plan = try OverlayPlan(
            opened.contents,
            opened.listing.disc.mountedContents(),
            in: gathered
        )
        let losing = plan.filesThatLose
        guard losing == 0 || options.allowsLoss else {
            throw Failure(
                .source,
                .loss,
                "\(Wording.counted(losing, "changed file")) would lose extended attributes or access control lists, which an overlay does not keep.",
                meaning: "Nothing was written.",
                advice: "Add --allow-loss to do without them."
            )
        }
        var changes = TreeChanges(plan.steps.map(Self.change))
        changes.replacesFiles = true
        changes.tree = opened.listing.tree.kind
        return Plan(
            source: FilePath(text: opened.record.source),
            session: opened.record.session,
            start: opened.listing.session.start,
            changes: changes,
            notes: opened.contents.notes
        )
    }

    private func askForConsent(_ confirm: (String) throws(Failure) -> Bool, isOnDisc: Bool)
        throws(Failure)
    {
        let source = (try folder.record())?.source ?? "the image"
        let (question, fact) =
            isOnDisc
            ? (
                "The disc in \(source) will get a further session with the changes",
                "The disc in \(source) would get a further session"
            )
            : options.appendsSession
                ? (
                    "\(source) will be replaced by an image that has a further session with the changes",
                    "\(source) would be replaced"
                )
                : (
                    "\(source) will be replaced by an image with the changes",
                    "\(source) would be replaced"
                )
        guard try confirm("\(question). Go on?") else {
            throw Failure(
                .unsuitable,
                .consent,
                "\(fact).",
                meaning: "Nothing was written.",
                advice: isOnDisc
                    ? "Say --yes if the disc may be written to."
                    : "Say --yes if it may be replaced, or name a new image with --output."
            )
        }
    }

    private static func change(_ step: OverlayPlan.Step) -> TreeChange {
        switch step {
        case .remove(let path): .remove(path)
        case .move(let path, let target): .move(path, to: target)
        case .add(let folder, let directory): .add(folder, at: directory)
        case .describe(let path, let model): .setAttributes(path, of: model)
        }
    }
}

extension Failure {
    /// The same where a mount was taken away before it was met, and the overlay is there still.
    func after(unmounting mount: MountedDisc, of folder: OverlayFolder) -> Failure {
        let sentences =
            folder.isThere
            ? mount.departure(keeping: folder)
            : ["The disc is no longer mounted on \(mount.directory)."]
        var failure = self
        failure.meaning = ([meaning] + sentences.prefix(1)).filter { !$0.isEmpty }
            .joined(separator: " ")
        failure.advice = ([advice] + sentences.dropFirst()).filter { !$0.isEmpty }
            .joined(separator: " ")
        return failure
    }
}
