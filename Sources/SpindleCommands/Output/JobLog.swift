import ArgumentParser
import LinuxCalls
import SpindleJobs
import Synchronization
import SystemPackage

/// What a job did, line by line, for whoever asks in thirty years: for people, or in JSON.
///
/// The file gets its name when the job has ended, whatever became of it. Its last line is the SHA-256 of all lines
/// before it, which shows damage, and proves nothing against who makes another one.
final class JobLog: Sendable {
    private let path: FilePath
    /// Whether it is a record in JSON, whose lines are the events.
    private let isRecord: Bool
    private let lines: Mutex<[String]>
    /// Lines beyond which only the result is added: a drive that warns of each sector must not fill the memory.
    private static let mostLines = 100_000
    /// The extensions of records in JSON.
    private static let recordEndings: Set<String> = ["json", "jsonl"]

    /// What a record begins with.
    private struct Beginning: Encodable {
        var program = VersionDocument()
        var arguments: [String]
    }

    /// What a record ends with.
    private struct Ending: Encodable {
        var sha256: String
    }

    init(_ path: FilePath) {
        self.path = path
        isRecord = path.extension.map { Self.recordEndings.contains($0.lowercased()) } ?? false
        let arguments = Processes.ownArguments
        if isRecord {
            lines = Mutex([Self.line("begin", Beginning(arguments: arguments))])
        } else {
            let command = arguments.map { ShownText.line($0) }.joined(separator: " ")
            lines = Mutex(VersionDocument().lines + ["\(Timestamp.now)  \(command)"])
        }
    }

    /// Notes an event; progress is not noted.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - drive: The drive whose it is, if there are several.
    func note(_ event: JobEvent, of drive: FilePath? = nil) {
        if case .progress = event { return }
        if isRecord {
            let line = event.json(at: Timestamp.now, ofDrive: drive?.string)
            return add([ShownText.json(line)], event)
        }
        let told =
            switch event {
            case .plan(let plan): PlanText.lines(plan)
            case .progress: [String]()
            case .message(let message): ["\(message.origin): \(message.text)"]
            case .result(let result): ResultText.lines(result) + Self.details(result)
            }
        let (time, prefix) = (Timestamp.now, drive.map { "\($0): " } ?? "")
        add(told.map { "\(time)  \(ShownText.line(prefix + $0))" }, event)
    }

    /// What of a result is for a record rather than for the screen.
    private static func details(_ result: JobResult) -> [String] {
        var lines = ["exit code \(result.exitCode)"]
        for track in result.tracks ?? [] {
            var sums = [("SHA-256", track.sha256)].compactMap { name, sum in
                sum.map { "\(name) \($0)" }
            }
            sums += (track.sums ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            let reading = track.reading.map { ", \($0.rawValue)" } ?? ""
            lines.append(
                "track \(track.number)  session \(track.session), \(track.mode), from \(track.start), \(track.sectors) sectors: \(track.status.rawValue)\(reading)"
            )
            if let loudness = track.loudness {
                let said = [loudness.lufsText, loudness.gainText.map { "ReplayGain \($0)" }]
                let parts = said.compactMap(\.self) + ["true peak \(loudness.peakText)"]
                lines.append("  \(parts.joined(separator: ", "))")
            }
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

    private static func line(_ event: String, _ body: some Encodable) -> String {
        let head = "{\"event\":\"\(event)\",\"version\":\(JobEvent.version),"
        let time = "\"time\":\(JSON.encode(Timestamp.now)),"
        return ShownText.json(head + time + JSON.encode(body).dropFirst())
    }

    private func add(_ new: [String], _ event: JobEvent) {
        let isResult = if case .result = event { true } else { false }
        lines.withLock { lines in
            guard isResult || lines.count < Self.mostLines else { return }
            lines += new
        }
    }

    /// Gives the file its name.
    ///
    /// - Throws: ``SpindleJobs/Failure`` if it can't be written.
    func finish() throws(Failure) {
        var text = lines.withLock { $0 }.joined(separator: "\n") + "\n"
        if var digest = try? Digest(.sha256) {
            digest.update(Array(text.utf8).span)
            let sum = digest.finish().hexadecimal
            text +=
                (isRecord
                    ? Self.line("checksum", Ending(sha256: sum))
                    : "SHA-256 of all lines above: \(sum)") + "\n"
        }
        try JobPapers.write(text, to: path)
    }
}
