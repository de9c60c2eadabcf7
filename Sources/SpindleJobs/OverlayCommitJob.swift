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
        var changes: TreeChanges
        var notes: [String]
    }

    /// Makes the image, or burns the session.
    ///
    /// A new image leaves the overlay as it is, and may be made while a mount shows it. If the disc's own
    /// image is replaced, or the disc is written to, the mount is taken away before, and the overlay
    /// afterwards, for its changes are there then. What is refused is known before the mount goes.
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
        if isInPlace {
            if mount != nil { try check(cancellation, isOnDisc: isOnDisc) }
            try askForConsent(confirm, isOnDisc: isOnDisc)
            // Who stops it meanwhile keeps the mount.
            guard !cancellation.isRequested else {
                throw Failure(
                    .interruption,
                    "The commit was stopped.",
                    meaning: "Nothing was written, and nothing was unmounted.",
                    advice: ""
                )
            }
            if let mount { try mount.unmount(force: false) }
        }
        let claim = mount == nil || isInPlace ? try folder.claim() : nil
        defer { withExtendedLifetime(claim) {} }
        defer { folder.removeGatherings() }
        let plan = try plan()
        var result: JobResult
        if isOnDisc {
            let job = DiscEditJob(plan.source, plan.changes, burning)
            result = try job.run(
                cancellation: cancellation,
                confirm: { question throws(Failure) in try confirm(question.text) },
                tell: tell
            )
        } else {
            let job = EditJob(plan.source, plan.changes, options)
            result = try job.run(cancellation: cancellation, tell: tell)
        }
        guard result.exitCode == 0 else {
            if isInPlace, let mount {
                result.sentences.append(
                    "It is no longer mounted on \(mount.directory); the changes are kept in \(folder.path)."
                )
            }
            return result
        }
        result.sentences += plan.notes
        if isInPlace {
            if let mount {
                result.sentences.append("It is no longer mounted on \(mount.directory).")
            }
            if let claim { try folder.takeAway(claim) }
        } else {
            result.sentences.append("The changes are kept in \(folder.path), too.")
        }
        return result
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

    /// Looks whether the changes can be made, while the disc is still mounted.
    private func check(_ cancellation: Cancellation, isOnDisc: Bool) throws(Failure) {
        defer { folder.removeGatherings() }
        let plan = try plan()
        guard !isOnDisc else {
            return try DiscEditJob(plan.source, plan.changes, burning).check(cancellation)
        }
        var trial = options
        trial.isTrial = true
        _ = try EditJob(plan.source, plan.changes, trial).run(cancellation: cancellation) { _ in }
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
        return Plan(
            source: FilePath(text: opened.record.source),
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
