import DiscImages
import DiscModel
import Reports
import Transfer

extension VerifyJob {
    /// Compares two discs in files with all that they have: sound, sessions, tracks, subchannel.
    ///
    /// What only one of the two formats can hold is no difference, but told.
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
        let excuses = DiscFeature.allCases.filter {
            !a.holds.contains($0) || !b.holds.contains($0)
        }
        let found = try DiscComparison(
            a.disc,
            b.disc,
            excusing: excuses.map { DiscLoss(feature: $0) }
        ).run(cancellation: cancellation, tell: tell)

        let status: JobStatus =
            !found.isSame ? .differs : found.unreadable.isEmpty ? .verified : .incomplete
        var result = JobResult(status, verb: Self.verb, bytes: found.bytes)
        result.differingSectors = found.differingSectors
        result.firstDifferingSector = found.firstDifferingSector
        result.firstDifference = found.differences.first.map(JobDifference.init)
        if !found.unreadable.isEmpty {
            result.unreadableSectors = found.unreadableSectors
            result.firstUnreadableSector = found.unreadable.first?.lowerBound
            result.unreadableRuns = found.unreadable.map(SectorRun.init)
        }
        result.losses = found.excusedLosses.map(JobLoss.init)
        result.sentences = sentences(found)
        for loss in found.excusedLosses {
            tell(
                .message(
                    JobMessage(.note, "Only one of the two formats holds this: \(loss).")
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
        } else if found.unreadable.isEmpty {
            let but = found.excused.isEmpty ? "" : ", but for what only one of the formats holds"
            sentences.append(
                "\(both) are the same\(but): \(Count.sectors(found.sectors)) compared."
            )
        } else {
            sentences.append("\(both) are the same in every sector that could be compared.")
        }
        if !found.excused.isEmpty {
            let told = found.excusedLosses.map(\.description).joined(separator: "; ")
            sentences.append("Not held by both, and so not compared: \(told).")
        }
        if let sector = found.unreadable.first?.lowerBound {
            sentences.append(
                found.unreadableSectors == 1
                    ? "Sector \(sector) can't be read."
                    : "\(Count.sectors(found.unreadableSectors)) can't be read, the first of them sector \(sector)."
            )
        }
        return sentences
    }
}
