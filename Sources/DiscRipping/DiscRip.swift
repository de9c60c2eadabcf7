import DiscConversion
import DiscDrives
import DiscImages
import DiscModel
import LinuxCalls
import MMC
import Reports
import SystemPackage
import Transfer

/// Rips a disc with all that it has into an image of any format.
///
/// It is a conversion whose source is a drive: the same formats, the same report of what is lost, and
/// the same way to the files' names. Where reads of audio are in doubt, the result says so.
struct DiscRip {
    let drive: Drive
    let options: RipOptions
    let report: DiscReport

    /// Rips the disc.
    ///
    /// - Throws: ``Reports/Failure`` where it was refused, failed or was stopped.
    func run(_ cancellation: Cancellation, _ tell: @escaping @Sendable (JobEvent) -> Void)
        throws(Failure) -> JobResult
    {
        var reading = DriveDisc.Options()
        reading.keepsWholeSectors = !options.image.keepsUserDataOnly
        reading.keepsSubchannel = options.keepsSubchannel
        reading.speed = speed
        reading.rereadsDoubtful = options.retries != 0
        reading.soundPasses = options.passes
        reading.isStopped = { cancellation.isRequested }
        if let failure = report.trackless(in: drive.path.string, meaning: "Nothing was read.") {
            throw failure
        }
        let disc = try DriveDisc(drive, report, reading)
        try check(disc)
        if options.isForBurning { disc.leaveOutLinks() }
        try measureCache(disc)
        let look = try look(disc)
        if look.isReadOnce { disc.readSoundOnce() }
        let offset = try offset(disc, cancellation)
        let shifted = offset.map { offset in
            ShiftedDisc(disc, by: offset.samples) { disc.readBeyond($0) }
        }
        let part = try part(of: shifted ?? disc)
        var run: RipRun?
        var source = ConversionSource(
            drive: part,
            path: drive.path,
            kind: "a disc: \(disc.medium.displayName)",
            warnings: warnings(disc, part) + offsetNotes(offset),
            notes: part.layout.tracks.contains { $0.mode == .audio } ? [passNote(disc, look)] : []
        ) { sink throws(Failure) in
            let begun = try RipRun(
                RipRun.Source(
                    drive: drive,
                    report: report,
                    disc: disc,
                    wanted: part,
                    shifted: shifted,
                    isReviewed: look.isPlanned,
                    isReadOnce: look.isReadOnce,
                    spool: look.spool
                ),
                to: sink,
                options,
                cancellation,
                tell: tell
            )
            run = begun
            return begun
        }
        source.part =
            options.track.map { "track \($0)" } ?? options.session.map { "session \($0)" }
        let plan = details(of: disc.layout)
        var result = try ConversionJob(source, options: options.conversion)
            .run(cancellation: cancellation) { event in
                if case .plan(var told) = event {
                    plan(&told)
                    told.readOffset = offset?.samples
                    told.readOffsetSource = offset?.source
                    tell(.plan(told))
                } else {
                    tell(event)
                }
            }
        if let run, result.status == .done || result.status == .incomplete {
            addDoubts(disc, run, &result)
        }
        if let shifted, run?.isResumed == true { shifted.lookBeyond(for: part.layout.tracks) }
        if let offset, let shifted { add(offset, shifted, &result) }
        return result
    }

    /// What a plan says besides what it says of every conversion.
    private func details(of layout: DiscLayout) -> @Sendable (inout JobPlan) -> Void {
        let (name, ejects) = (drive.name, options.ejects)
        let (speed, identifiers) = (speed, options.identify?(layout))
        return { plan in
            plan.identifiers = identifiers
            plan.drive = name
            plan.speed = speed
            plan.eject = ejects
        }
    }

    /// The read speed in kB/s that was asked for.
    private var speed: Int? {
        report.medium.flatMap { options.speed?.kilobytesPerSecond(on: $0) }
    }

    // MARK: What is wanted

    private func part(of disc: any DiscSource) throws(Failure) -> any DiscSource {
        let part: DiscPart?
        if let number = options.track {
            part = DiscPart(disc, track: number)
        } else if let number = options.session {
            part = DiscPart(disc, session: number)
        } else {
            return disc
        }
        if let part { return part }
        let tracks = disc.layout.tracks.map(\.number)
        let numbers = [tracks.first, tracks.last].compactMap { $0.map(String.init) }
        let has =
            options.track == nil
            ? Wording.counted(disc.layout.sessions.count, "session")
            : tracks.count == 1
                ? "track \(numbers[0])" : "tracks \(numbers.joined(separator: " to "))"
        throw Failure(
            .unsuitable,
            options.track.map { "There is no track \($0) on the disc." }
                ?? "There is no session \(options.session ?? 0) on the disc.",
            meaning: "Nothing was read.",
            advice: "The disc has \(has); “spindle info \(drive.path)” lists them."
        )
    }

    private func check(_ disc: DriveDisc) throws(Failure) {
        let hasData = disc.layout.tracks.contains { $0.mode.isData && $0.length > 0 }
        if options.keepsWholeSectors, disc.medium.facts.family != .cd {
            throw Failure(
                .unsuitable,
                "Only CDs have sectors of 2352 bytes; this is a \(disc.medium.displayName).",
                meaning: "Nothing was read.",
                advice: "Leave --raw out."
            )
        }
        if options.keepsWholeSectors, hasData, !disc.abilities.givesWholeSectors {
            throw Failure(
                .unsuitable,
                .driveUnable,
                "The drive does not give whole data sectors.",
                meaning: "Nothing was read.",
                advice: "Leave --raw out, or use another drive."
            )
        }
        if options.keepsSubchannel, disc.abilities.subchannel != .raw {
            throw Failure(
                .unsuitable,
                .driveUnable,
                "The drive does not give the whole subchannel.",
                meaning: "Nothing was read.",
                advice: "Leave --subchannel out, or use another drive."
            )
        }
    }

    private func warnings(_ disc: DriveDisc, _ wanted: any DiscSource) -> [String] {
        let tracks = disc.layout.tracks
        var warnings: [String] = []
        if wanted.layout.tracks.contains(where: { $0.mode == .audio }) {
            if !disc.abilities.knowsIndexes {
                warnings.append(
                    "The drive does not tell where all pregaps and indexes begin: a pregap that is missing counts to the track before, and later indexes are missing in the image."
                )
            }
            if !disc.abilities.hasAccurateStream {
                warnings.append(
                    "The drive does not begin reading audio where it is told to: each piece is put where the last one ended, and the whole may lie some samples elsewhere."
                )
            }
        }
        let hasLinks = wanted.layout.tracks.contains { track in
            disc.linked.contains(track.number) && track.pregap > 0
                || (disc.runOut[track.number] ?? 0) > 0
        }
        if hasLinks {
            warnings.append(
                "The disc was written a track at a time: what lies between its tracks and after the last one can't be read, and zeros stand for it."
            )
        }
        if disc.medium.facts.family == .cd, tracks.contains(where: \.mode.isData),
            !disc.abilities.givesWholeSectors
        {
            warnings.append(
                "The drive gives user data only: where the image has whole sectors, sync, header, EDC and ECC are regenerated."
            )
        }
        return warnings
    }

    // MARK: Afterwards

    /// Says which data sectors have a wrong EDC, and which were put right.
    private func addDamage(_ disc: DriveDisc, _ run: RipRun, _ result: inout JobResult) {
        let mended = disc.mended.reduce(0) { $0 + $1.count }
        if mended > 0, let first = disc.mended.first?.lowerBound {
            result.sentences.append(
                "\(mended == 1 ? "Sector \(first)" : "\(mended) sectors, the first of them \(first),") came with a wrong EDC, and several reads together, or parity, gave the right one."
            )
        }
        let damaged = run.evidence.wrong.ranges
        guard let first = damaged.first?.lowerBound else { return }
        let count = damaged.reduce(0) { $0 + $1.count }
        result.status = .incomplete
        result.damagedSectors = count
        result.damagedRuns = damaged.map { SectorFaultRun($0, faults: ["edc"]) }
        result.sentences.append(
            count == 1
                ? "Sector \(first) has a wrong EDC in every read: it is damaged, or was made so. It is kept as it is."
                : "\(count) sectors, the first of them \(first), have a wrong EDC in every read: they are damaged, or were made so. They are kept as they are."
        )
    }

    /// Says how many sectors of audio were read again, and what came of that.
    private func addRereads(_ disc: DriveDisc, _ result: inout JobResult) {
        let reread = disc.reread.reduce(0) { $0 + $1.count }
        let settled = disc.settled.reduce(0) { $0 + $1.count }
        guard reread > 0 else { return }
        result.rereadSectors = reread
        result.settledSectors = settled
        guard settled > 0, let first = disc.settled.first?.lowerBound else { return }
        result.sentences.append(
            settled == 1
                ? "Sector \(first) (\(MSF(LBA(first)))) was doubtful at first, and enough reads agreed about it."
                : "\(settled) sectors, the first of them \(first) (\(MSF(LBA(first)))), were doubtful at first, and enough reads agreed about each."
        )
    }

    /// Says which sectors of audio hold samples that the drive guessed.
    private func addDoubts(_ disc: DriveDisc, _ run: RipRun, _ result: inout JobResult) {
        let isToBeContinued = result.unreadableSectors ?? 0 > 0 && run.sink.isResumable
        if isToBeContinued {
            result.sentences.append(
                "The map \(options.map) says where they are; clean the disc, or put it into another drive, and go on with \(options.resumption)."
            )
        }
        addDamage(disc, run, &result)
        addRereads(disc, &result)
        run.addReview(to: &result)
        if disc.layout.tracks.contains(where: { $0.mode == .audio }) {
            let counts = run.evidence.counts(in: run.recovery.map)
            var evidence = ReadEvidence(
                once: counts.once,
                twice: counts.twice,
                edc: counts.proven
            )
            // Without second reads nothing is to be said of where they came from.
            if counts.twice > 0 { evidence.isBufferMeasured = disc.isSoundCacheMeasured }
            result.evidence = evidence
            if evidence.isBufferMeasured == false {
                result.sentences.append(
                    "That second reads came from the disc does not show in the drive's times: it was sent away for as much as its buffer holds by what it says, or by what is known of others."
                )
            }
        }
        if var tracks = result.tracks {
            let grades = TrackGrades(
                evidence: run.evidence,
                read: RangeSet(run.recovery.map.ranges(.finished)),
                hasFlags: disc.abilities.givesErrorFlags && disc.abilities.hasAccurateStream
                    && !run.hasForeignSectors
            )
            grades.grade(&tracks, disc.layout)
            result.tracks = tracks
            result.sentences += TrackGrades.sentences(tracks)
        }
        let runs = run.evidence.doubtful.ranges
        guard let first = runs.first?.lowerBound else { return }
        let count = runs.reduce(0) { $0 + $1.count }
        result.doubtfulSectors = count
        result.doubtfulRuns = runs.map(SectorRun.init)
        result.status = .incomplete
        let time = MSF(LBA(first))
        let reason =
            "the drive could not correct every sample, or its reads differ. The likeliest samples are kept."
        result.sentences.append(
            count == 1
                ? "Sector \(first) (\(time)) is doubtful: \(reason)"
                : "\(count) sectors, the first of them \(first) (\(time)), are doubtful: \(reason)"
        )
        if !isToBeContinued {
            result.sentences.append("Clean the disc, or rip it in another drive.")
        }
    }
}
