import DiscDrives
import DiscModel
import LibBurn
import MMC
import Reports
import SystemPackage
import Transfer

/// Has libburn blank or format a disc, and the disc say what it is then.
struct DiscTask {
    let node: FilePath
    let libburn: [String]?
    let phase: JobProgress.Phase
    let medium: MediumKind

    /// Does it.
    ///
    /// - Parameters:
    ///   - task: What is done.
    ///   - name: Its name, as the beginning of a sentence: “Blanking”.
    ///   - before: What the drive said of the disc before it.
    ///   - remedy: What to do about a disc that is not as it should be then.
    ///   - tell: Told the progress.
    ///   - lack: What is wrong with the disc as the drive describes it, for the end of a sentence; `nil` if
    ///     it is as it should be.
    /// - Returns: What the drive says of the disc afterwards.
    /// - Throws: ``Reports/Failure``, with what the disc is after it.
    func run(
        _ task: BurnOrder.Task,
        _ name: String,
        on before: DiscReport,
        remedy: String,
        _ tell: @escaping (JobEvent) -> Void,
        lack: (DiscReport) -> String?
    ) throws(Failure) -> DiscReport {
        func trouble(_ what: String, _ report: DiscReport?) -> Failure {
            Failure(
                .trouble,
                .writeError,
                what,
                meaning: meaning(of: report),
                advice: report.map { $0.adviceWithoutDisc ?? remedy }
                    ?? DiscReport.adviceInSilence
            )
        }
        let doubt = try carryOut(task, tell)
        let report: DiscReport
        do throws(Failure) {
            report = try Drive(node).inspectDisc()
        } catch {
            throw doubt.map { trouble($0, nil) }
                ?? error.afterWork("\(name) was reported as done", node)
        }
        let lacking = lack(report)
        if let doubt {
            // A disc that was as it should be before, or looks so after the first seconds, says nothing.
            guard lack(before) != nil, !task.isThorough, lacking == nil else {
                throw trouble(doubt, report)
            }
        } else if let lacking {
            throw trouble("\(name) was reported as done, but the drive \(lacking).", report)
        }
        return report
    }

    /// Has libburn do it.
    ///
    /// - Returns: Why it can't say that it is done, a sentence: the disc says how it went; `nil` if it said so.
    private func carryOut(_ task: BurnOrder.Task, _ tell: @escaping (JobEvent) -> Void)
        throws(Failure) -> String?
    {
        var meter = RateMeter(phase: phase, total: nil)
        var silence = SilentPhase(task, medium)
        do {
            let order = BurnOrder(address: node.string, task: task)
            let control = WriteControl(observe: { progress in
                if let words = silence.sentence(isGoingOn: true) {
                    tell(.message(JobMessage(.note, words)))
                }
                guard meter.isDue else { return }
                var counts = meter.progress(bytes: 0)
                counts.adopt(progress)
                tell(.progress(counts))
            })
            for message in try order.run(by: libburn, control: control.asking(node))
            where message.severity >= .warning {
                tell(.message(JobMessage(.warning, message.text, origin: "libburn")))
            }
            return nil
        } catch  where error.code == .lost {
            tell(.message(JobMessage(.warning, "\(error.description) The disc is asked.")))
            Drive.unlockDoor(node)
            return error.description
        } catch {
            for message in error.messages {
                tell(.message(JobMessage(.warning, message.text, origin: "libburn")))
            }
            Drive.unlockDoor(node)
            throw failure(of: error)
        }
    }

    /// What went wrong, and what the disc is now: the drive is asked.
    private func failure(of error: BurnError) -> Failure {
        let diagnosis = error.complaint(during: .erasing)
        let report = try? Drive(node).inspectDisc()
        let isBegun = error.code == .failed
        var failure = Failure(
            isBegun ? .trouble : .unsuitable,
            !isBegun
                ? .unsuitableDisc
                : diagnosis?.meaning.blame == .connection ? .driveLost : .writeError,
            diagnosis?.sentence ?? error.description,
            meaning: meaning(of: report),
            advice: diagnosis?.meaning.advice ?? report?.adviceWithoutDisc
                ?? "Try again, or use “--kind full”."
        )
        failure.sense = diagnosis?.sense?.codes
        return failure
    }

    private func meaning(of report: DiscReport?) -> String {
        guard let report else { return "The drive can't say what the disc is now." }
        let name = medium.displayName
        return switch report.state {
        case .none: "The drive says that there is no disc any more."
        case .blank where report.isUnformatted: "The \(name) is not formatted."
        case .blank where report.isOverwritable:
            "The \(name) is formatted, and no data are found on it."
        case .blank:
            "The \(name) calls itself blank; don't trust it before a burn was verified."
        case .complete, .appendable:
            "The drive still calls the \(name) \(report.state.rawValue); what was on it may be lost."
        case .damaged, .unknown:
            "The drive calls the \(name) \(report.state.rawValue): what was on it may be lost."
        }
    }
}

extension DiscReport {
    /// What to do where the drive does not say what the disc is after something was done to it.
    static let adviceInSilence =
        "Check that the drive has power and is connected, and look at the disc with “spindle info” when it is there again."

    /// What to do where the disc is gone after something was done to it; `nil` if it is there.
    var adviceWithoutDisc: String? {
        state == .none ? "Put the disc in again, and look at it with “spindle info”." : nil
    }
}

extension BurnOrder.Task {
    /// Whether all of the disc is gone over, which its state does not show.
    fileprivate var isThorough: Bool {
        switch self {
        case .erase(let fast): !fast
        case .format(_, let certifying): certifying
        case .write, .formatToGrow: false
        }
    }
}

extension Failure {
    /// The same where it is met after something was done to a disc, so that nothing was refused any more,
    /// and what a question that failed did not do says nothing of the disc.
    ///
    /// - Parameters:
    ///   - work: What was done: a clause, as the beginning of a sentence.
    ///   - node: The drive's device node.
    /// - Returns: The failure.
    func afterWork(_ work: String, _ node: FilePath) -> Failure {
        guard [.unsuitable, .source, .usage].contains(cause) || reason == .driveLost else {
            return self
        }
        var failure = Failure(
            .unchecked,
            reason,
            "\(work), but the drive can't be asked what the disc holds now: \(what)",
            meaning: "What is on the disc is not known.",
            advice: "See with “spindle info \(node)”, and compare the disc with “spindle verify”."
        )
        failure.sense = sense
        return failure
    }
}
