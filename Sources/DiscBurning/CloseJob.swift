package import DiscDrives
package import DiscModel
import LinuxCalls
package import MMC
public import Reports
public import SystemPackage

/// Ends what was left open on a disc: a track, a session, or the disc itself.
public struct CloseJob {
    private let node: FilePath
    private let keepsOpen: Bool

    /// Creates a job.
    ///
    /// - Parameters:
    ///   - node: The drive's device node.
    ///   - keepsOpen: Whether only the track and the session are ended, so that another session can follow.
    public init(drive node: FilePath, keepsOpen: Bool = false) {
        self.node = node
        self.keepsOpen = keepsOpen
    }

    /// What is to be ended, in order.
    package struct Plan: Hashable, Sendable {
        /// The tracks that are open.
        package var tracks: [Int]
        /// What is ended behind them.
        package var last: Command.Closing
        /// Whether the write parameters page tells what may follow: CD, DVD-R, DVD-RW.
        package var heedsParameters: Bool

        /// Finds out what is to be ended.
        ///
        /// - Parameters:
        ///   - report: What the drive says of the disc.
        ///   - medium: The kind of disc.
        ///   - keepsOpen: Whether another session is to be able to follow.
        /// - Throws: ``Reports/Failure`` if nothing is open, or what is open can't be ended.
        package init(_ report: DiscReport, _ medium: MediumKind, keepsOpen: Bool) throws(Failure) {
            let name = medium.displayName
            let hasOpenSession = [.incomplete, .damaged].contains(report.information?.lastSession)
            if let refusal = CloseJob.refusal(report, medium) { throw refusal }
            tracks = report.trackStates
                .filter { ($0.nextWritable != nil || $0.isDamaged) && !$0.isBlank }.map(\.number)
            heedsParameters = medium.facts.family == .cd || medium.isDashed
            guard hasOpenSession || !tracks.isEmpty else {
                let isCD = medium.facts.family == .cd
                let advice = "To end it, burn a last session without --keep-open."
                guard !keepsOpen else {
                    throw .notClosed(
                        "All sessions of the \(name) are closed, and more can follow.",
                        isCD ? advice : "Leave --keep-open out to end the disc."
                    )
                }
                guard !isCD else {
                    throw .notClosed(
                        "All sessions of the \(name) are closed; that another one can follow stands in its last lead-in, and only a further session can say otherwise.",
                        "Other drives read it as it is. \(advice)"
                    )
                }
                last = heedsParameters ? .session : .disc
                return
            }
            last = heedsParameters || keepsOpen ? .session : .disc
        }
    }

    /// Ends what is open, and has the disc say that it is ended.
    ///
    /// Blocks until it is done, which takes minutes; it can't be stopped on the way.
    ///
    /// - Parameter tell: Told the plan and what goes on.
    /// - Returns: How it ended: done.
    /// - Throws: ``Reports/Failure``.
    public func run(tell: (JobEvent) -> Void) throws(Failure) -> JobResult {
        try Drive.checkAvailable(node, writable: true)
        let drive = try Drive(node, writable: true)
        let report = try drive.inspectDisc()
        let medium = try report.knownMedium(
            in: node.string,
            wanted: "a disc that was left open",
            meaning: "Nothing was done."
        )
        let plan = try Plan(report, medium, keepsOpen: keepsOpen)
        var described = JobPlan(verb: Self.verb, source: node.string, target: node.string)
        described.drive = drive.name
        described.medium = medium.rawValue
        described.keepsOpen = keepsOpen
        tell(.plan(described))
        tell(.message(JobMessage(.note, "The drive writes what ends it, which may take minutes.")))
        let claim: File
        do throws(SystemError) {
            claim = try File(node, .read, exclusive: true, nonBlocking: true)
        } catch {
            throw Failure(opening: node, error)
        }
        let trouble = withExtendedLifetime(claim) { carryOut(plan, drive) }
        return try judge(trouble, medium, report)
    }

    /// Sends the commands.
    ///
    /// - Returns: What went wrong; `nil` if nothing did.
    private func carryOut(_ plan: Plan, _ drive: Drive) -> Trouble? {
        var areSet = false
        do throws(TransportError) {
            var trouble: Trouble?
            for track in plan.tracks {
                // A damaged track may refuse; its session may be ended all the same.
                trouble = try send(.close(.track, track: track), plan, drive, &areSet) ?? trouble
            }
            return try send(.close(plan.last), plan, drive, &areSet).map { trouble ?? $0 }
        } catch {
            return Trouble(error: error)
        }
    }

    /// Sends a command, and again as long as the drive is at something else.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - plan: What is to be ended.
    ///   - drive: The drive.
    ///   - areSet: Whether the write parameters are as they should be: a drive that was reset has forgotten
    ///     them.
    /// - Returns: What went wrong; `nil` if nothing did.
    /// - Throws: `TransportError` if the drive can't be reached.
    private func send(
        _ command: Command,
        _ plan: Plan,
        _ drive: Drive,
        _ areSet: inout Bool
    ) throws(TransportError) -> Trouble? {
        var patience = Patience()
        while true {
            var sense: Sense?
            if plan.heedsParameters, !areSet { sense = try setParameters(drive) }
            if sense == nil {
                areSet = true
                let completion = try drive.commands.send(command)
                if completion.succeeded { return nil }
                sense = completion.sense
            }
            // Where the disc may be another one, nothing of it is closed.
            guard sense?.asc != 0x28,
                patience.asksAgain(sense, within: Drive.patience(sense?.ascq))
            else { return Trouble(sense: sense) }
            if sense?.key == .unitAttention { areSet = false }
        }
    }

    /// Tells the drive whether another session may follow, in the multi-session field (§7.5.4.10).
    private func setParameters(_ drive: Drive) throws(TransportError) -> Sense? {
        let following = keepsOpen ? 3 : 0
        return try drive.setWriteParameters { parameters in
            parameters.multiSession = following
            parameters.testWrite = false
        }
    }

    private struct Trouble {
        var sense: Sense?
        var error: TransportError?

        /// What that means, if it is known.
        var diagnosis: Diagnosis? { sense.flatMap { Diagnosis(of: $0, during: .closing) } }

        /// What happened: one sentence.
        func sentence(_ medium: MediumKind) -> String {
            let said = sense.map { " (\($0))" } ?? ""
            if let diagnosis { return "\(diagnosis.cause.dropLast())\(said)." }
            return error?.description
                ?? "The drive does not close the \(medium.displayName)\(said)."
        }
    }

    /// Has the disc say how it went.
    private func judge(_ trouble: Trouble?, _ medium: MediumKind, _ before: DiscReport)
        throws(Failure) -> JobResult
    {
        let report: DiscReport
        do throws(Failure) {
            report = try Drive(node).inspectDisc()
        } catch {
            guard let trouble else { throw error.afterWork("Closing was reported as done", node) }
            throw Failure(
                .trouble,
                .driveLost,
                trouble.sentence(medium),
                meaning: "The drive can't say what the disc is now.",
                advice:
                    "Look at the drive's cable and power, and see with “spindle info” what the disc is."
            )
        }
        guard let session = report.information?.lastSession, report.state != .unknown else {
            return silence(trouble, medium, report)
        }
        let wanted: DiscState = keepsOpen ? .appendable : .complete
        if report.state == wanted, ![.incomplete, .damaged].contains(session) {
            var result = JobResult(.done, verb: Self.verb)
            let count = Wording.counted(report.layout.sessions.count, "session")
            result.sentences = [
                keepsOpen
                    ? "The session is closed; the \(medium.displayName) has \(count), and more can follow."
                    : "The \(medium.displayName) is closed; it has \(count), and nothing can be added."
            ]
            result.adopt(report)
            return result
        }
        let what =
            trouble?.sentence(medium)
            ?? "Closing was reported as done, but the drive calls the \(medium.displayName) \(report.state.rawValue)."
        var result = JobResult(
            Failure(
                .trouble,
                .writeError,
                what,
                meaning: report.state == before.state
                    ? "The drive calls the disc \(report.state.rawValue), as before."
                    : "The disc is \(report.state.rawValue) now, and was \(before.state.rawValue).",
                advice: trouble?.diagnosis?.advice
                    ?? "Try another drive; what is on the disc can be saved with “spindle rip”."
            ),
            verb: Self.verb
        )
        result.sense = trouble?.sense?.codes
        result.adopt(report)
        return result
    }

    /// The result where the drive does not say what the disc is now.
    private func silence(_ trouble: Trouble?, _ medium: MediumKind, _ report: DiscReport)
        -> JobResult
    {
        let name = medium.displayName
        var result = JobResult(
            Failure(
                trouble == nil ? .unchecked : .trouble,
                trouble == nil ? .unchecked : .writeError,
                trouble?.sentence(medium)
                    ?? "Closing was reported as done, and the drive does not say whether the \(name) is closed.",
                meaning: "What the disc is now is not known.",
                advice:
                    "See with “spindle info” what this drive or another one makes of it; take the disc out and put it in again before."
            ),
            verb: Self.verb
        )
        result.sense = trouble?.sense?.codes
        result.discState = DiscState.unknown.rawValue
        return result
    }

    /// Why there is nothing to end; `nil` if there may be.
    private static func refusal(_ report: DiscReport, _ medium: MediumKind) -> Failure? {
        let name = medium.displayName
        if medium.facts.recording == .readOnly {
            return .notClosed("A \(name) is pressed: there is nothing to close.", "")
        }
        if report.isOverwritable {
            return .notClosed(
                "A \(name) like this one has no sessions to close: it can always be written further.",
                ""
            )
        }
        switch report.state {
        case .blank:
            return .notClosed(
                "The \(name) is blank: there is nothing to close.",
                "Burn something first.",
                .blankDisc
            )
        case .complete:
            return .notClosed("The \(name) is closed already.", "")
        case .unknown:
            return .notClosed(
                "The drive does not say how far the \(name) is recorded.",
                "Take the disc out and put it in again, or use another drive.",
                .driveUnable
            )
        default:
            return nil
        }
    }

    private static let verb = "close"
}

extension JobResult {
    /// Says what the disc is now.
    mutating func adopt(_ report: DiscReport) {
        discState = report.state.rawValue
        discUsable =
            report.state == .unknown
            ? nil : report.state == .complete || report.state == .appendable
    }
}

extension Failure {
    fileprivate static func notClosed(
        _ what: String,
        _ advice: String,
        _ reason: Failure.Reason = .unsuitableDisc
    ) -> Failure {
        Failure(.unsuitable, reason, what, meaning: "Nothing was done.", advice: advice)
    }
}
