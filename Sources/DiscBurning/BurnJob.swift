import DiscDrives
import DiscImages
import DiscModel
import LibBurn
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Burns an image onto a disc, and has the disc itself say whether it holds it.
public struct BurnJob {
    let node: FilePath
    let image: ImageToBurn
    let options: BurnOptions

    /// Creates a job.
    public init(image: ImageToBurn, drive node: FilePath, options: BurnOptions) {
        self.image = image
        self.node = node
        self.options = options
    }

    /// Looks whether the image can be burned onto the disc as it is asked for; nothing is written.
    ///
    /// - Parameter cancellation: Heeded as ``run(cancellation:confirm:tell:)`` heeds it.
    /// - Throws: ``Reports/Failure`` if it can't.
    package func check(_ cancellation: Cancellation) throws(Failure) {
        try checkSecondDrive()
        // What an earlier burn left off is looked for by commands that change the disc.
        if !options.resumes { _ = try decide(cancellation) { _ in } }
    }

    /// Burns.
    ///
    /// Blocks until it is done; to be run on a thread of its own, which is libburn's for that time.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded at the next place where the disc stays usable.
    ///   - confirm: Asked what a person has to agree to, such as that data on the disc are overwritten.
    ///   - tell: Told the plan, the progress and what is worth knowing.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure``; its second sentence says what the disc is now.
    public func run(
        cancellation: Cancellation,
        confirm: (BurnQuestion) throws(Failure) -> Bool,
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        // Where only the plan is wanted, a mounted disc stays mounted.
        try Drive.free(
            node,
            ifNeeded: { () throws(Failure) in
                try check(cancellation)
                return true
            },
            { question throws(Failure) in
                if options.plansOnly { return false }
                return try confirm(question)
            },
            tell
        )
        try checkSecondDrive()
        var decision = try decide(cancellation, tell)
        tell(.plan(described(decision)))
        if options.plansOnly { return planned(decision.plan) }
        for question in decision.plan.questions {
            guard try confirm(question) else { throw question.refusal }
        }
        try leaveTimeToThink(cancellation, tell)
        let blanking = decision.plan.blanking
        if let blanking {
            let report = try reportOfSameDisc(decision)
            decision = try blank(blanking, report, decision, cancellation, tell)
        }
        let plan = decision.plan
        let written: Written
        do throws(Ending) {
            written = try write(decision, cancellation, confirm, tell)
        } catch {
            guard case .trouble(let trouble) = error,
                let other = otherWay(after: trouble, decision, cancellation)
            else {
                let ending = blanking == nil ? error : error.afterBlanking(node)
                return try ended(ending, plan, cancellation, tell)
            }
            let said =
                "The drive refuses to write this disc \(plan.disc.mode.name), and the disc is still blank; now it is written \(other.plan.disc.mode.name)."
            tell(.message(JobMessage(.warning, said)))
            tell(.plan(described(other)))
            decision = other
            do throws(Ending) {
                written = try write(other, cancellation, confirm, tell)
            } catch {
                let ending = blanking == nil ? error : error.afterBlanking(node)
                return try ended(ending, other.plan, cancellation, tell)
            }
        }
        var result: JobResult
        do throws(Failure) {
            let testimony = try witness(decision.plan, written, cancellation, tell).testify()
            result = try readElsewhere(testimony, decision.plan, written, cancellation, tell)
        } catch {
            throw error.afterWork("The disc was written", node)
        }
        if image.hasChanged { result = mistrusted(result) }
        result.adopt(resumed: decision.plan)
        return result
    }

    /// The result of a burn of which only the plan was wanted.
    private func planned(_ plan: BurnPlan) -> JobResult {
        var result = JobResult(.done, verb: "burn")
        result.sentences =
            ["This was the plan only: nothing was written."]
            + plan.questions.map { "The burn would ask: \($0.text)" }
        return result
    }

    /// Waits a little before anything is done to the disc, and heeds a wish to stop that came since the
    /// plan was shown.
    private func leaveTimeToThink(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void)
        throws(Failure)
    {
        let seconds = options.simulates ? 0 : options.secondsToThink
        if seconds > 0 {
            let said =
                "The burn begins in \(Int(seconds)) s; until then Ctrl-C stops it at no cost."
            tell(.message(JobMessage(.note, said)))
        }
        let end = Clock.seconds + seconds
        while Clock.seconds < end, !cancellation.isRequested { Clock.sleep(seconds: 0.05) }
        guard !cancellation.isRequested else { throw .stoppedBeforehand }
    }

    /// What the drive says of the disc right before it is written.
    ///
    /// - Throws: ``Reports/Failure`` if the disc was changed since the plan was made, be it while a person
    ///   was asked.
    func reportOfSameDisc(_ decision: Decision) throws(Failure) -> DiscReport {
        let drive = try Drive(node)
        let report = try Drive.report(forAppending: node, try drive.inspectDisc())
        try decision.glance.check(drive, report)
        return report
    }

    /// What ended a burn before the disc could bear witness.
    enum Ending: Error {
        case trouble(BurnTrouble)
        case image(ImageTrouble)
        case failure(Failure)

        /// The same where the disc was blanked before, so that it was not left alone.
        fileprivate func afterBlanking(_ node: FilePath) -> Ending {
            guard case .failure(let failure) = self, failure.reason == .driveLost else {
                return self
            }
            return .failure(failure.afterWork("The disc was blanked", node))
        }
    }

    /// Who says what the disc holds.
    func witness(
        _ plan: BurnPlan,
        _ written: Written,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) -> Witness {
        Witness(
            node: node,
            image: image,
            plan: plan,
            written: written,
            options: options,
            cancellation: cancellation,
            tell: tell,
            complete: { result, drive, report in
                self.complete(result, plan, written, drive, report)
            },
            disc: written.disc
        )
    }

    /// The result of a burn whose image changed meanwhile: what the disc holds may be neither the image
    /// that there was nor the one that there is.
    private func mistrusted(_ result: JobResult) -> JobResult {
        let what = "\(image.name) changed while it was burned."
        guard result.status == .verified || result.status == .done else {
            var result = result
            result.sentences.insert(what, at: 0)
            return result
        }
        let failure = Failure(
            .unchecked,
            .sourceChanged,
            what,
            meaning:
                "The disc holds what was read of it, which may be part of the old image and part of the new one.",
            advice: "Make sure that nothing writes to the image, and burn it again."
        )
        var changed = JobResult(failure, verb: "burn", bytes: result.bytes)
        changed.sha256 = result.sha256
        changed.discState = result.discState
        changed.tracks = result.tracks
        return changed
    }

    private func ended(
        _ ending: Ending,
        _ plan: BurnPlan,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        var result: JobResult
        switch ending {
        case .trouble(let trouble): result = try afterTrouble(trouble, plan, cancellation, tell)
        case .image(let trouble): result = after(trouble, plan)
        case .failure(let failure): throw failure
        }
        result.adopt(resumed: plan)
        return result
    }

    /// A plan in the other way to write, where the drive refused the first one before anything was
    /// recorded.
    ///
    /// Drives offer ways that they refuse when they get to them: feature 0021h with a DVD-RW that was
    /// blanked quickly (q-045 of the recorded quirks), session at once on CD. What goes wrong with the
    /// disc itself is not tried again: each try costs a write-once disc some of what it has for
    /// calibrating the laser.
    private func otherWay(
        after trouble: BurnTrouble,
        _ decision: Decision,
        _ cancellation: Cancellation
    ) -> Decision? {
        let plan = decision.plan
        guard trouble.error.code == .failed, !trouble.error.isDelivered, !image.hasChanged,
            plan.disc.isPlainData,
            options.mode == nil, !options.keepsOpen, image.byteCount != nil,
            !cancellation.isRequested,
            !trouble.error.tellsOfDiscOrWay, let report = currentReport(),
            report.state == .blank, !report.isOverwritable
        else { return nil }
        var options = options
        options.mode = plan.disc.mode == .sessionAtOnce ? .trackAtOnce : .sessionAtOnce
        var other = decision
        guard
            let replanned = try? BurnPlan(
                BurnPlan.Payload(byteCount: image.byteCount, madeFor: image.madeFor),
                options: options,
                report: report,
                drive: node.string,
                largestTransfer: plan.conditions.largestTransfer
            )
        else { return nil }
        other.plan = replanned
        if let drive = try? Drive(node) { other.glance = DiscGlance(drive, report) }
        return other
    }

    /// What is to be done, and what a person should know of it.
    struct Decision {
        var plan: BurnPlan
        var losses: [DiscLoss]
        var drive: String
        var glance: DiscGlance
    }

    /// Looks at the disc and makes the plan.
    func decide(
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> Decision {
        let drive = try Drive(node)
        var seen = try drive.inspectDisc()
        if options.resumes, !options.plansOnly, Resumption.flush(node, seen) {
            seen = try drive.inspectDisc()
        }
        let found = try Drive.report(forAppending: node, seen)
        let blanking =
            try options.blanks && !options.resumes ? Blanking(found, options, image) : nil
        let report = blanking?.report ?? found
        let way = try image.way(onto: report, options, cancellation)
        let holdsData = report.isOverwritable && report.state == .complete || blanking != nil
        if options.resumes { try Resumption.check(image, way, found, in: node) }
        var plan = try BurnPlan(
            BurnPlan.Payload(
                way.disc,
                byteCount: image.byteCount,
                madeFor: image.madeFor,
                comesThroughPipe: image.source is PipeSource
            ),
            options: options,
            report: report,
            held: holdsData ? HeldData(drive, found) : nil,
            blanking: blanking,
            drive: node.string,
            largestTransfer: drive.largestTransfer
        )
        if options.resumes {
            let resumption = Resumption(image: image, plan: plan, report: report)
            plan = plan.goingOn(behind: try resumption.find(drive, cancellation, tell))
        }
        return Decision(
            plan: plan,
            losses: way.losses,
            drive: drive.name,
            glance: DiscGlance(drive, found)
        )
    }

    func described(_ decision: Decision) -> JobPlan {
        let plan = decision.plan
        var described = JobPlan(verb: "burn", source: image.name, target: node.string)
        described.drive = decision.drive
        described.medium = plan.medium.rawValue
        described.bytes = plan.disc.byteCount
        described.sectors =
            plan.disc.isPlainData
            ? image.sectors.map { $0 + plan.paddingSectors } : plan.disc.sectors
        described.paddingSectors = plan.paddingSectors
        described.capacitySectors = plan.capacity
        described.writeMode = plan.mode.name
        described.writeModeReason = plan.mode.reason
        if plan.point.address > 0 { described.start = plan.point.address }
        if !plan.isOverwriting { described.session = plan.point.session }
        if plan.resumedSectors > 0 { described.resumedSectors = plan.resumedSectors }
        described.verifyDrive = options.secondDrive?.node.string
        described.keepsOpen = plan.keepsOpen
        described.defectManagement = options.managesDefects
        described.tracks = plan.disc.isPlainData ? nil : plan.disc.described
        described.speed = plan.speed
        described.simulate = options.simulates
        described.preparation = plan.preparation
        described.verify = options.verifies && !options.simulates
        described.eject = options.ejects
        described.writeOffset = image.writeOffset
        described.sounds = image.sounds.isEmpty ? nil : image.sounds
        described.notes = image.notes + decision.losses.map { "Not kept: \($0)." }
        if plan.grows {
            described.notes.append(
                "The disc shows the new volume once it is there: its descriptors then come to sector 16."
            )
        }
        if plan.keepsOpen, plan.isOverwriting {
            described.notes.append(
                "A \(plan.medium.displayName) can always be written further; --keep-open changes nothing."
            )
        }
        if plan.disc.tracks.contains(where: \.source.mode.isMode2) {
            described.notes.append("Data of mode 2 are written as data of mode 1.")
        }
        return described
    }
}

extension JobResult {
    /// Says from where on a burn was gone on with, if it was.
    fileprivate mutating func adopt(resumed plan: BurnPlan) {
        guard plan.resumedSectors > 0 else { return }
        resumedSectors = plan.resumedSectors
        guard exitCode == 0 else { return }
        sentences.append(
            plan.isWritten
                ? "All of the image was on the disc already, and nothing was written."
                : "The burn was gone on with from sector \(plan.point.address + plan.resumedSectors) on: what the image has before was on the disc already."
        )
    }
}

extension DiscPlan {
    /// The tracks, as a plan tells them.
    fileprivate var described: [JobPlan.PlannedTrack] {
        sessions.flatMap { session in
            session.tracks.map { track in
                JobPlan.PlannedTrack(
                    number: track.source.number,
                    session: track.source.session,
                    mode: track.kind.name,
                    start: track.start,
                    sectors: track.source.length,
                    writeMode: session.mode.rawValue
                )
            }
        }
    }
}
