import DiscChecksums
import DiscFiles
import LibCrypto
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Checks all files that a list of checksums names, as `sha256sum -c` does.
///
/// Its statuses, and with them the exit codes:
///
/// - verified: every file that the list names is there and has all checksums that are given for it.
/// - differs: a file has another checksum.
/// - not verified: none has, but a file is missing or can't be read, or the list has lines that can't be
///   read, name no file, or give checksums that are not made here.
public struct ListedFilesCheck {
    private static let mostProblems = 1000
    private static let mostTold = 20

    private let path: FilePath
    private let list: ChecksumManifest

    /// Reads a list.
    ///
    /// - Throws: ``Reports/Failure`` if it can't be read, or gives no checksum that can be made here.
    public init(_ path: FilePath) throws(Failure) {
        self.path = path
        list = try ChecksumManifest(reading: path)
    }

    /// Whether a path names a list of checksums, and no drive.
    public static func isList(_ path: FilePath) -> Bool {
        (try? FileSystem.status(path))?.kind == .regular && ChecksumManifest.isManifest(path)
    }

    /// What was found.
    private struct Findings {
        var right = 0
        var wrong = 0
        var unknown = 0
        var bytes = 0
        var problems: [String] = []
        var meter: RateMeter

        mutating func note(_ sentence: String) {
            if problems.count < ListedFilesCheck.mostProblems { problems.append(sentence) }
        }
    }

    /// Checks the files, which lie where the list does.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the plan and the progress.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if it was stopped, or the list names no file.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        var files: [(name: String, sums: [Checksum])] = []
        var index: [ExactName: Int] = [:]
        for entry in list.entries {
            guard let name = entry.name else { continue }
            if let known = index[ExactName(name)] {
                files[known].sums.append(entry.checksum)
            } else {
                index[ExactName(name)] = files.count
                files.append((name, [entry.checksum]))
            }
        }
        guard !files.isEmpty else {
            throw Failure(
                .usage,
                "\(path) names no file.",
                meaning: "Nothing was compared.",
                advice: "Name the file that its checksum is of, too: spindle verify FILE \(path)"
            )
        }
        let folder = path.removingLastComponent()
        let paths = files.map { folder.pushing(FilePath(text: $0.name)) }
        let total = paths.reduce(0) { $0 + ((try? FileSystem.status($1))?.size ?? 0) }
        let target = folder.isEmpty ? "." : folder.string
        var plan = JobPlan(verb: "verify", source: path.string, target: target)
        plan.bytes = total
        plan.notes = ["The list names \(Wording.counted(files.count, "file"))."]
        tell(.plan(plan))
        var findings = Findings(meter: RateMeter(phase: .verify, total: total))
        for (file, path) in zip(files, paths) {
            check(path, file.sums, &findings, cancellation)
            guard !cancellation.isRequested else {
                throw Failure(
                    .interruption,
                    "The check was stopped after \(Wording.counted(findings.right, "file")).",
                    meaning: "Nothing is known of the others.",
                    advice: ""
                )
            }
            if findings.meter.isDue {
                tell(.progress(findings.meter.progress(bytes: findings.bytes)))
            }
        }
        return result(findings)
    }

    private func check(
        _ path: FilePath,
        _ sums: [Checksum],
        _ findings: inout Findings,
        _ cancellation: Cancellation
    ) {
        do {
            let file = try File(path, .read, nonBlocking: true)
            let status = try file.status()
            guard status.kind == .regular else {
                findings.unknown += 1
                return findings.note("\(path) is no file.")
            }
            let made = try FileDigests.make(
                Array(Set(sums.map(\.algorithm))),
                of: file,
                cancellation
            )
            guard !cancellation.isRequested else { return }
            findings.bytes += status.size
            if let wrong = sums.first(where: { made[$0.algorithm] != $0 }) {
                findings.wrong += 1
                findings.note("\(path) has another \(wrong.algorithm.displayName).")
            } else {
                findings.right += 1
            }
        } catch {
            findings.unknown += 1
            let reason = (error as? SystemError)?.reason ?? Failure.clause(of: error)
            findings.note("\(path) can't be read: \(reason).")
        }
    }

    private func result(_ findings: Findings) -> JobResult {
        let nameless = list.entries.count { $0.name == nil }
        let isWhole =
            findings.unknown == 0 && list.foreignLines == 0 && list.malformedLines == 0
            && nameless == 0
        var result = JobResult(
            findings.wrong > 0 ? .differs : isWhole ? .verified : .notVerified,
            verb: "verify",
            bytes: findings.bytes
        )
        let problems = findings.problems + [list.damage].compactMap(\.self)
        result.problems = problems.isEmpty ? nil : problems
        result.sentences = [
            "\(Wording.counted(findings.right, "file has", "files have")) the checksums that \(path) gives."
        ]
        result.sentences += findings.problems.prefix(Self.mostTold)
        let more = findings.problems.count - Self.mostTold
        if more > 0 { result.sentences.append("\(more) more are wrong, missing or can't be read.") }
        if list.foreignLines > 0 {
            result.sentences.append(
                "\(Wording.counted(list.foreignLines, "line gives a checksum", "lines give checksums")) that Spindle does not make."
            )
        }
        if let damage = list.damage { result.sentences.append(damage) }
        if nameless > 0 {
            result.sentences.append(
                "\(Wording.counted(nameless, "line gives a checksum and names", "lines give checksums and name")) no file."
            )
        }
        return result
    }
}
