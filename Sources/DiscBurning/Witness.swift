import DiscDrives
import DiscModel
import LibBurn
import LibCrypto
import MMC
import Reports
import SystemPackage
import Transfer

/// Has the disc itself say what a burn did: its state, its tracks, its lead-outs, every sector, and
/// what its lead-in and subchannel hold besides.
///
/// libburn's word and a drive's good status are not enough: both have been seen over blank discs.
struct Witness {
    let node: FilePath
    let image: ImageToBurn
    let plan: BurnPlan
    let written: Written
    var options: BurnOptions
    /// A wish to stop, heeded while the disc is read back.
    let cancellation: Cancellation
    /// Told the progress and what is worth knowing.
    let tell: @Sendable (JobEvent) -> Void
    /// What is left to do to a disc that was found to be right, before it is ejected.
    let complete: (JobResult, Drive, DiscReport) -> JobResult
    /// What was written, with the tracks where the disc has them.
    private(set) var disc: DiscPlan

    /// Looks at the disc and, if a check was asked for, reads it back.
    func testify() throws(Failure) -> JobResult {
        var drive = try Drive(node)
        var report = try drive.inspectDisc()
        var witness = adopting(report)
        var contradiction = witness.contradiction(report)
        if contradiction != nil, !options.simulates {
            // Some drives show what they showed before the burn until the disc is loaded again.
            tell(.message(JobMessage(.note, "The drive is asked to reload the disc.")))
            switch try Drive.reload(node) {
            case .loaded(let newDrive, let newReport):
                (drive, report) = (newDrive, newReport)
                witness = adopting(report)
                contradiction = witness.contradiction(report)
            case .lost: break
            case .stuckOpen: throw .trayStaysOpen
            }
        }
        let isRead = options.verifies && !options.simulates
        var result: JobResult
        if let contradiction, !(contradiction.isDoubtful && isRead) {
            result = JobResult(
                contradiction.isSilence
                    ? Failure(silentAbout: contradiction.text)
                    : Failure(contradicted: contradiction.text, report),
                verb: "burn",
                bytes: written.byteCount
            )
        } else if isRead {
            result = try witness.testimony(&drive, &report)
            result.explain(drive)
            if let contradiction {
                // Drives are wrong about these: what can be read decides.
                result.adopt(contradiction, tell)
            } else if !disc.isPlainData {
                result.sentences.append(
                    "Its table of contents is as planned: sessions, tracks and where they begin, flags."
                )
            }
        } else {
            result = JobResult(.done, verb: "burn", bytes: written.byteCount)
            if options.simulates {
                let state = report.state == .blank ? "still blank" : "as it was"
                result.sentences = ["The rehearsal went well, and the disc is \(state)."]
            } else {
                let what =
                    disc.isPlainData
                    ? "\(written.sectors) sectors" : Self.count(disc.tracks.count, "track")
                result.tracks = disc.isPlainData ? nil : witness.results(.done)
                result.sentences = [
                    plan.isOverwriting
                        ? "\(what) were written. They were not read back."
                        : "\(what) were written, and the disc lists them. They were not read back."
                ]
            }
        }
        // Of what is not on the disc as it was burned the sum is that of what is there, if any.
        if [.verified, .done, .failed].contains(result.status) {
            result.sha256 = written.sum.hexadecimal
        }
        result.discState = report.state.rawValue
        // Of a disc that nobody could look at to the end it is not known.
        let isUnknown = [.interrupted, .notVerified].contains(result.status)
        result.discUsable = isUnknown ? nil : result.exitCode == 0
        result.adopt(plan)
        guard result.exitCode == 0 else { return result }
        result = complete(result, drive, report)
        guard result.exitCode == 0 else { return result }
        if plan.keepsOpen || report.state == .appendable, !plan.isOverwriting, !options.simulates {
            result.sentences.append(
                report.state == .appendable
                    ? "The disc stays open: “spindle burn” can write another session after this one, and “spindle close” closes it."
                    : report.state == .unknown
                        ? "The disc was to stay open, and the drive does not say whether it is."
                        : "The disc was to stay open, and the drive calls it \(report.state.rawValue): no further session can follow."
            )
        }
        // A disc that goes into another drive now is read there.
        guard options.secondDrive == nil else { return result }
        if options.ejects {
            result.eject(from: node)
        } else if !options.simulates,
            let last = witness.disc.tracks.last(where: { $0.kind == .data })
        {
            result.renew(node, report, sectors: last.start + last.source.length, tell: tell)
        }
        return result
    }

    /// Reads the disc back, whatever else is known of it.
    func evidence(_ report: DiscReport) throws(Failure) -> JobResult {
        var drive = try Drive(node)
        var report = report
        let witness = adopting(report)
        var result = try witness.testimony(&drive, &report)
        if let contradiction = witness.contradiction(report) {
            result.sentences.append("The disc is not as planned: \(contradiction.text).")
        }
        result.adopt(plan)
        return result
    }

    /// What reading the disc back says; being stopped at that is a result, too.
    private func testimony(_ drive: inout Drive, _ report: inout DiscReport) throws(Failure)
        -> JobResult
    {
        do {
            return try readBack(&drive, &report)
        } catch  where error.cause == .interruption {
            return JobResult(error, verb: "burn", bytes: written.byteCount)
        }
    }

    /// The same witness with the tracks where the disc has them.
    private func adopting(_ report: DiscReport) -> Witness {
        var witness = self
        witness.disc = written.disc.adopting(report.layout)
        return witness
    }

    /// What does not fit what was planned.
    fileprivate struct Contradiction {
        /// The rest of a sentence.
        var text: String
        /// Whether drives say such things of good discs: a number of sectors that is too small, or
        /// nothing of how far it is recorded.
        var isDoubtful = false
        /// Whether the drive says nothing, where it should say that all is as planned.
        var isSilence = false

        init(_ text: String) { self.text = text }

        init(doubtful text: String) {
            self.text = text
            isDoubtful = true
        }

        init(silence text: String) {
            self.init(doubtful: text)
            isSilence = true
        }
    }

    /// What in the disc's state, table of contents or lead-outs does not fit what was planned.
    private func contradiction(_ report: DiscReport) -> Contradiction? {
        if options.simulates {
            return report.state == plan.stateBefore
                ? nil : Contradiction("after a simulation it is \(report.state.rawValue)")
        }
        switch report.state {
        case .none: return Contradiction("there is no disc")
        // Overwritable discs have no state of their own: an image of zeros leaves one looking blank, or
        // one that lies far out. Reading it back will show whether it is right.
        case .blank where !report.isOverwritable || !options.verifies && written.isSeen:
            return Contradiction("it is blank")
        case .unknown where report.problem == nil:
            return Contradiction(silence: "the drive does not say how far it is recorded")
        case .unknown: return Contradiction(report.problem ?? "the drive can't use it")
        case .damaged: return Contradiction(report.problem ?? "the recording is not finished")
        case .appendable where disc.sessions.last?.isFollowed == false:
            return Contradiction("it was not closed")
        default: break
        }
        guard !report.isOverwritable else {
            let end = disc.point.address + written.sectors
            guard let sectors = report.capacity?.sectors, sectors < end else { return nil }
            return Contradiction(
                doubtful: disc.point.address == 0
                    ? "it has \(sectors) sectors, and \(end) were written"
                    : "it has \(sectors) sectors, and it was written up to sector \(end)"
            )
        }
        let before = disc.point.tracksBefore
        let found = report.layout.tracks.dropFirst(before)
        guard found.count == disc.tracks.count else {
            let planned = disc.tracks.count == 1 ? "one was" : "\(disc.tracks.count) were"
            let all = report.layout.tracks.count
            return Contradiction(
                before == 0
                    ? "it has \(all) tracks, and \(planned) written"
                    : "it has \(all) tracks; before there were \(before), and \(planned) written"
            )
        }
        for (track, planned) in zip(found, disc.tracks) {
            if let what = contradiction(track, planned, report) { return what }
        }
        return disc.isPlainData ? shortfall(report) : misplacedLeadOut(report)
    }

    private func contradiction(
        _ track: Track,
        _ planned: DiscPlan.PlannedTrack,
        _ report: DiscReport
    ) -> Contradiction? {
        let name = disc.isPlainData ? "its track" : "track \(track.number)"
        let source = planned.source
        if !disc.isPlainData {
            if track.number != source.number {
                return Contradiction("\(name) was to be track \(source.number)")
            }
            if track.session != source.session {
                return Contradiction("\(name) is in session \(track.session)")
            }
        }
        if track.mode.isData != source.mode.isData {
            return Contradiction("\(name) is \(track.mode.isData ? "data" : "audio")")
        }
        if track.start.rawValue != planned.start {
            return Contradiction("\(name) begins at \(track.start), not at \(planned.start)")
        }
        let needed = source.length + (disc.isPlainData ? planned.padding : 0)
        if track.length < needed {
            return Contradiction(
                doubtful: "\(name) has \(track.length) sectors, and \(needed) were written"
            )
        }
        let entry = report.tableOfContents?.tracks.first { $0.number == track.number }
        if let entry, entry.control & 0xB != source.flags.rawValue & 0xB, !source.mode.isData {
            return Contradiction(
                "the flags of \(name) are \(entry.control & 0xB), not \(source.flags.rawValue & 0xB)"
            )
        }
        return nil
    }

    /// A lead-out before the end of plain data: how far behind it begins differs by drive and medium.
    private func shortfall(_ report: DiscReport) -> Contradiction? {
        guard let leadOut = report.layout.leadOut else {
            return Contradiction("it has no lead-out")
        }
        guard let needed = disc.leadOut, leadOut.rawValue < needed else { return nil }
        return Contradiction(
            doubtful: "its lead-out begins at \(leadOut), before the end of what was written"
        )
    }

    private func misplacedLeadOut(_ report: DiscReport) -> Contradiction? {
        let sessions = report.layout.sessions.filter { $0.number >= disc.point.session }
        for (session, planned) in zip(sessions, disc.sessions) {
            let leadOut = session.leadOut.rawValue
            // Track at once the drive decides how many sectors of run-out there are.
            let fits =
                planned.mode == .sessionAtOnce
                ? leadOut == planned.leadOut
                : leadOut >= planned.leadOut - (planned.tracks.last?.runOut ?? 0)
            guard fits else {
                return Contradiction(
                    "the lead-out of session \(session.number) begins at \(leadOut), not at \(planned.leadOut)"
                )
            }
        }
        return nil
    }

    static func count(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}

extension JobResult {
    /// Says where on the disc it is, unless that is its beginning.
    fileprivate mutating func adopt(_ plan: BurnPlan) {
        guard plan.point.address > 0 else { return }
        start = plan.point.address
        if !plan.isOverwriting { session = plan.point.session }
    }

    /// Takes in what the drive says against a disc that was read back.
    fileprivate mutating func adopt(
        _ contradiction: Witness.Contradiction,
        _ tell: (JobEvent) -> Void
    ) {
        guard status == .verified else {
            return sentences.insert("The disc is not as planned: \(contradiction.text).", at: 0)
        }
        let said =
            contradiction.isSilence
            ? "Of the disc itself \(contradiction.text)."
            : "Of the disc the drive says otherwise: \(contradiction.text)."
        sentences.append(said)
        tell(.message(JobMessage(.warning, said)))
    }
}

extension Failure {
    /// The write was reported as done, and nobody says what the disc is.
    fileprivate init(silentAbout what: String) {
        self.init(
            .unchecked,
            "The write was reported as done, and nothing says that it was: \(what).",
            meaning: "What is on the disc is not known.",
            advice: "Take the disc out, put it in again, and run “spindle verify”."
        )
    }

    /// The write was reported as done, and the disc says otherwise.
    fileprivate init(contradicted what: String, _ report: DiscReport) {
        self.init(
            .trouble,
            "The write was reported as done, but the disc says otherwise: \(what).",
            meaning: report.state == .blank && !report.isOverwritable
                ? "The drive still calls the disc blank; don't trust it."
                : "Don't trust this disc (state: \(report.state.rawValue)).",
            advice: "Burn another disc, at a lower speed or in another drive."
        )
    }
}
