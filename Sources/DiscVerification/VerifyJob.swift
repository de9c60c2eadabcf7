import DiscDrives
import DiscModel
import LinuxCalls
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

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - first: What is verified.
    ///   - second: What it is held against; the operands may come in either order.
    public init(_ first: VerifyOperand, _ second: VerifyOperand) {
        self.first = first
        self.second = second
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
        var result = try compareOperands(cancellation, tell)
        for drive in [first, second].compactMap(\.drive) { result.explain(drive) }
        let changedFile = [first, second].lazy.compactMap { $0.watch?.changedFile }.first
        guard let file = changedFile else {
            for operand in [first, second] where !cancellation.isRequested {
                if let damage = operand.findDamage?() { throw damage }
                // What was not looked at to its end may be damaged.
                guard !cancellation.isRequested else { throw .stopped }
            }
            return result
        }
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
        switch ((first.data, first.manifest), (second.data, second.manifest)) {
        case ((let a?, _), (let b?, _)):
            return try compare(a, b, cancellation, tell)
        case ((let data?, _), (_, let manifest?)):
            return try check(first, data, against: manifest, cancellation, tell)
        case ((_, let manifest?), (let data?, _)):
            return try check(second, data, against: manifest, cancellation, tell)
        default:
            throw Failure(
                .usage,
                "\(first.name) and \(second.name) are both lists of checksums.",
                meaning: "Nothing was compared.",
                advice: "Name a disc or an image and one list."
            )
        }
    }

    /// Compares two discs or images: with all that they have, or their user data if there is no more to
    /// compare.
    private func compare(
        _ a: DataDisc,
        _ b: DataDisc,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        var plan = plan(first, second)
        var notes: [String] = []
        let comparison: DiscComparison
        let whole = wholeDiscs
        var shifted: ShiftedPair?
        if let (a, b) = whole {
            plan.sectors = a.disc.layout.tracks.reduce(0) { $0 + $1.length }
            plan.medium = a.disc.medium.rawValue
            a.disc.prepareToCompare(with: b.disc)
            b.disc.prepareToCompare(with: a.disc)
            shifted = try shiftedDiscs(a.disc, b.disc)
            comparison = DiscComparison(
                shifted?.first ?? a.disc,
                shifted?.second ?? b.disc,
                comparing: .stored,
                allowing: [.first: first.surplus, .second: second.surplus],
                excusing: WholeDisc.excuses(a, b, anyRecorded: first.isDisc || second.isDisc),
                singleSpeed: singleSpeed
            )
        } else {
            let counts = [a, b].map { $0.layout.tracks[0].length }
            let isCut =
                (counts[0] > counts[1] ? first : second).surplus == .anything
                && counts[0] != counts[1]
            if isCut {
                notes.append(
                    "Anything after sector \(min(counts[0], counts[1]) - 1) on this rewritable disc is left over from earlier use, and was ignored."
                )
            }
            plan.sectors = isCut ? counts.min() : counts.max()
            plan.bytes = (isCut ? min : max)(a.byteCount, b.byteCount)
            plan.notes += notes
            notes += notCompared
            comparison = DiscComparison(
                dataOf: a,
                b,
                allowing: [.first: first.surplus, .second: second.surplus],
                singleSpeed: singleSpeed
            )
        }
        tell(.plan(plan))
        let found = try comparison.run(cancellation: cancellation, tell: tell)
        if whole != nil {
            for loss in Self.onlyOnOne(found) {
                tell(.message(JobMessage(.note, "Only one of the two has this: \(loss).")))
            }
        }
        var result = verdict(found, isWhole: whole != nil, notes)
        if let shifted { add(shifted, to: &result) }
        return result
    }

    /// The discs, if they have more to compare than a run of user data.
    private var wholeDiscs: (WholeDisc, WholeDisc)? {
        guard let one = first.whole, let other = second.whole else { return nil }
        // The data of a disc of several sessions are read from a drive in one run, as an image of one
        // track has them.
        let haveMore = [(first, one), (second, other)].contains { operand, whole in
            operand.isDrive ? whole.hasAudio : whole.hasMoreThanData
        }
        if haveMore { return (one, other) }
        // What a drive gives besides user data is read if the image stores such.
        let isStored =
            if first.isDrive || second.isDrive {
                one.disc.medium.facts.family == .cd
                    && !(first.isDrive ? other : one).surroundings.isEmpty
            } else {
                one.holdsSurroundings && other.holdsSurroundings
            }
        return isStored ? (one, other) : nil
    }

    /// What one side stores beside the user data, where nothing but that was compared.
    private var notCompared: [String] {
        [first, second].compactMap { operand in
            guard let found = operand.whole?.surroundings, !found.isEmpty, !operand.isDrive else {
                return nil
            }
            return
                "Only the user data was compared: \(found.joined(separator: ", ")) are stored by \(operand.name) alone."
        }
    }

    /// What every plan of this verb has.
    func plan(_ source: VerifyOperand, _ target: VerifyOperand) -> JobPlan {
        var plan = JobPlan(verb: Self.verb, source: source.name, target: target.name)
        let disc = [source, target].first(where: \.isDrive)
        plan.drive = disc?.drive?.name
        plan.medium = disc?.report?.medium?.rawValue
        plan.notes = first.warnings + second.warnings
        return plan
    }

    /// Bytes a second of the disc's 1×, where there is one disc.
    var singleSpeed: Double? {
        [first, second].compactMap { $0.report?.medium?.facts.bytesPerSecondAtSingleSpeed }.first
    }

    static let verb = "verify"
}
