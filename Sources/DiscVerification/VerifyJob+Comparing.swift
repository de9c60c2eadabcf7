import DiscModel
import LibCrypto
import Reports
import Transfer

extension VerifyJob {
    /// Compares two discs or images.
    func compare(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        guard let a = first.source, let b = second.source else {
            return JobResult(.failed, verb: Self.verb)
        }
        if let one = first.whole, let other = second.whole, isMoreThanData(one, other) {
            return try compare(one, other, cancellation, tell)
        }
        let counts = [a.sectorCount, b.sectorCount].compactMap(\.self)
        let shorter = counts.count == 2 ? counts.min() : nil
        var end: Int?
        var notes: [String] = []
        if let shorter, let longer = counts.max(), longer > shorter,
            (a.sectorCount == longer ? first : second).isOverwritable
        {
            end = shorter
            notes.append(
                "What the overwritable disc has behind sector \(shorter - 1) is from other times and is not looked at."
            )
        }
        var plan = plan(first, second)
        plan.sectors = end ?? counts.max()
        plan.bytes = [first.byteCount, second.byteCount].compactMap(\.self).min()
        plan.notes += notes
        tell(.plan(plan))
        let found = try Comparison(
            a,
            b,
            firstBytes: first.byteCount,
            secondBytes: second.byteCount,
            end: end,
            singleSpeed: singleSpeed
        ).run(cancellation: cancellation, tell: tell)
        return verdict(found, notes)
    }

    /// Whether two discs have more to compare than a run of user data.
    private func isMoreThanData(_ one: WholeDisc, _ other: WholeDisc) -> Bool {
        let sides = [(first, one), (second, other)]
        // The data of a disc of several sessions are read from a drive in one run, as an image of one
        // track has them.
        if sides.contains(where: { $0.0.isDrive ? $0.1.hasAudio : $0.1.hasMoreThanData }) {
            return true
        }
        // What a drive gives besides user data is read if the image stores such.
        if first.isDrive || second.isDrive {
            let image = first.isDrive ? other : one
            return one.disc.medium.facts.family == .cd && !image.surroundings.isEmpty
        }
        return one.holdsSurroundings && other.holdsSurroundings
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

    /// What a comparison means.
    func verdict(_ found: ComparisonResult, _ notes: [String] = []) -> JobResult {
        let tail = found.tail
        let longer = tail.map { $0.side == .first ? first : second }
        let isAllowed = tail.map { longer?.isDisc == true && $0.firstNotZero == nil } ?? true
        // Two images of as many sectors, whose last one is filled to different bytes.
        let restBytes = found.tail == nil && found.gaveUpAt == nil ? differenceInBytes : 0
        let differs =
            found.differingSectors > 0 || found.differingRest != nil || !isAllowed || restBytes > 0
        let isUnread = !found.unreadable.isEmpty || found.gaveUpAt != nil
        let same: JobStatus = found.sectors > 0 ? .verified : .notVerified
        let status: JobStatus = differs ? .differs : isUnread ? .incomplete : same

        var result = JobResult(status, verb: Self.verb, bytes: found.bytes)
        // Of two that differ it would have to say whose it is, and of how much.
        if status == .verified { result.sha256 = found.sha256?.hexadecimal }
        result.differingSectors = found.differingSectors + (found.differingRest == nil ? 0 : 1)
        result.firstDifferingSector = [found.firstDifferingSector, found.differingRest]
            .compactMap(\.self).min()
        if let tail {
            if tail.firstNotZero == nil { result.paddingSectors = tail.sectors }
            if !isAllowed {
                result.differingSectors = (result.differingSectors ?? 0) + tail.sectors
                result.firstDifferingSector = result.firstDifferingSector ?? tail.start
            }
        }
        if differs || tail != nil {
            result.onlyPaddingDiffers =
                found.differingSectors == 0 && found.differingRest == nil
                && tail?.firstNotZero == nil && tail?.isKnown != false && !isUnread
        }
        if isUnread {
            result.unreadableSectors = found.unreadable.count
            result.firstUnreadableSector = found.unreadable.first
            result.unreadableRuns = SectorRun.runs(of: found.unreadable.sorted())
        }
        result.sentences = sentences(found, result, restBytes) + notes + notCompared
        return result
    }

    /// By how many bytes two images differ in length.
    private var differenceInBytes: Int {
        guard !first.isDisc, !second.isDisc, let a = first.byteCount, let b = second.byteCount
        else { return 0 }
        return abs(a - b)
    }

    private func sentences(_ found: ComparisonResult, _ result: JobResult, _ restBytes: Int)
        -> [String]
    {
        var sentences: [String] = []
        let both = "\(first.phrase) and \(second.phrase)".capitalizedFirst
        let compared = Count.sectors(found.sectors)
        if found.differingSectors > 0, let sector = found.firstDifferingSector {
            sentences.append(
                found.differingSectors == 1
                    ? "\(both) differ in 1 of \(compared): sector \(sector)."
                    : "\(both) differ in \(found.differingSectors) of \(compared), the first of them sector \(sector)."
            )
        } else if found.gaveUpAt != nil || !found.unreadable.isEmpty {
            sentences.append("\(both) are the same in every sector that could be compared.")
        } else if result.status == .notVerified {
            sentences.append("\(both) have no sector to compare.")
        } else if found.tail == nil, found.differingRest == nil, restBytes == 0 {
            sentences.append("\(both) are the same: \(compared) compared.")
        } else {
            sentences.append("\(both) are the same in the \(compared) that both have.")
        }
        sentences += Self.sentences(unreadable: found.unreadable, gaveUpAt: found.gaveUpAt)
        if let sector = found.differingRest {
            sentences.append(
                "Sector \(sector) differs after the last byte of the shorter one: the longer one has more data there."
            )
        }
        if restBytes > 0 {
            sentences.append("One of them is \(Count.bytes(restBytes)) longer.")
        }
        if let tail = found.tail { sentences.append(sentence(tail)) }
        if let unread = found.tail?.unreadable, let sector = unread.first {
            sentences.append(
                "Behind what both have, \(Count.sectors(unread.count)) can't be read, the first of them sector \(sector): whether anything is there is not known."
            )
        }
        if result.status == .differs, result.onlyPaddingDiffers == true {
            sentences.append("Only padding differs; no data do.")
        }
        if let advice = advice(result) { sentences.append(advice) }
        return sentences
    }

    private func sentence(_ tail: ComparisonResult.Tail) -> String {
        let longer = tail.side == .first ? first : second
        let more = "\(longer.phrase) has \(Count.sectors(tail.sectors)) more".capitalizedFirst
        if let sector = tail.firstNotZero {
            return "\(more), and not only zeros: the first with data is sector \(sector)."
        }
        let zeros = tail.isKnown ? "all of them zeros" : "zeros as far as they could be read"
        guard longer.isDisc else { return "\(more), \(zeros)." }
        return tail.sectors <= usualPadding
            ? "\(more), \(zeros), as burning adds them."
            : "\(more), \(zeros)."
    }

    private func advice(_ result: JobResult) -> String? {
        let hasDisc = first.isDisc || second.isDisc
        switch (result.status, result.onlyPaddingDiffers) {
        case (.differs, true):
            return "Nothing needs to be done, unless both must be the same to the last byte."
        case (.differs, _):
            return hasDisc
                ? "Clean the disc and verify again; if the same sectors differ, burn another disc."
                : "Get the image again from where it came, or make it anew."
        case (.incomplete, _): return Self.unreadableAdvice
        default: return nil
        }
    }

    static let unreadableAdvice = "Clean the disc, or try another drive, and verify again."

    /// What could not be read.
    static func sentences(unreadable: [Int], gaveUpAt: Int?) -> [String] {
        var sentences: [String] = []
        if let sector = unreadable.first {
            sentences.append(
                unreadable.count == 1
                    ? "Sector \(sector) can't be read."
                    : "\(Count.sectors(unreadable.count)) can't be read, the first of them sector \(sector)."
            )
        }
        if let gaveUpAt {
            sentences.append(
                "Reading ended before sector \(gaveUpAt), because so many can't be read: nothing is known of the rest."
            )
        }
        return sentences
    }
}
