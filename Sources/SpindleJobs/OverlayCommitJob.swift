import DiscAuthoring
public import DiscImages
public import DiscMounting
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Makes an image with the changes that an overlay holds.
///
/// Its statuses are those of ``DiscAuthoring/EditJob``.
public struct OverlayCommitJob {
    private static let verb = "overlay-commit"

    private let folder: OverlayFolder
    private let options: EditOptions
    private let secrets: ImageSecrets?

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - folder: The overlay.
    ///   - output: The image that is made; the disc's own image, which it replaces, if `nil`.
    ///   - replaces: Whether a file of that name is replaced.
    ///   - allowsLoss: Whether what the image can't keep may be left out.
    ///   - secrets: What gives the password of an image, if it needs one.
    public init(
        _ folder: OverlayFolder,
        output: FilePath?,
        replaces: Bool = false,
        allowsLoss: Bool = false,
        secrets: ImageSecrets? = nil
    ) {
        self.folder = folder
        var options = EditOptions()
        options.verb = Self.verb
        options.output = output
        options.replaces = replaces
        options.allowsLoss = allowsLoss
        self.options = options
        self.secrets = secrets
    }

    /// Makes the image.
    ///
    /// A new image leaves the overlay as it is, and may be made while a mount shows it. If the disc's own
    /// image is replaced, the mount is taken away before, and the overlay afterwards, for its changes are in
    /// the image then.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded at any time; nothing is kept then.
    ///   - confirm: Asked whether the image may be replaced.
    ///   - tell: Told the plan and the progress, on the calling thread.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if it can't be made; the disc and the overlay are unharmed then.
    public func run(
        cancellation: Cancellation,
        confirm: (String) -> Bool,
        tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let mount = folder.mount()
        if options.output == nil {
            try askForConsent(confirm)
            if let mount { try mount.unmount(force: false) }
        } else if let mount {
            // What programs have in memory that is mapped from files goes into the overlay.
            _ = (try? Directory(FilePath(text: mount.directory)))?.synchronizeAll()
        }
        let claim = mount == nil || options.output == nil ? try folder.claim() : nil
        defer { withExtendedLifetime(claim) {} }
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
        defer { folder.removeGatherings() }
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
        var result = try EditJob(FilePath(text: opened.record.source), changes, options).run(
            cancellation: cancellation,
            tell: tell
        )
        guard result.exitCode == 0 else { return result }
        result.sentences += opened.contents.notes
        if options.output == nil {
            if let mount {
                result.sentences.append("It is no longer mounted on \(mount.directory).")
            }
            if let claim { try folder.takeAway(claim) }
        } else {
            result.sentences.append("The changes are kept in \(folder.path), too.")
        }
        return result
    }

    private func askForConsent(_ confirm: (String) -> Bool) throws(Failure) {
        let source = (try folder.record())?.source ?? "the image"
        guard confirm("\(source) will be replaced by an image with the changes. Go on?") else {
            throw Failure(
                .unsuitable,
                .consent,
                "\(source) would be replaced.",
                meaning: "Nothing was written.",
                advice: "Say --yes if it may be replaced, or name a new image with --output."
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
