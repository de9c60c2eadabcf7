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

    /// Looks at the disc and, if a check was asked for, reads it back.
    func testify(
        cancellation: Cancellation,
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        var (drive, report) = try inspect()
        var contradiction = contradiction(report)
        if contradiction != nil, !options.simulates {
            // Some drives show what they showed before the burn until the disc is loaded anew.
            tell(.message(JobMessage(.note, "The drive is asked to load the disc anew.")))
            switch try Drive.reload(node) {
            case .loaded(let newDrive, let newReport):
                (drive, report) = (newDrive, newReport)
                contradiction = self.contradiction(report)
            case .lost: break
            case .stuckOpen: throw .trayStaysOpen
            }
        }
        var result: JobResult
        if let contradiction {
            if contradiction.isDoubtful, options.verifies, !options.simulates {
                // Drives are wrong about these: what can be read decides.
                result = try testimony(&drive, &report, cancellation, tell)
                if result.status == .verified {
                    let said = "Of the disc the drive says otherwise: \(contradiction.text)."
                    result.sentences.append(said)
                    tell(.message(JobMessage(.warning, said)))
                } else {
                    let said = "The disc is not as planned: \(contradiction.text)."
                    result.sentences.insert(said, at: 0)
                }
            } else {
                result = JobResult(
                    Failure(contradicted: contradiction.text, report),
                    verb: "burn",
                    bytes: written.byteCount
                )
            }
        } else if options.simulates {
            result = JobResult(.done, verb: "burn", bytes: written.byteCount)
            result.sentences = ["The rehearsal went well, and the disc is still blank."]
        } else if options.verifies {
            result = try testimony(&drive, &report, cancellation, tell)
        } else {
            result = JobResult(.done, verb: "burn", bytes: written.byteCount)
            result.sentences = [
                "\(written.sectors) sectors were written, and the disc lists them. They were not read back."
            ]
        }
        describe(&result, report)
        guard result.exitCode == 0 else { return result }
        if options.ejects {
            result.eject(from: node)
        } else if !options.simulates {
            result.renew(node, report, sectors: written.sectors, tell: tell)
        }
        return result
    }

    /// Reads the disc back, whatever else is known of it.
    func evidence(
        _ report: DiscReport,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        var drive = try Drive(node)
        var report = report
        return try testimony(&drive, &report, cancellation, tell)
    }

    /// What reading the disc back says; being stopped at that is a result, too.
    private func testimony(
        _ drive: inout Drive,
        _ report: inout DiscReport,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        do {
            return try readBack(&drive, &report, cancellation, tell)
        } catch  where error.cause == .interruption {
            return JobResult(error, verb: "burn", bytes: written.byteCount)
        }
    }

    private func inspect() throws(Failure) -> (Drive, DiscReport) {
        let drive = try Drive(node)
        return (drive, try drive.inspectDisc())
    }

    private func describe(_ result: inout JobResult, _ report: DiscReport) {
        // Without a reading back the sum is the source's, made while it was burned; of a disc that
        // could not be read there is none.
        if result.status != .incomplete, result.status != .interrupted {
            result.sha256 = result.sha256 ?? written.sha256.hexadecimal
        }
        result.discState = report.state.rawValue
        // Of a disc that nobody could look at to the end it is not known.
        result.discUsable = result.status == .interrupted ? nil : result.exitCode == 0
    }

    /// What does not fit what was planned.
    private struct Contradiction {
        /// The rest of a sentence.
        var text: String
        /// Whether drives say such things of good discs: a number of sectors that is too small, or
        /// nothing of how far it is recorded.
        var isDoubtful = false

        init(_ text: String) { self.text = text }

        init(doubtful text: String) {
            self.text = text
            isDoubtful = true
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
        case .unknown where report.problem == nil:
            return Contradiction(doubtful: "the drive does not say how far it is recorded")
        case .unknown: return Contradiction(report.problem ?? "the drive can't use it")
        case .damaged: return Contradiction(report.problem ?? "the recording is not finished")
        case .appendable where !plan.job.keepsAppendable: return Contradiction("it was not closed")
        default: break
        }
        guard !report.isOverwritable else {
            guard let sectors = report.capacity?.sectors, sectors < written.sectors else {
                return nil
            }
            return Contradiction(
                doubtful: "it has \(sectors) sectors, and \(written.sectors) were written"
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
                doubtful: "its track has \(track.length) sectors, and \(needed) were written"
            )
        }
        guard let leadOut = report.layout.leadOut else {
            return Contradiction("it has no lead-out")
        }
        if leadOut.rawValue < needed {
            return Contradiction(
                doubtful: "its lead-out begins at \(leadOut), before the end of what was written"
            )
        }
        return nil
    }
}
