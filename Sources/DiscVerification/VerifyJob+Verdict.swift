import DiscImages
import DiscModel
import LibCrypto
import Reports
import Transfer

extension VerifyJob {
    /// What a comparison means.
    ///
    /// - Parameters:
    ///   - found: What was found.
    ///   - isWhole: Whether whole discs were compared, and not only their user data.
    ///   - notes: What else is to be told: a sentence each.
    /// - Returns: The result.
    func verdict(_ found: DiscComparisonResult, isWhole: Bool, _ notes: [String]) -> JobResult {
        let isUnread = !found.unreadable.isEmpty || found.gaveUpAt != nil
        let same: JobStatus = found.sectors > 0 ? .verified : .notVerified
        let status: JobStatus = !found.isSame ? .differs : isUnread ? .incomplete : same
        var result = JobResult(status, verb: Self.verb, bytes: found.bytes)
        // Of two that differ it would have to say whose it is, and of how much.
        if status == .verified { result.sha256 = found.sha256?.hexadecimal }
        result.differingSectors = found.differingSectors
        result.firstDifferingSector = found.firstDifferingSector
        if found.paddingSectors > 0 { result.paddingSectors = found.paddingSectors }
        if !found.isSame || !found.tails.isEmpty {
            result.onlyPaddingDiffers = found.onlyPaddingDiffers
        }
        if isUnread {
            result.unreadableSectors = found.unreadableSectors
            result.firstUnreadableSector = found.unreadable.first?.lowerBound
            result.unreadableRuns = found.unreadable.map(SectorRun.init)
        }
        if isWhole {
            result.firstDifference = found.differences.first.map(JobDifference.init)
            result.losses = Self.onlyOnOne(found).map(JobLoss.init)
        }
        result.sentences = [headline(found, isWhole: isWhole)]
        if isWhole { result.sentences += further(found) }
        result.sentences += Self.sentences(
            unreadable: found.unreadableSectors,
            from: found.unreadable.first?.lowerBound,
            gaveUpAt: found.gaveUpAt
        )
        result.sentences += ends(found, isWhole: isWhole)
        if status == .differs, found.onlyPaddingDiffers {
            result.sentences.append("Only padding differs; no data do.")
        }
        if let advice = advice(result, found) { result.sentences.append(advice) }
        result.sentences += notes
        return result
    }

    /// What only one of two discs has that a disc can have, and that is no difference.
    static func onlyOnOne(_ found: DiscComparisonResult) -> [DiscLoss] {
        found.excusedLosses.filter { $0.feature != .positions }
    }

    private func headline(_ found: DiscComparisonResult, isWhole: Bool) -> String {
        let both = "\(first.subject) and \(second.phrase)"
        let compared = Wording.sectors(found.sectors)
        if isWhole, let difference = found.differences.first {
            return "\(both) differ: \(difference)."
        }
        if found.differingInBoth > 0, let sector = found.firstDifferingSector {
            return found.differingInBoth == 1
                ? "\(both) differ in 1 of \(compared): sector \(sector)."
                : "\(both) differ in \(found.differingInBoth) of \(compared), the first of them sector \(sector)."
        }
        if found.gaveUpAt != nil || !found.unreadable.isEmpty {
            return "\(both) are the same in every sector that could be compared."
        }
        if found.sectors == 0, found.isSame { return "\(both) have no sector to compare." }
        guard found.isSame, found.tails.isEmpty || isWhole else {
            return "\(both) are the same in the \(compared) that both have."
        }
        let isPart = !Self.onlyOnOne(found).isEmpty || !found.partlyStored.isEmpty
        let but = isPart ? ", except for what only one of them has" : ""
        return "\(both) are the same\(but): \(compared) compared."
    }

    /// What else there is to say of two whole discs.
    private func further(_ found: DiscComparisonResult) -> [String] {
        var sentences: [String] = []
        let others = found.differences.dropFirst().prefix(5)
        if !others.isEmpty {
            sentences.append("Further: \(others.map(\.description).joined(separator: "; ")).")
        }
        if found.differingSectors > 1 {
            sentences.append("In all \(Wording.sectors(found.differingSectors)) differ.")
        }
        if !found.partlyStored.isEmpty {
            sentences.append(
                "What stands around the user data of track \(Wording.list(found.partlyStored.sorted())) (such as header, EDC and ECC) is stored by only one of them, and was not compared."
            )
        }
        let only = Self.onlyOnOne(found)
        if !only.isEmpty {
            let named = only.map(\.description).joined(separator: "; ")
            sentences.append("Only one of them has this, and it was not compared: \(named).")
        }
        if found.excused[.positions] != nil {
            sentences.append("Tracks or lead-outs lie at other sectors\(reasonForPlaces).")
        }
        return sentences
    }

    /// How tracks come to lie at other sectors on a disc that was burned, as the end of a sentence.
    private var reasonForPlaces: String {
        let discs = [first, second].filter(\.isDisc).compactMap { $0.whole?.disc }
        return switch discs.first?.medium.facts.family {
        case .cd where discs.contains(where: { !$0.linked.isEmpty }):
            ", as a recorder moves them that writes a track at a time"
        case .cd: ""
        case .dvd, .bd: ": on DVD and BD the recorder sets where a later session begins"
        case nil: ""
        }
    }

    /// What could not be read.
    static func sentences(unreadable count: Int, from first: Int?, gaveUpAt: Int?) -> [String] {
        var sentences: [String] = []
        if let first {
            sentences.append(
                count == 1
                    ? "Sector \(first) can't be read."
                    : "\(Wording.sectors(count)) can't be read, the first of them sector \(first)."
            )
        }
        if let gaveUpAt {
            sentences.append(
                "Reading ended before sector \(gaveUpAt), because so many can't be read: nothing is known of the rest."
            )
        }
        return sentences
    }

    /// What only one has, at its end.
    private func ends(_ found: DiscComparisonResult, isWhole: Bool) -> [String] {
        var sentences: [String] = []
        if let sector = found.differingRest {
            sentences.append(
                "Sector \(sector) differs after the last byte of the shorter one: the longer one has more data there."
            )
        }
        if found.differingBytes > 0 {
            sentences.append("One of them is \(Wording.bytes(found.differingBytes)) longer.")
        }
        for tail in found.tails {
            let longer = tail.side == .first ? first : second
            let place = isWhole ? " after track \(tail.track)" : ""
            let more = "\(longer.subject) has \(Wording.sectors(tail.sectors)) more\(place)"
            if tail.absent == tail.sectors {
                sentences.append("\(more), of which nothing can be read, as of run-out.")
            } else if let sector = tail.firstNotZero {
                sentences.append(
                    "\(more), and they are not all zeros: the first with data is sector \(sector)."
                )
            } else {
                let zeros =
                    tail.isKnown && tail.absent == 0
                    ? "all of them zeros" : "zeros as far as they could be read"
                let isUsual =
                    longer.isDisc && (isWhole || tail.sectors <= longer.usualPadding)
                sentences.append("\(more), \(zeros)\(isUsual ? ", as burning adds them" : "").")
            }
            if let sector = tail.unreadable.first {
                sentences.append(
                    "After what both have, \(Wording.sectors(tail.unreadable.count)) can't be read, the first of them sector \(sector): whether anything is there is not known."
                )
            }
        }
        return sentences
    }

    private func advice(_ result: JobResult, _ found: DiscComparisonResult) -> String? {
        let hasDisc = first.isDisc || second.isDisc
        switch (result.status, result.onlyPaddingDiffers) {
        case (.differs, true):
            return "Nothing needs to be done, unless both must be the same to the last byte."
        case (.differs, _):
            // What no sector shows, such as the number of tracks, no scratch has changed.
            guard !hasDisc || found.firstDifferingSector != nil else {
                return
                    "Look whether these two belong together: no sector that was compared differs."
            }
            return hasDisc
                ? "Clean the disc and verify again; if the same sectors differ, burn another disc."
                : "Download the image again, or recreate it."
        case (.incomplete, _): return Self.unreadableAdvice
        default: return nil
        }
    }

    static let unreadableAdvice = "Clean the disc, or try another drive, and verify again."
}
