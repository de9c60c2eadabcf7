import ArgumentParser
import LinuxCalls
import ReportPages
import SpindleJobs
import Synchronization
import SystemPackage

/// What is written about a job beside what is printed.
struct PaperOptions: ParsableArguments {
    @Option(
        help: "Write a log with time stamps to this new file.",
        completion: .file()
    )
    var log: String?

    @Option(
        help: "Write a page about the job, with a map of the disc, to this new file: report.html.",
        completion: .file(extensions: ["html"])
    )
    var report: String?

    /// Begins them, or leaves the process where there can't be such files.
    func begin(_ verb: String, _ output: Output) throws -> JobPapers? {
        guard log != nil || report != nil else { return nil }
        do throws(Failure) {
            return try JobPapers(
                log: try log.map { path throws(Failure) in try JobLog(FilePath(text: path)) },
                report: report.map { FilePath(text: $0) }
            )
        } catch {
            let result = JobResult(error, verb: verb)
            output.show(.result(result))
            throw ArgumentParser.ExitCode(Int32(result.exitCode))
        }
    }
}

/// The log of a job and the page about it.
///
/// The files get their names when the job has ended, whatever became of it.
final class JobPapers: Sendable {
    private let log: JobLog?
    private let report: FilePath?
    private let record = Mutex(JobRecord())

    init(log: JobLog?, report: FilePath?) throws(Failure) {
        if let report { try Self.check(report) }
        self.log = log
        self.report = report
    }

    /// Takes an event in.
    func note(_ event: JobEvent) {
        log?.note(event)
        if report != nil { record.withLock { $0.note(event) } }
    }

    /// Writes the files.
    ///
    /// - Throws: ``SpindleJobs/Failure`` if one can't be written.
    func finish() throws(Failure) {
        try log?.finish()
        guard let report else { return }
        let page = ReportPage(
            record.withLock { $0 },
            program: "Spindle \(SpindleCommand.configuration.version)",
            time: Timestamp.now
        )
        try Self.write(page.html, to: report)
    }

    /// Fails if there is something of that name already.
    static func check(_ path: FilePath) throws(Failure) {
        guard FileSystem.exists(path) || FileSystem.linkTarget(path) != nil else { return }
        throw Failure(
            .trouble,
            "\(path) exists already.",
            meaning: "Nothing was done.",
            advice: "Choose another name for it."
        )
    }

    static func write(_ text: String, to path: FilePath) throws(Failure) {
        do {
            try UnfinishedFiles.write(Array(text.utf8), to: path, replaces: false)
        } catch {
            throw Failure(
                .trouble,
                "\(path) can't be written: \(error.reason).",
                meaning: "What the job did counts all the same.",
                advice: "Choose another place."
            )
        }
    }
}
