import DiscDrives
import DiscModel
import DiscVerification
import LibBurn
import LibCrypto
import MMC
import Reports
import Transfer

/// libburn did not do what it was asked for.
struct BurnTrouble {
    /// What libburn said, and how far it had come.
    var error: BurnError
    /// What had gone out, where that was all.
    var written: Written?
}

/// The image, and not the drive, ended a burn.
struct ImageTrouble {
    /// What was wrong with it.
    var sentence: String
    /// What to do about it, before another burn.
    var remedy: String
    /// Bytes of payload that had gone out.
    var bytes: Int
}

extension ImageTrouble {
    /// An image that can't be read on.
    init(unreadable image: ImageToBurn, _ failure: String, bytes: Int) {
        self.init(
            sentence: "\(image.name) could not be read to its end: \(failure)",
            remedy: "Find out what is wrong with the image",
            bytes: bytes
        )
    }
}

extension BurnJob {
    /// Says what an image that failed left behind.
    func after(_ trouble: ImageTrouble, _ plan: BurnPlan) -> JobResult {
        let report = currentReport()
        let failure = Failure(
            .trouble,
            trouble.sentence,
            meaning: meaning(of: report, plan, trouble.bytes),
            advice: isUsable(report, plan, trouble.bytes) ?? false
                ? "\(trouble.remedy), and burn again." : "\(trouble.remedy), and use a new disc."
        )
        var result = JobResult(failure, verb: "burn", bytes: trouble.bytes)
        result.discState = knownState(report, plan, trouble.bytes)?.rawValue
        result.discUsable = isUsable(report, plan, trouble.bytes)
        return result
    }

    /// Whether a disc can be burned (again); `nil` if the drive does not say what it is, or calls it blank
    /// though data had been sent to it.
    private func isUsable(_ report: DiscReport?, _ plan: BurnPlan, _ bytes: Int) -> Bool? {
        guard let report, report.state != .unknown, !isDoubtful(report, plan, bytes) else {
            return nil
        }
        return report.state == .blank
            || report.state != .none && (report.isOverwritable || report.isErasable)
    }

    /// Says what a failed or cancelled write left behind.
    func afterTrouble(
        _ trouble: BurnTrouble,
        _ plan: BurnPlan,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let error = trouble.error
        for message in error.messages {
            tell(.message(JobMessage(.warning, message.text, origin: "libburn")))
        }
        if error.code == .lost {
            tell(.message(JobMessage(.warning, "\(error.description) The disc is asked.")))
        }
        // libburn locks the door, and a process of its own may have ended without unlocking it.
        Drive.unlockDoor(node)
        let report = currentReport()
        if error.isDelivered {
            var result = afterDelivery(trouble, plan, report, cancellation, tell)
            if result.discState == nil {
                result.discState = knownState(report, plan, error.bytes)?.rawValue
            }
            return result
        }
        // What a drive that can't calibrate its laser was sent has not come to the disc.
        let sent = error.complaint()?.isBeforeLaser ?? false ? 0 : error.bytes
        var result = JobResult(
            failure(of: error, plan, report, sent),
            verb: "burn",
            bytes: error.bytes
        )
        result.discState = knownState(report, plan, sent)?.rawValue
        result.discUsable = isUsable(report, plan, sent)
        result.sense = error.complaint()?.sense?.codes
        return result
    }

    /// What went wrong, and what it means for the disc.
    private func failure(
        of error: BurnError,
        _ plan: BurnPlan,
        _ report: DiscReport?,
        _ sent: Int
    ) -> Failure {
        let refusals: [BurnError.Code] = [.tooLarge, .refused, .cannotGrab, .unavailable]
        switch error.code {
        case .refused where error.description.contains("Pseudo Overwrite"):
            // libburn 1.5.4 takes any BD-R with the feature 0038h current for one that was formatted so.
            return Failure(
                .unsuitable,
                "The drive offers this \(plan.medium.displayName) for pseudo-overwriting, and libburn does not write discs in that state.",
                meaning: "Nothing was written.",
                advice: "Use another drive, or a disc of another kind; this one is unchanged."
            )
        // An earlier session may have been written.
        case let code where refusals.contains(code) && error.bytes == 0:
            return Failure(
                .unsuitable,
                error.description,
                meaning: "Nothing was written.",
                advice: "See “spindle info” for the disc, and “spindle drives” for the drive."
            )
        case .cancelled where wasSpared(report, plan, error.bytes):
            return .stoppedBeforehand
        case .lost where wasSpared(report, plan, error.bytes):
            return Failure(
                .trouble,
                error.description,
                meaning: "Nothing was written: the disc is unchanged.",
                advice: "Use another drive: libburn can't live with what this one answers."
            )
        case .cancelled:
            return Failure(
                .interruption,
                "The burn was stopped.",
                meaning: meaning(of: report, plan, error.bytes),
                advice: adviceAfterStop(report, plan, error.bytes)
            )
        default:
            let diagnosis = error.complaint()
            // That a protected disc can be used nobody knows.
            let isProtected =
                diagnosis?.sense?.asc == 0x27 && report?.state == .blank
                && !isDoubtful(report, plan, sent)
            return Failure(
                .trouble,
                diagnosis?.meaning.blame == .connection ? .driveLost : .writeError,
                diagnosis?.sentence ?? error.description,
                meaning: isProtected
                    ? "Nothing was written: the disc is still blank."
                    : meaning(of: report, plan, sent),
                advice: advice(
                    diagnosis,
                    report,
                    isUsable(report, plan, sent) ?? false || takesAnother(report, plan),
                    canResume: canResume(report, plan),
                    isLost: error.code == .lost
                )
            )
        }
    }

    /// What to do about a disc whose burn was stopped.
    private func adviceAfterStop(_ report: DiscReport?, _ plan: BurnPlan, _ bytes: Int) -> String {
        let isSpoilt =
            plan.medium.facts.recording == .once && (report?.state != .blank || bytes > 0)
            && !takesAnother(report, plan)
        guard canResume(report, plan) else {
            return isSpoilt ? "Use a new disc." : "Burn again when you like."
        }
        return isSpoilt
            ? Self.resumption
            : "Burn again when you like; “spindle burn --resume” goes on where it was stopped."
    }

    /// Whether the earlier sessions of a disc are as they were, and another one can follow: nothing of this one is
    /// on it.
    private func takesAnother(_ report: DiscReport?, _ plan: BurnPlan) -> Bool {
        guard let report, plan.point.tracksBefore > 0 else { return false }
        return report.layout.tracks.count == plan.point.tracksBefore
            && report.openTrack == nil && report.state == .appendable
    }

    private static let resumption =
        "Go on with it with “spindle burn --resume”, or use a new disc."

    /// Whether a burn with --resume can go on with what the disc holds of the image, which has to be there still.
    private func canResume(_ report: DiscReport?, _ plan: BurnPlan) -> Bool {
        guard let report, report.state != .blank, image.isLasting, image.disc != nil,
            plan.disc.isPlainData
        else { return false }
        return report.isOverwritable
            || report.openTrack != nil && Resumption.sequential.contains(plan.medium)
    }

    /// Whether nothing was done to the disc when the burn ended.
    private func wasSpared(_ report: DiscReport?, _ plan: BurnPlan, _ bytes: Int) -> Bool {
        bytes == 0 && plan.format == nil
            && (report?.state == plan.stateBefore || report?.isOverwritable ?? false)
            && plan.stateBefore != .none
    }

    /// Whether a disc that can be written once is called blank after data went to it.
    private func isDoubtful(_ report: DiscReport?, _ plan: BurnPlan, _ bytes: Int) -> Bool {
        report?.state == .blank && bytes > 0 && plan.medium.facts.recording == .once
            && !options.simulates
    }

    /// The disc's state after a write that failed, as far as it is known.
    ///
    /// A CD whose track is open can be closed by the drive that began it alone, and is damaged to every
    /// other: that its drive calls it appendable says little.
    private func knownState(_ report: DiscReport?, _ plan: BurnPlan, _ bytes: Int) -> DiscState? {
        guard let report else { return nil }
        let isOpenCD =
            report.state == .appendable && bytes > 0 && plan.medium.facts.family == .cd
            && !options.simulates
            && !(plan.point.tracksBefore > 0
                && report.layout.tracks.count == plan.point.tracksBefore)
        return isOpenCD || isDoubtful(report, plan, bytes) ? .unknown : report.state
    }

    /// What the drive calls the disc, as a clause: it may be wrong about that after a failure.
    private func word(of report: DiscReport?) -> String {
        switch report?.state {
        case nil: "the drive does not answer"
        case .some(.none): "the drive says that there is no disc"
        case .unknown: "the drive does not say how far the disc is recorded"
        case let state?: "the drive calls the disc \(state.rawValue)"
        }
    }

    /// All of the image is on its way and the recording was not ended well, or nobody knows how: the
    /// disc is asked what it holds.
    private func afterDelivery(
        _ trouble: BurnTrouble,
        _ plan: BurnPlan,
        _ report: DiscReport?,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) -> JobResult {
        let isLost = trouble.error.code == .lost
        let found: JobResult?
        do throws(Failure) {
            found = try evidence(trouble, plan, report, looksCloser: isLost, cancellation, tell)
        } catch {
            found = isLost ? JobResult(error, verb: "burn", bytes: trouble.error.bytes) : nil
        }
        // That libburn crashed says nothing of the disc, and the disc has spoken for itself.
        if isLost, let found { return found }
        let failed = JobResult(
            Failure(
                .trouble,
                trouble.error.description,
                meaning:
                    "All of the image went to the drive, but the recording was not ended well (\(word(of: report))); what can be read of it is not known.",
                advice:
                    "See with “spindle verify” what the disc holds; other drives may refuse it, so burn another one."
            ),
            verb: "burn",
            bytes: trouble.error.bytes
        )
        guard var result = found, result.status != .interrupted else { return failed }
        // To be read back it may have been loaded again, after which drives know more of it.
        let report = currentReport()
        let isClosed = report?.state == .complete
        if result.status == .verified {
            let what =
                plan.disc.isPlainData
                ? "all \(trouble.written?.sectors ?? 0) sectors" : "all tracks"
            let right = "of the image were read back all the same, and they are right"
            // A disc that was read back is not blank, unless it never says so.
            let isStillBlank = report?.state == .blank
            result.discUsable = isClosed ? true : nil
            result.discState =
                isStillBlank
                ? DiscState.unknown.rawValue
                : knownState(report, plan, trouble.error.bytes)?.rawValue
            result.sentences = [
                trouble.error.description,
                isStillBlank
                    ? "The drive still calls the disc blank, but \(what) \(right)."
                    : "A\(what.dropFirst()) \(right); \(word(of: report)).",
                plan.grows
                    ? "The new volume's descriptors were not copied to the disc's beginning, so that the disc shows what it showed before: try again."
                    : isClosed
                        ? "Try it in the drives that will read it."
                        : "This drive reads it; other drives may refuse a disc that is not closed, so burn another one.",
            ]
        } else {
            result.sentences.insert(trouble.error.description, at: 0)
            result.discUsable = isUsable(report, plan, trouble.error.bytes)
            result.discState = knownState(report, plan, trouble.error.bytes)?.rawValue
        }
        result.status = failed.status
        return result
    }

    /// What the disc says of a write whose end went wrong.
    ///
    /// Closer looked at, its state and its table of contents are judged as well, and not only what can
    /// be read of it. `nil` if it was not to be read back, or can't be.
    private func evidence(
        _ trouble: BurnTrouble,
        _ plan: BurnPlan,
        _ report: DiscReport?,
        looksCloser: Bool,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult? {
        guard let written = trouble.written else { return nil }
        let witness = witness(plan, written, cancellation, tell)
        if looksCloser { return try witness.testify() }
        guard options.verifies, !options.simulates, let report else { return nil }
        return try witness.evidence(report)
    }

    /// What to do: what the sense data advise, and else what the disc's state does.
    private func advice(
        _ diagnosis: DriveComplaint?,
        _ report: DiscReport?,
        _ isUsable: Bool,
        canResume: Bool,
        isLost: Bool
    ) -> String {
        guard let report else { return DiscReport.adviceInSilence }
        if let advice = report.adviceWithoutDisc { return advice }
        guard !isLost else {
            return isUsable
                ? "Switch the drive off and on, and burn again; use another drive if that fails, too."
                : canResume ? Self.resumption : "Use a new disc, in another drive."
        }
        guard let meaning = diagnosis?.meaning else {
            return isUsable
                ? "Try again, at a lower speed or with a disc of another brand."
                : canResume ? Self.resumption : "Use a new disc, and a lower speed."
        }
        guard !isUsable, ![.disc, .match].contains(meaning.blame) else { return meaning.advice }
        return meaning.advice
            + (canResume
                ? " \(Self.resumption)" : " Use a new disc for that: this one is spoilt.")
    }

    func currentReport() -> DiscReport? {
        try? Drive(node).inspectDisc()
    }

    private func meaning(of report: DiscReport?, _ plan: BurnPlan, _ bytes: Int) -> String {
        guard let report else { return "The drive can't say what the disc is now." }
        guard !isDoubtful(report, plan, bytes) else {
            return
                "The drive still calls the disc blank, but data had been sent to it: don't trust this disc."
        }
        switch report.state {
        case .blank: return "The disc is still blank and can be used."
        case .none: return "The drive says that there is no disc any more."
        default: break
        }
        if report.isOverwritable {
            return "The disc holds part of the image and can be written again."
        }
        if plan.point.tracksBefore > 0 {
            return takesAnother(report, plan)
                ? "The sessions before are as they were, and the drive says that another one can follow."
                : "The sessions before are still there; of this one the disc holds a part at most (the drive calls it \(report.state.rawValue))."
        }
        if report.isErasable {
            return "The disc holds part of the image; blanked, it can be used again."
        }
        let part =
            "The disc holds part of the image at most (the drive calls it \(report.state.rawValue))"
        return canResume(report, plan) ? "\(part)." : "\(part) and can't be used."
    }
}
