import DiscDrives
import DiscImages
import DiscModel
import Reports
import Transfer

extension VerifyJob {
    /// Compares two discs with all that they have: audio, sessions, tracks, subchannel.
    ///
    /// What only one of the two can hold is no difference, but is named.
    func compare(
        _ a: WholeDisc,
        _ b: WholeDisc,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        var plan = plan(first, second)
        plan.sectors = a.disc.layout.tracks.reduce(0) { $0 + $1.length }
        plan.medium = a.disc.medium.rawValue
        tell(.plan(plan))
        (a.disc as? DriveDisc)?.prepareToCompare(with: b.disc)
        (b.disc as? DriveDisc)?.prepareToCompare(with: a.disc)
        let recorded = [(ComparisonResult.Side.first, first), (.second, second)]
            .filter { $0.1.isDisc }.map(\.0)
        let found = try DiscComparison(
            a.disc,
            b.disc,
            comparing: .stored,
            recorded: Set(recorded),
            excusing: WholeDisc.excuses(a, b, anyRecorded: !recorded.isEmpty)
        ).run(cancellation: cancellation, tell: tell)

        let isUnread = !found.unreadable.isEmpty || found.gaveUpAt != nil
        let same: JobStatus = found.sectors > 0 ? .verified : .notVerified
        let status: JobStatus = !found.isSame ? .differs : isUnread ? .incomplete : same
        var result = JobResult(status, verb: Self.verb, bytes: found.bytes)
        result.differingSectors = found.differingSectors
        result.firstDifferingSector = found.firstDifferingSector
        result.firstDifference = found.differences.first.map(JobDifference.init)
        if !found.unreadable.isEmpty {
            result.unreadableSectors = found.unreadableSectors
            result.firstUnreadableSector = found.unreadable.first?.lowerBound
            result.unreadableRuns = found.unreadable.map(SectorRun.init)
        }
        if found.paddingSectors > 0 { result.paddingSectors = found.paddingSectors }
        if !found.isSame || found.paddingSectors > 0 {
            result.onlyPaddingDiffers =
                (found.isSame && !isUnread) || found.onlyPaddingDiffers
        }
        result.losses = found.excusedLosses.filter { $0.feature != .positions }
            .map(JobLoss.init)
        result.sentences = sentences(found)
        for loss in found.excusedLosses where loss.feature != .positions {
            tell(
                .message(
                    JobMessage(.note, "Only one of the two has this: \(loss).")
                )
            )
        }
        return result
    }

    private func sentences(_ found: DiscComparisonResult) -> [String] {
        let both = "\(first.phrase) and \(second.phrase)".capitalizedFirst
        var sentences: [String] = []
        if let difference = found.differences.first {
            sentences.append("\(both) differ: \(difference).")
            let others = found.differences.dropFirst().prefix(5)
            if !others.isEmpty {
                sentences.append(
                    "Further: \(others.map(\.description).joined(separator: "; "))."
                )
            }
            if found.differingSectors > 1 {
                sentences.append("In all \(Count.sectors(found.differingSectors)) differ.")
            }
        } else if !found.unreadable.isEmpty || found.gaveUpAt != nil {
            sentences.append("\(both) are the same in every sector that could be compared.")
        } else if found.sectors == 0 {
            sentences.append("\(both) have no sector to compare.")
        } else {
            let isPart =
                found.excused.keys.contains { $0 != .positions } || !found.partlyStored.isEmpty
            let but = isPart ? ", except for what only one of them has" : ""
            sentences.append(
                "\(both) are the same\(but): \(Count.sectors(found.sectors)) compared."
            )
        }
        if !found.partlyStored.isEmpty {
            let numbers = found.partlyStored.sorted().map(String.init).joined(separator: ", ")
            sentences.append(
                "What stands around the user data of track \(numbers) (such as header, EDC and ECC) is stored by only one of them, and was not compared."
            )
        }
        let only = found.excusedLosses.filter { $0.feature != .positions }
        if !only.isEmpty {
            let named = only.map(\.description).joined(separator: "; ")
            sentences.append("Only one of them has this, and it was not compared: \(named).")
        }
        if found.excused[.positions] != nil {
            sentences.append(
                "Tracks or lead-outs lie at other sectors, as a recorder moves them that writes a track at a time."
            )
        }
        if found.paddingSectors > 0, found.isSame {
            sentences.append(
                "\(Count.sectors(found.paddingSectors).capitalizedFirst) of zeros follow, as recording adds them."
            )
        }
        if let sector = found.unreadable.first?.lowerBound {
            sentences.append(
                found.unreadableSectors == 1
                    ? "Sector \(sector) can't be read."
                    : "\(Count.sectors(found.unreadableSectors)) can't be read, the first of them sector \(sector)."
            )
        }
        if let gaveUpAt = found.gaveUpAt {
            sentences.append(
                "Reading ended before sector \(gaveUpAt), because so many can't be read: nothing is known of the rest."
            )
        }
        return sentences
    }
}
