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

    /// One reading of all that was burned.
    struct Reading {
        /// What was found of each track, and by how much the audio is shifted.
        var found: TrackComparison.Result
        /// What was compared with; `nil` if only sums were.
        var comparison: TrackComparison?
        /// What a reading for the sum alone brought; such is done of plain data.
        var sum: ReadBackResult?
    }

    /// Reads all tracks back and, if they do not come as they should, once more by other ways before
    /// the disc is called bad.
    ///
    /// Drives have been seen that go on giving what they read before the burn, or can't read what they
    /// have just written, until the tray has moved; and a cable can spoil a sector of a good disc.
    ///
    /// - Throws: ``Reports/Failure`` if the drive can't be read at all, or the reading was stopped.
    func readBack(_ drive: inout Drive, _ report: inout DiscReport) throws(Failure) -> JobResult {
        var reading = try read(drive, report)
        var remarks: [String] = []
        var obstacle: String?
        if reading.found.suspects == nil {
            let what = verdict(reading).sentences.first ?? ""
            let said = "\(what) The drive is asked to reload the disc, and it is read once more."
            tell(.message(JobMessage(.note, said)))
            let reloading = try Drive.reload(node)
            obstacle = reloading.obstacle
            if case .loaded(let newDrive, let newReport) = reloading {
                (drive, report) = (newDrive, newReport)
                reading = try read(drive, report)
                remarks = [
                    verdict(reading).status == .verified
                        ? "It came back wrong in 1 of 2 readings, before the drive was asked to reload it."
                        : "It came back wrong in 2 of 2 readings."
                ]
            }
        }
        var findings: [SecondLook.Finding] = []
        if let comparison = reading.comparison, let suspects = reading.found.suspects {
            if suspects.isEmpty, reading.sum != nil {
                remarks = [
                    "Something came back wrong in 1 of 2 readings: the drive or the way to it is not reliable."
                ]
            } else if !suspects.isEmpty {
                let look = SecondLook(
                    node: node,
                    comparison: comparison,
                    shift: reading.found.shift,
                    sectors: disc.extent
                )
                (findings, obstacle) = try look.look(
                    at: suspects,
                    &drive,
                    &report,
                    cancellation,
                    tell
                )
                guard !cancellation.isRequested else { throw .readingStopped(report) }
                remarks = SecondLook.sentences(findings)
                adopt(findings, in: &reading.found)
            }
        }
        var result = verdict(reading)
        remarks += [obstacle].compactMap(\.self)
        result.sentences.insert(contentsOf: remarks, at: min(1, result.sentences.count))
        if !findings.isEmpty {
            result.sectorReads = findings.map {
                SectorReads(sector: $0.sector, reads: $0.reads, wrong: $0.wrong)
            }
        }
        let others = try codes(drive)
        result.sentences += others.sentences
        if others.differ, result.status == .verified {
            result.status = .differs
        }
        return result
    }

    /// Reads every sector of every track.
    ///
    /// Plain data are read for their sum, which is all that is known of what came through a pipe, and
    /// compared with the image if the sum is wrong. Audio can't be judged by a sum, for it may be
    /// shifted; a disc with audio is compared at once.
    private func read(_ drive: Drive, _ report: DiscReport) throws(Failure) -> Reading {
        do {
            guard disc.isPlainData else {
                return try compare(drive, report)
            }
            let sum = try ReadBack(
                data(
                    drive,
                    report,
                    sectors: disc.point.address + written.sectors + plan.paddingSectors
                ),
                from: disc.point.address,
                byteCount: written.byteCount,
                padding: plan.paddingSectors,
                singleSpeed: plan.medium.facts.bytesPerSecondAtSingleSpeed
            ).run(cancellation: cancellation, tell: tell)
            var track = TrackComparison.Finding(sum)
            guard track.sum != written.sum else {
                return Reading(found: TrackComparison.Result(tracks: [track]), sum: sum)
            }
            // A look at each sector is no use if many can't be read, or nothing tells what they owe.
            if sum.isWhole, image.disc != nil, !image.hasChanged,
                var reading = try? compare(drive, report)
            {
                reading.sum = sum
                let isRight = reading.found.suspects?.isEmpty ?? false
                reading.found.tracks[0].sum = isRight ? written.sum : track.sum
                // Each was in the sum, too.
                for index in reading.found.tracks[0].suspects.indices {
                    reading.found.tracks[0].suspects[index].reads += 1
                    reading.found.tracks[0].suspects[index].wrong += 1
                }
                return reading
            }
            guard !cancellation.isRequested else { throw Failure.readingStopped(report) }
            track.hasMoreSuspects = true
            return Reading(found: TrackComparison.Result(tracks: [track]), sum: sum)
        } catch let failure as Failure where failure.cause == .interruption {
            throw .readingStopped(report)
        } catch {
            throw Failure(
                .unchecked,
                (error as? Failure)?.what ?? "The disc can't be read on: \(error)",
                meaning: "The disc was written; whether it is right is not known.",
                advice: (error as? Failure)?.advice ?? "Run “spindle verify” to find out."
            )
        }
    }

    /// Compares every track with the image.
    private func compare(_ drive: Drive, _ report: DiscReport) throws -> Reading {
        guard let source = image.disc, let sectors = disc.leadOut else {
            throw UnreadableSectors(start: 0, count: 1, reason: "a pipe can't be read twice")
        }
        let comparison = TrackComparison(
            source,
            disc,
            data: data(drive, report, sectors: sectors),
            sound: DriveSource(soundOf: drive, sectors: sectors)
        )
        var meter = RateMeter(
            phase: .verify,
            total: written.byteCount,
            singleSpeed: plan.medium.facts.bytesPerSecondAtSingleSpeed
        )
        let found = try comparison.run(cancellation) { bytes in
            if meter.isDue { tell(.progress(meter.progress(bytes: bytes))) }
        }
        guard !cancellation.isRequested else { throw Failure.readingStopped(report) }
        return Reading(found: found, comparison: comparison)
    }

    private func data(_ drive: Drive, _ report: DiscReport, sectors: Int) -> DriveSource {
        DriveSource(
            drive,
            report,
            sectors: sectors,
            forcesAccess: written.byteCount <= Self.bufferSize
        )
    }

    /// Corrects what was found of each track by what a second look says of its sectors.
    private func adopt(_ findings: [SecondLook.Finding], in found: inout TrackComparison.Result) {
        for index in found.tracks.indices where !found.tracks[index].suspects.isEmpty {
            let own = Set(found.tracks[index].suspects.map(\.sector))
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
}

extension TrackComparison.Finding {
    /// What a reading for the sum says of a track.
    fileprivate init(_ sum: ReadBackResult) {
        self.init()
        self.sum = sum.sums[.sha256]
        unreadable = sum.unreadable.count
        firstUnreadable = sum.unreadable.first
    }
}

extension Failure {
    /// A disc was written, and reading it back was stopped.
    fileprivate static func readingStopped(_ report: DiscReport) -> Failure {
        Failure(
            .interruption,
            "All of the image was written, and reading it back was stopped.",
            meaning: "The disc is \(report.state.rawValue); whether it is right is not known.",
            advice: "Run “spindle verify” to find out."
        )
    }
}
