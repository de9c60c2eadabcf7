import DiscModel
import LinuxCalls
import MMC
public import Reports
public import SystemPackage

/// Opens or closes a drive's tray, and looks whether it did.
public struct TrayJob {
    /// What the tray is to do.
    public enum Move: String, Sendable {
        /// To open, and let the disc out.
        case eject
        /// To close, and take the disc in.
        case load
    }

    /// Seconds that a drive is given to let a disc go after it said that it did.
    private static let secondsToLetGo = 5.0

    private let node: FilePath
    private let move: Move

    /// Creates a job.
    public init(_ move: Move, drive node: FilePath) {
        self.node = node
        self.move = move
    }

    /// Moves the tray.
    ///
    /// Blocks until the drive has recognised what is in it, which takes up to a minute.
    ///
    /// - Returns: The result; of a tray that was closed, with the state of the disc in it.
    /// - Throws: ``Reports/Failure`` if the disc is mounted, the drive is busy, or the tray is not where
    ///   it should be afterwards.
    public func run() throws(Failure) -> JobResult {
        if let directory = MountPoint.of(node) { throw .mounted(node, on: directory) }
        let claim: File
        do throws(SystemError) {
            // Held until the tray has moved, so that nobody mounts the disc meanwhile.
            claim = try File(node, .read, exclusive: true, nonBlocking: true)
        } catch {
            throw Failure(opening: node, error)
        }
        let drive = try Drive(node, writable: true)
        let result =
            switch move {
            case .eject: try eject(drive)
            case .load: try load(drive)
            }
        return withExtendedLifetime(claim) { result }
    }

    private func eject(_ drive: Drive) throws(Failure) -> JobResult {
        let refusal: Drive.TrayRefusal?
        do {
            refusal = try drive.trayRefusal()
        } catch {
            throw Failure(error, meaning: "Where the tray is now is not known.")
        }
        if let refusal {
            throw Failure(
                .trouble,
                "The drive did not eject the disc: \(refusal.reason).",
                meaning: refusal.lacksDisc ? "" : "The disc is still in the drive.",
                advice: "See with “spindle info \(node)” what the drive is at."
            )
        }
        let end = Clock.seconds + Self.secondsToLetGo
        var readiness = try drive.waitUntilReady()
        while case .ready = readiness {
            guard Clock.seconds < end else {
                throw Failure(
                    .trouble,
                    "The drive says that it ejected the disc, and the disc is still in it.",
                    meaning: "Nothing was done to the disc.",
                    advice:
                        "Push the drive's button, or the pin behind the hole in its front when it has no power."
                )
            }
            Clock.sleep(seconds: 0.25)
            readiness = try drive.waitUntilReady()
        }
        var result = JobResult(.done, verb: move.rawValue)
        result.ejected = true
        switch readiness {
        case .unusable(let problem, _):
            result.discState = DiscState.unknown.rawValue
            result.sentences = [
                "The drive \(node) says that it opened; what is in it now it does not say: \(problem)."
            ]
        case .noDisc, .ready:
            result.discState = DiscState.none.rawValue
            result.sentences = ["The drive \(node) is open."]
        }
        return result
    }

    private func load(_ drive: Drive) throws(Failure) -> JobResult {
        var refusal: String?
        do {
            let completion = try drive.moveTray(.load)
            if !completion.succeeded {
                refusal = completion.sense?.description ?? "it gives no reason"
            }
        } catch {
            throw Failure(error, meaning: "Where the tray is now is not known.")
        }
        let report = try lookForDisc(drive, isLoaded: refusal == nil)
        guard report.state != .none || !report.isTrayOpen else {
            throw Failure(
                .unsuitable,
                "The tray of \(node) is still open\(refusal.map { ": \($0)" } ?? "").",
                meaning: "",
                advice:
                    "Push it in: the drives of laptops, and others, can't close it by themselves."
            )
        }
        var result = JobResult(.done, verb: move.rawValue)
        result.discState = report.state.rawValue
        let disc = report.medium?.displayName ?? report.profile.description
        result.sentences = [
            report.state == .none
                ? "The drive \(node) is closed, and there is no disc in it."
                : report.state == .unknown
                    ? "The drive \(node) holds a disc: \(disc). It does not say how far the disc is recorded."
                    : "The drive \(node) holds a disc: \(disc), \(report.state.rawValue)."
        ]
        return result
    }

    /// Seconds in which a drive that has just drawn its tray in may say that there is no disc, and find one
    /// (q-028 of the recorded quirks).
    private static let secondsToFind = 10.0

    /// Looks at what a drive holds that has drawn its tray in.
    ///
    /// One that only says that there is no disc may not have looked yet; one that says that its tray is closed
    /// without one has.
    private func lookForDisc(_ drive: Drive, isLoaded: Bool) throws(Failure) -> DiscReport {
        let end = Clock.seconds + Self.secondsToFind
        while true {
            let report = try drive.inspectDisc()
            guard isLoaded, report.state == .none, !report.isTrayOpen, Clock.seconds < end,
                let completion = try? drive.commands.send(.testUnitReady)
            else { return report }
            let sense = completion.sense
            let isFinal = sense?.asc == 0x3A && sense?.ascq != 0x00
            guard !isFinal else { return report }
            Clock.sleep(seconds: 0.25)
        }
    }
}
