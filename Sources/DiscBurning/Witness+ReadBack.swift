import DiscDrives
import DiscModel
import DiscVerification
import LibCrypto
import Reports
import Transfer

extension Witness {
    /// Bytes of an image up to which a drive may still have all of it in its buffer, which holds some
    /// MiB; of a larger one the reading has driven out the rest before it gets there.
    private static let bufferSize = 32 << 20

    /// Reads every sector of the payload back, and looks at the padding behind it.
    func readBack(
        _ drive: Drive,
        _ report: DiscReport,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let source = DriveSource(
            drive,
            report,
            sectors: written.sectors + plan.paddingSectors,
            forcesAccess: written.byteCount <= Self.bufferSize
        )
        let found: ReadBackResult
        do {
            found = try ReadBack(
                source,
                byteCount: written.byteCount,
                padding: plan.paddingSectors,
                singleSpeed: plan.medium.facts.bytesPerSecondAtSingleSpeed
            ).run(cancellation: cancellation, tell: tell)
        } catch  where error.cause == .interruption {
            throw Failure(
                .interruption,
                "The disc was written, and reading it back was stopped.",
                meaning: "The disc is \(report.state.rawValue); whether it is right is not known.",
                advice: "Run “spindle verify” to find out."
            )
        } catch {
            throw Failure(
                .unchecked,
                error.what,
                meaning: "The disc was written; whether it is right is not known.",
                advice: error.advice
            )
        }
        return verdict(found, cancellation, tell)
    }

    private func verdict(
        _ found: ReadBackResult,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) -> JobResult {
        var result: JobResult
        if let sum = found.sums[.sha256] {
            if sum == written.sha256 {
                result = JobResult(.verified, verb: "burn", bytes: written.byteCount)
                result.sentences = [
                    "All \(written.sectors) sectors of the image were read back from the disc, and they are right."
                ]
            } else {
                result = differing(cancellation, tell)
            }
            result.sha256 = sum.hexadecimal
        } else {
            result = unreadable(found)
        }
        result.paddingSectors = found.paddingSectors
        if found.notZero.count > 0, let first = found.notZero.first {
            result.sentences.append(
                "Behind the image, where zeros should be, \(found.notZero.count) sectors hold something else, the first of them \(first)."
            )
        }
        return result
    }

    /// The sums differ: finds out where, if the image can be read once more.
    private func differing(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void) -> JobResult {
        var result = JobResult(.differs, verb: "burn", bytes: written.byteCount)
        result.sentences = [
            "The disc can be read, but it does not hold what was burned.",
            "It can't be relied on.",
            "Burn another disc, at a lower speed or in another drive.",
        ]
        guard let comparison = compareAgain(cancellation, tell),
            let first = comparison.firstDifferingSector
        else { return result }
        result.firstDifferingSector = first
        result.differingSectors = comparison.differingSectors
        result.sentences[0] =
            "The disc can be read, but \(comparison.differingSectors) sectors are not what was burned, the first of them \(first)."
        return result
    }

    private func compareAgain(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void)
        -> ComparisonResult?
    {
        guard image.byteCount != nil, let drive = try? Drive(node),
            let report = try? drive.inspectDisc()
        else { return nil }
        return try? Comparison(
            image.source,
            DriveSource(drive, report, sectors: written.sectors)
        ).run(cancellation: cancellation, tell: tell)
    }

    private func unreadable(_ found: ReadBackResult) -> JobResult {
        var result = JobResult(.incomplete, verb: "burn", bytes: written.byteCount)
        let count = found.unreadable.count
        result.unreadableSectors = count
        result.firstUnreadableSector = found.unreadable.first
        result.unreadableRuns = SectorRun.runs(of: found.unreadable)
        result.sha256 = nil
        let what =
            if let first = found.unreadable.first {
                found.gaveUpAt == nil
                    ? "\(count) sectors of the disc can't be read back, the first of them \(first)."
                    : "More than \(count) sectors of the disc can't be read back, the first of them \(first)."
            } else {
                "The disc ends at sector \(found.endedAt ?? 0), before the image does."
            }
        result.sentences = [
            what, "The disc can't be relied on.",
            "Clean it and run “spindle verify”, or burn another one at a lower speed.",
        ]
        return result
    }
}
