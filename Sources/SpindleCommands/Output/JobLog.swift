import ArgumentParser
import FoundationEssentials
import LinuxCalls
import SpindleKit
import Synchronization
import SystemPackage

/// Where a job is written down.
struct LogOption: ParsableArguments {
    @Option(
        help: "Write what was done, found and said, with the time of each, to this new file.",
        completion: .file()
    )
    var log: String?

    /// The log; `nil` if none was asked for.
    ///
    /// - Throws: ``SpindleKit/Failure`` if there is a file of that name.
    func begin() throws(Failure) -> JobLog? {
        try log.map { path throws(Failure) in try JobLog(FilePath(path)) }
    }
}

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
        if FileSystem.exists(path) || FileSystem.linkTarget(path) != nil {
            throw Failure(
                .trouble,
                "\(path) exists already.",
                meaning: "Nothing was done.",
                advice: "Choose another name for the log."
            )
        }
        let command = CommandLine.arguments.map { ShownText.line($0) }.joined(separator: " ")
        lines = Mutex([
            "spindle \(SpindleCommand.configuration.version)", "\(Self.time)  \(command)",
        ])
    }

    private static var time: String { Date.now.formatted(.iso8601) }

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
        let time = Self.time
        lines.withLock { lines in
            guard lines.count < Self.mostLines else { return }
            lines += new.map { "\(time)  \(ShownText.line($0))" }
        }
    }

    /// Gives the file its name.
    ///
    /// - Throws: ``SpindleKit/Failure`` if it can't be written.
    func finish() throws(Failure) {
        let text = lines.withLock { $0 }.joined(separator: "\n") + "\n"
        do {
            try UnfinishedFiles.write(Array(text.utf8), to: path, replaces: false)
        } catch {
            throw Failure(
                .trouble,
                "The log \(path) can't be written: \(error.reason).",
                meaning: "What the job did counts all the same.",
                advice: "Choose another place."
            )
        }
    }
}
