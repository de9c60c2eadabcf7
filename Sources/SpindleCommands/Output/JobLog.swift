import ArgumentParser
import LinuxCalls
import SpindleJobs
import Synchronization
import SystemPackage

/// What a job did, line by line, for whoever asks in thirty years.
///
/// The file gets its name when the job has ended, whatever became of it.
final class JobLog: Sendable {
    private let path: FilePath
    private let lines: Mutex<[String]>
    /// Lines beyond which nothing is added: a drive that warns of each sector must not fill the memory.
    private static let mostLines = 100_000

    init(_ path: FilePath) throws(Failure) {
        self.path = path
        try JobPapers.check(path)
        let command = Processes.ownArguments.map { ShownText.line($0) }.joined(separator: " ")
        lines = Mutex([
            "spindle \(SpindleCommand.configuration.version)", "\(Timestamp.now)  \(command)",
        ])
    }

    /// Notes an event; progress is not noted.
    func note(_ event: JobEvent) {
        switch event {
        case .plan(let plan): add(PlanText.lines(plan))
        case .progress: break
        case .message(let message): add(["\(message.origin): \(message.text)"])
        case .result(let result): add(ResultText.lines(result) + Self.details(result))
        }
    }

    /// What of a result is for a record rather than for the screen.
    private static func details(_ result: JobResult) -> [String] {
        var lines = ["exit code \(result.exitCode)"]
        for track in result.tracks ?? [] {
            var sums = [("SHA-256", track.sha256)].compactMap { name, sum in
                sum.map { "\(name) \($0)" }
            }
            sums += (track.sums ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines.append(
                "track \(track.number)  session \(track.session), \(track.mode), from \(track.start), \(track.sectors) sectors: \(track.status.rawValue)"
            )
            lines += sums.map { "  \($0)" }
        }
        let runs = [("unreadable", result.unreadableRuns), ("doubtful", result.doubtfulRuns)]
        for (name, runs) in runs {
            for run in runs ?? [] {
                lines.append("\(name): \(run.count) sectors from \(run.start)")
            }
        }
        return lines
    }

    private func add(_ new: [String]) {
        let time = Timestamp.now
        lines.withLock { lines in
            guard lines.count < Self.mostLines else { return }
            lines += new.map { "\(time)  \(ShownText.line($0))" }
        }
    }

    /// Gives the file its name.
    ///
    /// - Throws: ``SpindleJobs/Failure`` if it can't be written.
    func finish() throws(Failure) {
        let text = lines.withLock { $0 }.joined(separator: "\n") + "\n"
        try JobPapers.write(text, to: path)
    }
}
