import ArgumentParser
import LinuxCalls
import ReportPages
import SpindleJobs
import Synchronization
import SystemPackage

/// What is written about a job beside what is printed.
struct PaperOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write a log with time stamps to this new file; .json or .jsonl makes one for programs. It may be given twice.",
            valueName: "file"
        ),
        completion: .file()
    )
    var log: [String] = []

    @Option(
        help: "Write a page about the job, with a map of the disc, to this new file: report.html.",
        completion: .file(extensions: ["html"])
    )
    var report: String?

    /// All that are asked for.
    private var paths: [FilePath] {
        (log + [report].compactMap(\.self)).map { FilePath(text: $0) }
    }

    func validate() throws {
        let paths = paths.map { $0.lexicallyNormalized() }
        guard Set(paths).count == paths.count else {
            throw ValidationError("--log and --report each need a file of their own.")
        }
    }

    /// Begins them, or leaves the process where there can't be such files.
    ///
    /// - Parameters:
    ///   - verb: The verb whose job it is.
    ///   - output: Told why there can't be.
    ///   - folder: A folder that the job makes, and that they may lie in; `nil` if it makes none.
    /// - Returns: `nil` if none is asked for.
    /// - Throws: The exit code to leave with.
    func begin(_ verb: String, _ output: Output, making folder: FilePath? = nil) throws
        -> JobPapers?
    {
        guard !log.isEmpty || report != nil else { return nil }
        do throws(Failure) {
            var toCome: FilePath?
            for path in paths where try JobPapers.isToCome(path, making: folder) { toCome = folder }
            return JobPapers(
                logs: log.map { JobLog(FilePath(text: $0)) },
                report: report.map { FilePath(text: $0) },
                folder: toCome
            )
        } catch {
            let result = JobResult(error, verb: verb)
            output.show(.result(result))
            throw ArgumentParser.ExitCode(Int32(result.exitCode))
        }
    }
}

/// The logs of a job and the page about it.
///
/// The files get their names when the job has ended, whatever became of it.
final class JobPapers: Sendable {
    private let logs: [JobLog]
    private let report: FilePath?
    /// A folder that the job makes, if some of them are to lie in it.
    private let folder: FilePath?
    private let record = Mutex(JobRecord())

    init(logs: [JobLog], report: FilePath?, folder: FilePath?) {
        self.logs = logs
        self.report = report
        self.folder = folder
    }

    /// Takes an event in.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - drive: The drive whose it is, if there are several; the page is of the whole job alone.
    func note(_ event: JobEvent, of drive: FilePath? = nil) {
        for log in logs { log.note(event, of: drive) }
        if drive == nil, report != nil { record.withLock { $0.note(event) } }
    }

    /// Writes the files.
    ///
    /// - Throws: ``SpindleJobs/Failure`` if one can't be written; the others are written all the same.
    func finish() throws(Failure) {
        var trouble: Failure?
        // A job that failed leaves no folder, and is to be told of all the same.
        if let folder, !FileSystem.exists(folder) { try? FileSystem.makeDirectory(folder) }
        for log in logs {
            do throws(Failure) { try log.finish() } catch { trouble = trouble ?? error }
        }
        do throws(Failure) { try writeReport() } catch { trouble = trouble ?? error }
        if let trouble { throw trouble }
    }

    private func writeReport() throws(Failure) {
        guard let report else { return }
        let page = ReportPage(
            record.withLock { $0 },
            program: "Spindle \(VersionDocument.number)",
            time: Timestamp.now
        )
        try Self.write(page.html, to: report)
    }

    /// Fails if there is something of that name already, or if there can't be: that is not to be found out when
    /// the job has taken an hour.
    ///
    /// - Returns: Whether its folder is yet to be made by the job.
    static func isToCome(_ path: FilePath, making folder: FilePath?) throws(Failure) -> Bool {
        guard !FileSystem.exists(path), FileSystem.linkTarget(path) == nil else {
            throw Failure(
                .trouble,
                .outputExists,
                "\(path) exists already.",
                meaning: "Nothing was done.",
                advice: "Choose another name for it."
            )
        }
        let parent = FileSystem.directory(of: path)
        guard !FileSystem.isWritable(parent) else { return false }
        let isToCome =
            folder.map {
                FileSystem.absolute($0).lexicallyNormalized()
                    == FileSystem.absolute(parent).lexicallyNormalized()
                    && !FileSystem.exists($0)
            } ?? false
        guard !isToCome else { return true }
        throw Failure(
            .trouble,
            .outputError,
            "\(path) can't be written: \(parent) is no folder that you may write to.",
            meaning: "Nothing was done.",
            advice: "Choose another place for it."
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
