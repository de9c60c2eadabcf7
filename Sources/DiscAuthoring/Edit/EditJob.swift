import DiscImages
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// How an image is changed.
public struct EditOptions: Sendable {
    /// What the job is called in events, such as `add`.
    public var verb = "edit"
    /// The name that the changed image gets; that of the image itself, which it replaces, if `nil`.
    public var output: FilePath?
    /// Whether a file of the name ``output`` is replaced.
    public var replaces = false
    /// Whether the changes become a session behind what there is, which stays as it is.
    public var appendsSession = false
    /// Whether the changed image is read back and compared with the old one and with what was added.
    public var verifies = true
    /// Whether what can't be read, or can't be kept, may be left out.
    public var allowsLoss = false
    /// Whether only the plan is told.
    public var isTrial = false
    /// The sector that the session begins with whose files are to be changed; `nil` for those that the image
    /// shows.
    public var sessionStart: Int?
    /// What counts as now, in seconds since 1970; the time of the job if `nil`.
    public var time: Int?

    /// Creates the usual options.
    public init() {}
}

/// Changes the files in an ISO 9660 image.
///
/// The changed image is made beside the old one, read back and compared; only then it gets the name. If
/// anything fails, the old image is what it was.
///
/// Its statuses, and with them the exit codes:
///
/// - verified: the changed image was read back, and holds what was there and what was added.
/// - done: it was made; no check was asked for.
/// - differs: what was read back differs; nothing was kept.
/// - refused, failed: nothing was kept.
public struct EditJob {
    private let image: FilePath
    private let changes: TreeChanges
    private let options: EditOptions

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - image: The image that is changed; any image that can be read if there is another output.
    ///   - changes: What it is to become.
    ///   - options: How that is done.
    public init(_ image: FilePath, _ changes: TreeChanges, _ options: EditOptions) {
        self.image = image
        self.changes = changes
        self.options = options
    }

    /// Changes the image.
    ///
    /// Blocks until it is done; to be run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded at any time; nothing is kept then.
    ///   - tell: Told the plan and the progress, on the calling thread.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if it can't be changed; the old image is unharmed then.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        if options.output == nil { try checkPlain() }
        var made = CreateOptions(output: options.output ?? image)
        made.replaces = options.output == nil || options.replaces
        made.verifies = options.verifies
        made.isTrial = options.isTrial
        let (image, changes, appends) = (image, changes, options.appendsSession)
        let start = options.sessionStart
        let time = options.time ?? FileDetails.Time.now.seconds
        let job = CreateJob(verb: options.verb, allowsLoss: options.allowsLoss, made) {
            cancellation throws(Failure) in
            let editing = try ISOEditing(
                image,
                changes,
                appendingSession: appends,
                sessionStart: start,
                time: time,
                cancellation
            )
            guard editing.isChanged else {
                throw Failure(
                    .source,
                    "There is nothing to change in \(image).",
                    meaning: "Nothing was written.",
                    advice: "Name what is to be added, removed or moved."
                )
            }
            return editing
        }
        return try job.run(cancellation: cancellation, tell: tell)
    }

    /// Refuses to replace what is no plain image, or is not the file itself.
    private func checkPlain() throws(Failure) {
        if (try? FileDetails(image, followsLinks: false))?.kind == .link {
            throw Failure(
                .source,
                "\(image) is a link.",
                meaning: "Nothing was written.",
                advice: "Name the image that it leads to, or another one to write with --output."
            )
        }
        let opened = try DiscImage(image, need: .data)
        guard opened.isPlain else {
            throw Failure(
                .source,
                "\(image) is not a plain image of 2048 bytes a sector, so it can't be changed itself.",
                meaning: "Nothing was written.",
                advice: "Name an image to write with --output."
            )
        }
    }
}
