import DiscDrives
import DiscModel
import DiscVerification
import LibBurn
import LibCrypto
import Reports
import Transfer

extension Witness {
    /// Bytes of an image up to which a drive may still have all of it in its buffer, which holds some
    /// MiB; of a larger one the reading has driven out the rest before it gets there.
    private static let bufferSize = 32 << 20

    /// Reads the payload back and, if it does not come as it should, once more by other ways before
    /// the disc is called bad.
    ///
    /// Drives have been seen that go on giving what they read before the burn, or can't read what they
    /// have just written, until the tray has moved; and a cable can spoil a sector of a good disc.
    ///
    /// - Throws: ``Reports/Failure`` if the drive can't be read at all, or the reading was stopped.
    func readBack(
        _ drive: inout Drive,
        _ report: inout DiscReport,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let first = try read(drive, report, cancellation, tell)
        if isRight(first) { return verified(first) }
        if first.isWhole, let result = try locate(first, &drive, &report, cancellation, tell) {
            return result
        }
        let what = verdict(first).sentences.first ?? ""
        tell(
            .message(
                JobMessage(
                    .note,
                    "\(what) The drive is asked to load the disc anew, and it is read once more."
                )
            )
        )
        let reloading = try Drive.reload(node)
        guard case .loaded(let newDrive, let newReport) = reloading else {
            var result = verdict(first)
            if let obstacle = reloading.obstacle { result.sentences.append(obstacle) }
            return result
        }
        (drive, report) = (newDrive, newReport)
        let second = try read(drive, report, cancellation, tell)
        if isRight(second) {
            var result = verified(second)
            result.sentences.append(
                "It came back wrong in 1 of 2 readings, before it was loaded anew."
            )
            return result
        }
        var result = verdict(second)
        if second.isWhole {
            if let found = try locate(second, &drive, &report, cancellation, tell) { return found }
            if let sectors = try compare(drive, report, cancellation, tell)?.found.tracks.first {
                result = differing(second, sectors: sectors)
            }
        }
        result.sentences.insert("It came back wrong in 2 of 2 readings.", at: 1)
        return result
    }

    /// Reads every sector of the payload back, and looks at the padding after it.
    private func read(
        _ drive: Drive,
        _ report: DiscReport,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> ReadBackResult {
        let source = DriveSource(
            drive,
            report,
            sectors: written.sectors + plan.paddingSectors,
            forcesAccess: written.byteCount <= Self.bufferSize
        )
        do {
            return try ReadBack(
                source,
                byteCount: written.byteCount,
                padding: plan.paddingSectors,
                singleSpeed: plan.medium.facts.bytesPerSecondAtSingleSpeed
            ).run(cancellation: cancellation, tell: tell)
        } catch  where error.cause == .interruption {
            throw .readingStopped(report)
        } catch {
            throw Failure(
                .unchecked,
                error.what,
                meaning: "The disc was written; whether it is right is not known.",
                advice: error.advice
            )
        }
    }

    private func isRight(_ found: ReadBackResult) -> Bool {
        found.sums[.sha256] == written.sha256
    }

    /// Compares the disc with the image sector by sector.
    ///
    /// - Returns: `nil` if the image can't be read again, or is no longer what was burned.
    private func compare(
        _ drive: Drive,
        _ report: DiscReport,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> (comparison: TrackComparison, found: TrackComparison.Result)? {
        guard let disc = image.disc, !image.hasChanged else { return nil }
        let layout = DiscPlan(disc.layout, mode: .trackAtOnce)
        guard layout.tracks.count == 1, layout.tracks[0].kind == .data, layout.tracks[0].shift == 0
        else { return nil }
        let comparison = TrackComparison(
            disc,
            layout,
            data: DriveSource(drive, report, sectors: written.sectors, forcesAccess: true),
            sound: DriveSource(soundOf: drive, sectors: 0)
        )
        var meter = RateMeter(
            phase: .verify,
            total: written.byteCount,
            singleSpeed: plan.medium.facts.bytesPerSecondAtSingleSpeed
        )
        let found = try? comparison.run(cancellation) { bytes in
            if meter.isDue { tell(.progress(meter.progress(bytes: bytes))) }
        }
        guard !cancellation.isRequested else { throw .readingStopped(report) }
        return found.map { (comparison, $0) }
    }

    /// Finds out which sectors differ, and looks at them again.
    ///
    /// - Returns: `nil` if that can't be found out, or they are too many to look at one by one.
    private func locate(
        _ found: ReadBackResult,
        _ drive: inout Drive,
        _ report: inout DiscReport,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult? {
        guard let (comparison, second) = try compare(drive, report, cancellation, tell),
            let suspects = second.suspects
        else { return nil }
        guard !suspects.isEmpty else {
            var result = verified(found)
            result.sentences.append(
                "Something came back wrong in 1 of 2 readings: the drive or the way to it is not reliable."
            )
            return result
        }
        let look = SecondLook(
            node: node,
            kind: { _ in .data },
            isRight: { comparison.isRight($1, at: $0, shift: 0) },
            sectors: 0..<written.sectors
        )
        let (findings, obstacle) = try look.look(
            at: suspects,
            wrongIn: 2,
            ofReads: 2,
            &drive,
            &report,
            cancellation,
            tell
        )
        var result: JobResult
        let wrong = findings.filter { !$0.isRight }
        if let first = wrong.first {
            var sectors = TrackComparison.Finding()
            sectors.differing = wrong.count
            sectors.firstDiffering = first.sector
            result = differing(found, sectors: sectors)
        } else {
            result = verified(found)
        }
        result.sentences.insert(contentsOf: SecondLook.sentences(findings), at: 1)
        if let obstacle { result.sentences.append(obstacle) }
        result.adoptReads(findings)
        return result
    }

    private func verified(_ found: ReadBackResult) -> JobResult {
        var result = JobResult(.verified, verb: "burn", bytes: written.byteCount)
        result.sentences = [
            "All \(written.sectors) sectors of the image were read back from the disc, and they are right."
        ]
        // What was wrong at first was right when it was read again.
        result.sha256 = written.sha256.hexadecimal
        describePadding(&result, found)
        return result
    }

    /// The disc can be read, and holds something else.
    private func differing(_ found: ReadBackResult, sectors: TrackComparison.Finding?) -> JobResult
    {
        var result = JobResult(.differs, verb: "burn", bytes: written.byteCount)
        result.sha256 = found.sums[.sha256]?.hexadecimal
        result.sentences = [
            "The disc can be read, but it does not hold what was burned.",
            "It can't be relied on.",
            "Burn another disc, at a lower speed or in another drive.",
        ]
        if let sectors, let first = sectors.firstDiffering {
            result.firstDifferingSector = first
            result.differingSectors = sectors.differing
            result.sentences[0] =
                sectors.differing == 1
                ? "The disc can be read, but sector \(first) is not what was burned."
                : "The disc can be read, but \(sectors.differing) sectors are not what was burned, the first of them \(first)."
        }
        describePadding(&result, found)
        return result
    }

    /// What one reading says, if nothing more can be found out.
    private func verdict(_ found: ReadBackResult) -> JobResult {
        if isRight(found) { return verified(found) }
        if found.isWhole { return differing(found, sectors: nil) }
        var result = JobResult(.incomplete, verb: "burn", bytes: written.byteCount)
        let count = found.unreadable.count
        result.unreadableSectors = count
        result.firstUnreadableSector = found.unreadable.first
        result.unreadableRuns = SectorRun.runs(of: found.unreadable)
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
        describePadding(&result, found)
        return result
    }

    private func describePadding(_ result: inout JobResult, _ found: ReadBackResult) {
        result.paddingSectors = found.paddingSectors
        if found.notZero.count > 0, let first = found.notZero.first {
            result.sentences.append(
                "After the image, where zeros should be, \(found.notZero.count) sectors hold something else, the first of them \(first)."
            )
        }
    }
}

extension Failure {
    /// A disc was written, and reading it back was stopped.
    static func readingStopped(_ report: DiscReport) -> Failure {
        Failure(
            .interruption,
            "All of the image was written, and reading it back was stopped.",
            meaning: "The disc is \(report.state.rawValue); whether it is right is not known.",
            advice: "Run “spindle verify” to find out."
        )
    }
}

extension JobResult {
    /// Takes over how often each sector was read and came wrong.
    mutating func adoptReads(_ findings: [SecondLook.Finding]) {
        sectorReads = findings.map {
            SectorReads(sector: $0.sector, reads: $0.reads, wrong: $0.wrong)
        }
    }
}
