import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find what keeps this machine from burning and ripping, and how to fix it.",
        usage: "spindle doctor [<options>] [<node>]",
        discussion: """
            The exit code is 0 if nothing stands in the way, and 4 if something does. Nothing is \
            changed, and no disc is written or read.

            Examples:
              spindle doctor
              spindle doctor /dev/sr0 --report report.jsonl
            """
    )

    @Argument(help: "The drive's device node; the same as --drive.", completion: .drives)
    var node: String?

    @Option(help: "The drive's device node (default: all drives).", completion: .drives)
    var drive: String?

    @Option(
        help: """
            Write what the drives answer to harmless questions into this file, to send it to others; \
            without serial numbers, and nothing of what is on a disc.
            """,
        completion: .file()
    )
    var report: String?

    @OptionGroup var output: AnswerOptions

    /// What is told.
    struct Document: Encodable {
        var version = 1
        var spindle: String
        var libburn: String
        var libcdio: String
        var findings: [Finding]
        var report: String?
    }

    func validate() throws {
        if let node, let drive, node != drive {
            throw ValidationError("Two drives are named: \(node), and \(drive) with --drive.")
        }
    }

    func run() throws {
        let output = Output(json: output.json)
        let nodes = (node ?? drive).map { [FilePath(text: $0)] }
        var hasProblem = false
        try JobCommand.answer(output) { () throws(Failure) in
            let doctor = try output.looking { () throws(Failure) in Doctor(.look(at: nodes)) }
            hasProblem = doctor.hasProblem
            var commands: Int?
            if let report {
                commands = try DoctorReport.write(
                    FilePath(text: report),
                    on: nodes ?? DriveList.nodes()
                )
            }
            let document = Document(
                spindle: VersionDocument.number,
                libburn: BurnVersion.loaded,
                libcdio: Doctor.libcdioVersion,
                findings: doctor.findings,
                report: report
            )
            try output.answer(document) { Self.lines(document, commands) }
        }
        if hasProblem { throw ArgumentParser.ExitCode(4) }
    }

    private static func lines(_ document: Document, _ commands: Int?) -> [String] {
        var lines = document.findings.flatMap { finding -> [String] in
            let sign =
                switch finding.level {
                case .fine: "ok      "
                case .note: "note    "
                case .problem: "problem "
                }
            return [sign + finding.text] + (finding.fix.map { ["        \($0)"] } ?? [])
        }
        lines.append(
            "Spindle \(document.spindle), libburn \(document.libburn), libcdio \(document.libcdio)."
        )
        if let report = document.report, let commands {
            lines.append(
                "\(report) holds the answers to \(commands) questions, without serial numbers."
            )
        }
        return lines
    }
}
