import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// What of the data a trace keeps.
struct TraceOptions: ParsableArguments {
    @Flag(help: "Keep the sectors' contents in the trace, not only their checksums.")
    var traceSectors = false

    @Flag(help: "Keep serial numbers of drives and discs in the trace.")
    var traceSerials = false

    var contents: TraceContents {
        TraceContents(keepsSectors: traceSectors, keepsSerials: traceSerials)
    }
}

/// `spindle virtual trace FILE -- COMMAND …`.
struct VirtualTraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Run a command and record what it sends to real drives.",
        usage: "spindle virtual trace [<options>] <file> -- <command> ...",
        discussion: """
            Nothing is altered: the library that “virtual run” uses carries each command out as it \
            is, and tells of it. The exit code is the command's.

            Examples:
              spindle virtual trace burn.trace -- spindle burn debian.iso
            """
    )

    @Argument(help: "The file to write.", completion: .file())
    var file: String

    @Option(help: "The device of a drive; without it, /dev/sr0 to /dev/sr9.", completion: .drives)
    var drive: [String] = []

    @OptionGroup var traceOptions: TraceOptions

    @Argument(
        parsing: .postTerminator,
        help: "The command and its arguments, after “--”.",
        completion: .file()
    )
    var command: [String]

    func validate() throws {
        guard !command.isEmpty else {
            throw ValidationError("Name the command to run after “--”.")
        }
    }

    func run() throws {
        var code: Int32 = 0
        try JobCommand.answer(Output()) { () throws(Failure) in
            let tracing = try DriveTracing(
                FilePath(text: file),
                drives: drive,
                contents: traceOptions.contents
            )
            defer { tracing.stop() }
            code = try tracing.run(command)
            Output().note(tracing.finish())
        }
        throw ArgumentParser.ExitCode(code)
    }
}
