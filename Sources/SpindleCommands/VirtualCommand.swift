import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle virtual`.
struct VirtualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "virtual",
        abstract: "Work with discs and drives in software.",
        subcommands: [
            VirtualCreateCommand.self, VirtualRunCommand.self, VirtualServeCommand.self,
            VirtualEjectCommand.self, VirtualInsertCommand.self, VirtualTraceCommand.self,
        ]
    )
}

/// `spindle virtual create FILE --medium KIND`.
struct VirtualCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a blank virtual disc.",
        usage: "spindle virtual create [<options>] <file> --medium <medium>",
        discussion: """
            Examples:
              spindle virtual create my.disc --medium dvd+r
            """
    )

    @Argument(help: "The file to make.", completion: .file())
    var file: String

    @Option(help: "The kind of disc, such as cd-r or dvd+rw.")
    var medium: MediumArgument

    @OptionGroup var output: AnswerOptions

    /// What is told of the new disc.
    struct Document: Encodable {
        var path: String
        var medium: MediumKind
        var state: DiscState
    }

    func run() throws {
        let output = Output(json: output.json)
        try JobCommand.answer(output) { () throws(Failure) in
            do throws(VirtualDiscError) {
                try VirtualDisc.create(at: FilePath(text: file), medium: medium.medium)
            } catch {
                throw Failure(
                    .trouble,
                    error.description,
                    meaning: "No disc was made.",
                    advice: error.code == .exists ? "Choose another name." : ""
                )
            }
            let document = Document(path: file, medium: medium.medium, state: .blank)
            try output.answer(document) { ["\(file) is a blank \(medium.medium.displayName)."] }
        }
    }
}

/// `spindle virtual run --disc FILE -- COMMAND …`.
struct VirtualRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a command with a virtual drive that holds a disc.",
        usage: "spindle virtual run [<options>] -- <command> ...",
        discussion: """
            The command finds the drive at $SPINDLE_DRIVE; with several --disc, the drives are \
            $SPINDLE_DRIVE_1, $SPINDLE_DRIVE_2 and so on; without any, the drive is empty. The \
            exit code is the command's.

            Examples:
              spindle virtual run --disc my.disc -- spindle burn debian.iso
              spindle virtual run --disc my.disc -- \\
                  sh -c 'dd if=$SPINDLE_DRIVE bs=1M | sha256sum'
            """
    )

    @Option(help: "A virtual disc, or an image, which makes a pressed disc.", completion: .file())
    var disc: [String] = []

    @Option(help: "A fault to inject, such as 'read lba=1000-1010 sense=3/11/05'.")
    var fault: [String] = []

    @Option(help: "The model of drive to imitate.", completion: .list(VirtualDrives.driveModels))
    var driveModel = "plain"

    @Option(
        help: "A deviation from the drive's model, such as run-out-11-05.",
        completion: .list(VirtualDrives.driveQuirks)
    )
    var quirk: [String] = []

    @Option(
        help:
            "How the drive treats audio, unlike its model: 'offset=667 lead-out=2 cache=1200'."
    )
    var audio: [String] = []

    @Option(
        help: "How to treat the time that a drive would need: none, counted or real.",
        completion: .list(VirtualDrives.clocks)
    )
    var clock = "none"

    @Option(help: "Record every command to the drives in this file.", completion: .file())
    var trace: String?

    @OptionGroup var traceOptions: TraceOptions

    @Option(help: "Be the drives of this trace, and answer as they did.", completion: .file())
    var replay: String?

    @Argument(
        parsing: .postTerminator,
        help: "The command and its arguments, after “--”.",
        completion: .file()
    )
    var command: [String]

    func validate() throws {
        guard trace != nil || !traceOptions.traceSectors && !traceOptions.traceSerials else {
            throw ValidationError("--trace-sectors and --trace-serials go with --trace.")
        }
        guard !command.isEmpty else {
            throw ValidationError("Name the command to run after “--”.")
        }
        guard replay == nil || (disc.isEmpty && fault.isEmpty) else {
            throw ValidationError("A drive that replays a trace has neither discs nor faults.")
        }
    }

    func run() throws {
        var code: Int32 = 0
        try JobCommand.answer(Output()) { () throws(Failure) in
            let drives = try VirtualDrives(
                discs: disc.map { FilePath(text: $0) },
                faults: fault,
                model: driveModel,
                quirks: quirk,
                audio: audio,
                clock: clock,
                trace: trace.map { FilePath(text: $0) },
                contents: traceOptions.contents,
                replay: replay.map { FilePath(text: $0) }
            )
            defer { drives.stop() }
            code = try drives.run(command)
            Output().note(drives.driveTimes + drives.replayNotes + drives.finishTrace())
        }
        throw ArgumentParser.ExitCode(code)
    }
}

/// A kind of disc on the command line.
struct MediumArgument: ExpressibleByArgument, Sendable {
    static var allValueStrings: [String] { blank.map(\.rawValue) }
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

    /// The kinds that are sold blank.
    private static var blank: [MediumKind] {
        MediumKind.allCases.filter { BlankDisc($0) != nil }
    }

    let medium: MediumKind

    init?(argument: String) {
        guard let medium = MediumKind(rawValue: argument.lowercased()), BlankDisc(medium) != nil
        else { return nil }
        self.medium = medium
    }
}
