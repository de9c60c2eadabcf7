import DiscChecksums
import DiscDrives
import DiscModel
public import LinuxCalls
public import Reports
public import Transfer

/// Compares a disc or an image with another, or checks it against published checksums.
///
/// Its statuses, and with them the exit codes:
///
/// - verified: every sector of the payload was read and is the same, or has the sum. A disc may be
///   longer than an image or another disc when only zeros follow, for burning adds such; and what
///   lies behind the image on an overwritable disc is from other times and is not looked at.
/// - differs: data differ. So do two images of different lengths, even if only zeros follow, and a
///   disc that is shorter; the result says that only padding differs. A sector that only one has
///   counts as differing.
/// - incomplete: sectors of the payload can't be read, and no others differ.
/// - not verified: there was no sector to compare, or a file changed while it was read.
public struct VerifyJob {
    let first: VerifyOperand
    let second: VerifyOperand
    let payloadSectors: Int?
    let usualPadding: Int
    let watches: [FileWatch]
    let warnings: [String]

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - first: What is verified.
    ///   - second: What it is held against; the operands may come in either order.
    ///   - payloadSectors: For a disc and a list of sums: the sectors of the image on the disc, as
    ///     far as the disc tells. It says what is summed for the report; the sums of the list are
    ///     found at other lengths too.
    ///   - usualPadding: The sectors of zeros that burning may have added on this disc; more of them
    ///     are no difference either, but are told.
    ///   - watches: Watches of the operands' files, made before they were opened.
    ///   - warnings: What is odd about the operands: a sentence each.
    public init(
        _ first: VerifyOperand,
        _ second: VerifyOperand,
        payloadSectors: Int? = nil,
        usualPadding: Int = 0,
        watching watches: [FileWatch] = [],
        warnings: [String] = []
    ) {
        self.watches = watches
        self.warnings = warnings
        self.first = first
        self.second = second
        self.payloadSectors = payloadSectors
        self.usualPadding = max(0, usualPadding)
    }

    /// Verifies.
    ///
    /// Blocks until it is done; to be run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the plan first, the progress, and what is worth knowing, all on the calling
    ///     thread; not the result.
    /// - Returns: How it ended: verified, differs or incomplete.
    /// - Throws: ``Reports/Failure`` where nothing can be said: an operand can't be read on, the sums
    ///   are of other files, or it was cancelled.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        let result = try compareOperands(cancellation, tell)
        guard let file = watches.lazy.compactMap(\.changedFile).first else { return result }
        var changed = JobResult(.notVerified, verb: Self.verb, bytes: result.bytes)
        changed.sentences = [
            "\(file) was changed or replaced while it was read.",
            "What was read of it may be of two states, so nothing is known of either.",
            "Verify again when nothing writes to it any more.",
        ]
        return changed
    }

    private func compareOperands(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void)
        throws(Failure) -> JobResult
    {
        switch (first, second) {
        case (.manifest, .manifest):
            throw Failure(
                .usage,
                "\(first.name) and \(second.name) are both lists of sums.",
                meaning: "Nothing was compared.",
                advice: "Name a disc or an image and one list."
            )
        case (.manifest(let manifest), let operand), (let operand, .manifest(let manifest)):
            return try check(operand, against: manifest, cancellation, tell)
        default:
            return try compare(cancellation, tell)
        }
    }

    /// What every plan of this verb has.
    func plan(_ source: VerifyOperand, _ target: VerifyOperand) -> JobPlan {
        var plan = JobPlan(verb: Self.verb, source: source.name, target: target.name)
        let disc = [source, target].first { $0.report != nil }
        plan.drive = disc?.model
        plan.medium = disc?.report?.medium?.rawValue
        plan.notes = warnings
        return plan
    }

    /// Bytes a second of the disc's 1×, where there is one disc.
    var singleSpeed: Double? {
        [first, second].compactMap { $0.report?.medium?.facts.bytesPerSecondAtSingleSpeed }.first
    }

    static let verb = "verify"
}
