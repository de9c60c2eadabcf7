import DiscDrives
import DiscModel
import LibBurn
import LibCrypto
import MMC
import Reports
import SystemPackage
import Transfer

/// Has a disc of several tracks say itself what a burn did: its state, its table of contents, every
/// sector of every track, and what its lead-in and subchannel hold besides.
struct TrackWitness {
    let node: FilePath
    let image: any DiscSource
    /// What was planned, with the tracks where the disc has them.
    private(set) var plan: DiscPlan
    let written: WrittenTracks
    let options: BurnOptions

    /// Looks at the disc and, if a check was asked for, reads it back.
    func testify(
        cancellation: Cancellation,
        tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        var (drive, report) = try inspect()
        var witness = adopting(report)
        var contradiction = witness.contradiction(report)
        if contradiction != nil, !options.simulates {
            // Some drives show what they showed before the burn until the disc is loaded anew.
            tell(.message(JobMessage(.note, "The drive is asked to load the disc anew.")))
            switch try Drive.reload(node) {
            case .loaded(let newDrive, let newReport):
                (drive, report) = (newDrive, newReport)
                witness = adopting(report)
                contradiction = witness.contradiction(report)
            case .lost: break
            case .stuckOpen: throw .trayStaysOpen
            }
        }
        var result: JobResult
        if let contradiction {
            result = JobResult(
                Failure(contradicted: contradiction, report),
                verb: "burn",
                bytes: plan.byteCount
            )
        } else if options.simulates {
            result = JobResult(.done, verb: "burn", bytes: plan.byteCount)
            result.sentences = ["The rehearsal went well, and the disc is still blank."]
        } else if options.verifies {
            result = try witness.testimony(&drive, &report, cancellation, tell)
            result.sentences.append(
                "Its table of contents is as planned: sessions, tracks and where they begin, flags."
            )
        } else {
            result = JobResult(.done, verb: "burn", bytes: plan.byteCount)
            result.tracks = witness.results(.done)
            result.sentences = [
                "\(Self.count(plan.tracks.count, "track")) were written, and the disc lists them. They were not read back."
            ]
        }
        // Of a disc that is not what was burned each track has its own.
        if [.verified, .done, .failed].contains(result.status) {
            result.sha256 = written.sum.hexadecimal
        }
        result.discState = report.state.rawValue
        result.discUsable = result.status == .interrupted ? nil : result.exitCode == 0
        guard result.exitCode == 0 else { return result }
        if options.ejects {
            result.eject(from: node)
        } else if !options.simulates, let last = plan.tracks.last(where: { $0.kind == .data }) {
            result.renew(node, report, sectors: last.end - last.runOut, tell: tell)
        }
        return result
    }

    /// Reads the disc back, whatever else is known of it.
    func evidence(
        _ report: DiscReport,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        var drive = try Drive(node)
        var report = report
        let witness = adopting(report)
        var result = try witness.testimony(&drive, &report, cancellation, tell)
        if let contradiction = witness.contradiction(report) {
            result.sentences.append("The disc is not as planned: \(contradiction).")
        }
        return result
    }

    /// What reading the disc back says; being stopped at that is a result, too.
    private func testimony(
        _ drive: inout Drive,
        _ report: inout DiscReport,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        do {
            return try readBack(&drive, &report, cancellation, tell)
        } catch  where error.cause == .interruption {
            return JobResult(error, verb: "burn", bytes: plan.byteCount)
        }
    }

    /// The same witness with the tracks where the disc has them.
    private func adopting(_ report: DiscReport) -> TrackWitness {
        var witness = self
        witness.plan = plan.adopting(report.layout)
        return witness
    }

    private func inspect() throws(Failure) -> (Drive, DiscReport) {
        let drive = try Drive(node)
        return (drive, try drive.inspectDisc())
    }

    /// What in the disc's state, table of contents or lead-outs does not fit what was planned.
    func contradiction(_ report: DiscReport) -> String? {
        if options.simulates {
            return report.state == .blank
                ? nil : "after a simulation it is \(report.state.rawValue)"
        }
        switch report.state {
        case .none: return "there is no disc"
        case .blank: return "it is blank"
        case .unknown: return report.problem ?? "the drive does not say how far it is recorded"
        case .damaged: return report.problem ?? "the recording is not finished"
        case .appendable: return "it was not closed"
        case .complete: break
        }
        let found = report.layout.tracks
        guard found.count == plan.tracks.count else {
            return "it has \(found.count) tracks, and \(plan.tracks.count) were written"
        }
        for (track, planned) in zip(found, plan.tracks) {
            if let what = contradiction(track, planned, report) { return what }
        }
        for (session, planned) in zip(report.layout.sessions, plan.sessions) {
            let leadOut = session.leadOut.rawValue
            // Track at once the drive decides how many sectors of run-out there are.
            let fits =
                planned.mode == .sessionAtOnce
                ? leadOut == planned.leadOut
                : leadOut >= planned.leadOut - (planned.tracks.last?.runOut ?? 0)
            if !fits {
                return
                    "the lead-out of session \(session.number) begins at \(leadOut), not at \(planned.leadOut)"
            }
        }
        return nil
    }

    private func contradiction(
        _ track: Track,
        _ planned: DiscPlan.PlannedTrack,
        _ report: DiscReport
    ) -> String? {
        let name = "track \(track.number)"
        let source = planned.source
        if track.number != source.number { return "\(name) was to be track \(source.number)" }
        if track.session != source.session { return "\(name) is in session \(track.session)" }
        if track.mode.isData != source.mode.isData {
            return "\(name) is \(track.mode.isData ? "data" : "audio")"
        }
        if track.start.rawValue != planned.start {
            return "\(name) begins at \(track.start), not at \(planned.start)"
        }
        if track.length < source.length {
            return "\(name) has \(track.length) sectors, and \(source.length) were written"
        }
        let entry = report.tableOfContents?.tracks.first { $0.number == track.number }
        if let entry, entry.control & 0xB != source.flags.rawValue & 0xB, !source.mode.isData {
            return
                "the flags of \(name) are \(entry.control & 0xB), not \(source.flags.rawValue & 0xB)"
        }
        return nil
    }

    /// Reads every track back, and what does not come as it should once more by other ways.
    private func readBack(
        _ drive: inout Drive,
        _ report: inout DiscReport,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        var (comparison, found) = try compare(drive, report, cancellation, tell)
        var remarks: [String] = []
        var findings: [SecondLook.Finding] = []
        if let suspects = found.suspects, !suspects.isEmpty {
            let look = SecondLook(
                node: node,
                kind: { comparison.kind(at: $0) },
                isRight: { [shift = found.shift] in comparison.isRight($1, at: $0, shift: shift) },
                sectors: (plan.tracks.first?.start ?? 0)..<max(
                    plan.tracks.last.map { $0.start + $0.source.length } ?? 0,
                    1
                )
            )
            let (looked, obstacle) = try look.look(
                at: suspects,
                wrongIn: 1,
                ofReads: 1,
                &drive,
                &report,
                cancellation,
                tell
            )
            findings = looked
            remarks = SecondLook.sentences(findings) + [obstacle].compactMap(\.self)
            adopt(findings, in: &found)
        } else if found.suspects == nil, !cancellation.isRequested {
            tell(
                .message(
                    JobMessage(
                        .note,
                        "Much of the disc did not come back as it was burned. The drive is asked to load it anew, and it is read once more."
                    )
                )
            )
            let reloading = try Drive.reload(node)
            if case .loaded(let newDrive, let newReport) = reloading {
                (drive, report) = (newDrive, newReport)
                (comparison, found) = try compare(drive, report, cancellation, tell)
                remarks = ["The disc was read twice."]
            }
            if let obstacle = reloading.obstacle { remarks.append(obstacle) }
        }
        guard !cancellation.isRequested else { throw .readingStopped(report) }
        var result = verdict(found)
        result.sentences.insert(contentsOf: remarks, at: min(1, result.sentences.count))
        if !findings.isEmpty { result.adoptReads(findings) }
        let others = try codes(drive)
        result.sentences += others.sentences
        if others.differ, result.status == .verified {
            result.status = .differs
        }
        return result
    }

    /// Compares every track with the image.
    private func compare(
        _ drive: Drive,
        _ report: DiscReport,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> (TrackComparison, TrackComparison.Result) {
        var meter = RateMeter(
            phase: .verify,
            total: plan.byteCount,
            singleSpeed: report.medium?.facts.bytesPerSecondAtSingleSpeed
        )
        let comparison = TrackComparison(
            image,
            plan,
            data: DriveSource(drive, report, sectors: plan.sectors),
            sound: DriveSource(soundOf: drive, sectors: plan.sectors)
        )
        do {
            let found = try comparison.run(cancellation) { bytes in
                if meter.isDue { tell(.progress(meter.progress(bytes: bytes))) }
            }
            guard !cancellation.isRequested else { throw Failure.readingStopped(report) }
            return (comparison, found)
        } catch let failure as Failure where failure.cause == .interruption {
            throw failure
        } catch {
            throw Failure(
                .unchecked,
                (error as? Failure)?.what ?? "The disc can't be read on: \(error)",
                meaning: "The disc was written; whether it is right is not known.",
                advice: "Run “spindle verify” to find out."
            )
        }
    }

    /// Corrects what was found of each track by what a second look says of its sectors.
    private func adopt(_ findings: [SecondLook.Finding], in found: inout TrackComparison.Result) {
        for index in found.tracks.indices where !found.tracks[index].suspects.isEmpty {
            let own = Set(found.tracks[index].suspects)
            let wrong = findings.filter { own.contains($0.sector) && !$0.isRight }
            let unreadable = wrong.filter { !$0.isReadable }.map(\.sector)
            let differing = wrong.filter(\.isReadable).map(\.sector)
            found.tracks[index].differing = differing.count
            found.tracks[index].firstDiffering = differing.first
            found.tracks[index].unreadable = unreadable.count
            found.tracks[index].firstUnreadable = unreadable.first
            // The sectors were compared with the image one by one.
            if wrong.isEmpty, written.sums.indices.contains(index) {
                found.tracks[index].sum = written.sums[index]
            }
        }
    }

    private func verdict(_ found: TrackComparison.Result) -> JobResult {
        var tracks = results(.verified)
        for (index, finding) in found.tracks.enumerated() where tracks.indices.contains(index) {
            if finding.unreadable > 0 {
                tracks[index].status = .incomplete
                tracks[index].unreadableSectors = finding.unreadable
                tracks[index].firstUnreadableSector = finding.firstUnreadable
                tracks[index].sha256 = nil
            } else if finding.differing > 0 || (found.shift == 0 && !isAsWritten(index, finding)) {
                tracks[index].status = .differs
                tracks[index].sha256 = finding.sum?.hexadecimal
            }
            if finding.differing > 0 {
                tracks[index].differingSectors = finding.differing
                tracks[index].firstDifferingSector = finding.firstDiffering
            }
        }
        let status: JobStatus =
            if tracks.contains(where: { $0.status == .incomplete }) {
                .incomplete
            } else if tracks.contains(where: { $0.status == .differs }) { .differs } else {
                .verified
            }
        var result = JobResult(status, verb: "burn", bytes: plan.byteCount)
        result.sentences = status == .verified ? praise(found.shift) : blame(tracks)
        if found.shift != 0 { result.audioOffset = found.shift }
        let unreadable = found.tracks.reduce(0) { $0 + $1.unreadable }
        let differing = found.tracks.reduce(0) { $0 + $1.differing }
        result.unreadableSectors = unreadable > 0 ? unreadable : nil
        result.firstUnreadableSector = found.tracks.lazy.compactMap(\.firstUnreadable).first
        result.differingSectors = differing > 0 ? differing : nil
        result.firstDifferingSector = found.tracks.lazy.compactMap(\.firstDiffering).first
        result.tracks = tracks
        return result
    }

    private func isAsWritten(_ index: Int, _ finding: TrackComparison.Finding) -> Bool {
        written.sums.indices.contains(index) && finding.sum == written.sums[index]
    }

    private func results(_ status: JobStatus) -> [TrackResult] {
        plan.tracks.enumerated().map { index, track in
            var result = TrackResult(
                number: track.source.number,
                session: track.source.session,
                mode: track.kind.name,
                start: track.start,
                sectors: track.source.length,
                status: status
            )
            if written.sums.indices.contains(index) {
                result.sha256 = written.sums[index].hexadecimal
            }
            return result
        }
    }

    private func praise(_ shift: Int) -> [String] {
        let sound = plan.tracks.count { $0.kind == .audio }
        let data = plan.tracks.count - sound
        var parts: [String] = []
        if data > 0 { parts.append("\(Self.count(data, "track")) of data by every sector") }
        if sound > 0 {
            parts.append(
                "\(Self.count(sound, "track")) of sound "
                    + (shift == 0
                        ? "sample for sample" : "with a shift that is the same everywhere")
            )
        }
        var sentences = [
            "What was read back from the disc is right: \(parts.joined(separator: ", "))."
        ]
        if shift != 0 {
            sentences.append(
                "The sound came back \(abs(shift)) samples too \(shift > 0 ? "early" : "late"): the offsets of the drive for writing and for reading together, which no player lets hear; the first or last \(abs(shift)) samples could not be compared."
            )
        }
        return sentences
    }

    private func blame(_ tracks: [TrackResult]) -> [String] {
        let bad = tracks.filter { $0.status != .verified }
        let sentences = bad.map { track in
            if let first = track.firstUnreadableSector {
                "Of track \(track.number), \(Self.count(track.unreadableSectors ?? 0, "sector")) can't be read back, from \(first) on."
            } else if let first = track.firstDifferingSector {
                "Track \(track.number) is not what was burned in \(Self.count(track.differingSectors ?? 0, "sector")), from \(first) on."
            } else {
                "Track \(track.number) is not what was burned."
            }
        }
        return sentences + [
            "The disc can't be relied on.",
            "Burn another disc, at a lower speed or in another drive.",
        ]
    }

    static func count(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}

extension Failure {
    /// The write was reported as done, and the disc says otherwise.
    init(contradicted what: String, _ report: DiscReport) {
        self.init(
            .trouble,
            "The write was reported as done, but the disc says otherwise: \(what).",
            meaning: report.state == .blank && !report.isOverwritable
                ? "The disc is blank."
                : "The disc (\(report.state.rawValue)) can't be relied on.",
            advice: "Burn another disc, at a lower speed or in another drive."
        )
    }
}
