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
        if let contradiction, contradiction.isOfSizes, options.verifies, !options.simulates {
            // A number alone, and drives are wrong about these: what can be read decides.
            var result = try readBack(&drive, &report, cancellation, tell)
            if result.status == .verified {
                let said = "Of its size the drive says otherwise: \(contradiction.text)."
                result.sentences.append(said)
                tell(.message(JobMessage(.warning, said)))
            } else {
                result.sentences.insert("The disc is not as planned: \(contradiction.text).", at: 0)
            }
            describe(&result, report)
            if options.ejects, result.exitCode == 0 { Drive.openTray(node) }
            return result
        }
        if let contradiction {
            var result = JobResult(
                Failure(
                    .trouble,
                    "The write was reported as done, but the disc says otherwise: \(contradiction.text).",
                    meaning: report.state == .blank && !report.isOverwritable
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
            result = try readBack(&drive, &report, cancellation, tell)
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

    /// Reads the payload back and, where it does not come as it should, once more when the disc has
    /// been loaded anew.
    ///
    /// Drives have been seen that go on giving what they read before the burn, or can't read what they
    /// have just written, until the tray has moved.
    private func readBack(
        _ drive: inout Drive,
        _ report: inout DiscReport,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        var result = try readBack(drive, report, cancellation, tell)
        guard result.status != .verified, !cancellation.isRequested else { return result }
        tell(
            .message(
                JobMessage(
                    .note,
                    "\(result.sentences.first ?? "") The drive is asked to load the disc anew, and it is read once more."
                )
            )
        )
        do throws(Failure) {
            guard try Drive.reload(node) else { return result }
        } catch {
            result.sentences.append(
                "Some drives read a disc right only when it has been loaded anew, and this one can't close its tray: close it, and run “spindle verify”."
            )
            return result
        }
        (drive, report) = try inspect()
        return try readBack(drive, report, cancellation, tell)
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

    /// What does not fit what was planned.
    private struct Contradiction {
        /// The rest of a sentence.
        var text: String
        /// Whether it is but a number of sectors that is too small.
        var isOfSizes = false

        init(_ text: String) { self.text = text }

        init(sizes text: String) {
            self.text = text
            isOfSizes = true
        }
    }

    /// What in the disc's state, tracks or lead-out does not fit what was planned.
    private func contradiction(_ report: DiscReport) -> Contradiction? {
        if options.simulates {
            return report.state == .blank
                ? nil : Contradiction("after a simulation it is \(report.state.rawValue)")
        }
        switch report.state {
        case .none: return Contradiction("there is no disc")
        // Overwritable discs have no state of their own: an image of zeros leaves one looking blank,
        // which reading it back will show to be right.
        case .blank where !report.isOverwritable || !options.verifies:
            return Contradiction("it is blank")
        case .damaged: return Contradiction(report.problem ?? "the recording is not finished")
        case .appendable where !plan.job.keepsAppendable: return Contradiction("it was not closed")
        default: break
        }
        guard !report.isOverwritable else {
            guard let sectors = report.capacity?.sectors, sectors < written.sectors else {
                return nil
            }
            return Contradiction(
                sizes: "it has \(sectors) sectors, and \(written.sectors) were written"
            )
        }
        let tracks = report.layout.tracks
        guard let track = tracks.first, tracks.count == 1 else {
            return Contradiction("it has \(tracks.count) tracks, and one was written")
        }
        if track.content != .data { return Contradiction("its track is audio") }
        if track.start != .zero {
            return Contradiction("its track begins at \(track.start), not at 0")
        }
        let needed = written.sectors + plan.job.paddingSectors
        if track.length < needed {
            return Contradiction(
                sizes: "its track has \(track.length) sectors, and \(needed) were written"
            )
        }
        guard let leadOut = report.layout.leadOut else {
            return Contradiction("it has no lead-out")
        }
        if leadOut.rawValue < needed {
            return Contradiction(
                sizes: "its lead-out begins at \(leadOut), before the end of what was written"
            )
        }
        return nil
    }
}
