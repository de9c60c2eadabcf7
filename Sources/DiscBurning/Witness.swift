import DiscDrives
import DiscModel
import LibBurn
import LibCrypto
import MMC
import Reports
import SystemPackage
import Transfer

/// Has the disc itself say what a burn did: its state, its tracks, its lead-out, and every sector.
///
/// libburn's word and a drive's good status are not enough: both have been seen over blank discs.
struct Witness {
    let node: FilePath
    let image: ImageToBurn
    let plan: BurnPlan
    let written: Written
    let options: BurnOptions

    /// Looks at the disc and, where a check was asked for, reads it back.
    func testify(
        cancellation: Cancellation,
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        var (drive, report) = try inspect()
        var contradiction = contradiction(report)
        if contradiction != nil, !options.simulates {
            // Some drives show what they showed before the burn until the disc is loaded anew.
            tell(.message(JobMessage(.note, "The drive is asked to load the disc anew.")))
            if try Drive.reload(node) { (drive, report) = try inspect() }
            contradiction = self.contradiction(report)
        }
        if let contradiction {
            var result = JobResult(
                Failure(
                    .trouble,
                    "The write was reported as done, but the disc says otherwise: \(contradiction).",
                    meaning: report.state == .blank
                        ? "The disc is blank."
                        : "The disc (\(report.state.rawValue)) can't be relied on.",
                    advice: "Burn another disc, at a lower speed or in another drive."
                ),
                verb: "burn",
                bytes: written.byteCount
            )
            describe(&result, report)
            return result
        }
        var result: JobResult
        if options.simulates {
            result = JobResult(.done, verb: "burn", bytes: written.byteCount)
            result.sentences = ["The rehearsal went well, and the disc is still blank."]
        } else if options.verifies {
            result = try readBack(drive, report, cancellation, tell)
        } else {
            result = JobResult(.done, verb: "burn", bytes: written.byteCount)
            result.sentences = [
                "\(written.sectors) sectors were written, and the disc lists them. They were not read back."
            ]
        }
        describe(&result, report)
        if options.ejects, result.exitCode == 0 { Drive.openTray(node) }
        return result
    }

    private func inspect() throws(Failure) -> (Drive, DiscReport) {
        let drive = try Drive(node)
        return (drive, try drive.inspectDisc())
    }

    private func describe(_ result: inout JobResult, _ report: DiscReport) {
        // Without a reading back the sum is the source's, made while it was burned; of a disc that
        // could not be read there is none.
        if result.status != .incomplete {
            result.sha256 = result.sha256 ?? written.sha256.hexadecimal
        }
        result.discState = report.state.rawValue
        result.discUsable = result.exitCode == 0
    }

    /// What in the disc's state, tracks or lead-out does not fit what was planned.
    private func contradiction(_ report: DiscReport) -> String? {
        if options.simulates {
            return report.state == .blank
                ? nil : "after a simulation it is \(report.state.rawValue)"
        }
        switch report.state {
        case .none: return "there is no disc"
        // Overwritable discs have no state of their own: an image of zeros leaves one looking blank,
        // which reading it back will show to be right.
        case .blank where !report.isOverwritable || !options.verifies: return "it is blank"
        case .damaged: return report.problem ?? "the recording is not finished"
        case .appendable where !plan.job.keepsAppendable: return "it was not closed"
        default: break
        }
        guard !report.isOverwritable else {
            guard let sectors = report.capacity?.sectors, sectors < written.sectors else {
                return nil
            }
            return "it has \(sectors) sectors, and \(written.sectors) were written"
        }
        let tracks = report.layout.tracks
        guard let track = tracks.first, tracks.count == 1 else {
            return "it has \(tracks.count) tracks, and one was written"
        }
        if track.content != .data { return "its track is audio" }
        if track.start != .zero { return "its track begins at \(track.start), not at 0" }
        let needed = written.sectors + plan.job.paddingSectors
        if track.length < needed {
            return "its track has \(track.length) sectors, and \(needed) were written"
        }
        guard let leadOut = report.layout.leadOut else { return "it has no lead-out" }
        if leadOut.rawValue < needed {
            return "its lead-out begins at \(leadOut), before the end of what was written"
        }
        return nil
    }
}
