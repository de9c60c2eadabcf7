public import ArgumentParser
import LinuxCalls
import SpindleJobs

/// The command `spindle`.
public struct SpindleCommand: AsyncParsableCommand {
    /// What `spindle --help` says of it, and its verbs.
    public static let configuration = CommandConfiguration(
        commandName: "spindle",
        abstract: "Burn, rip and verify optical discs and their images.",
        version: VersionDocument().lines.joined(separator: "\n"),
        groupedSubcommands: [
            CommandGroup(
                name: "Discs",
                subcommands: [
                    BurnCommand.self, RipCommand.self, CopyCommand.self, VerifyCommand.self,
                    BlankCommand.self, FormatCommand.self, CloseCommand.self, EjectCommand.self,
                    LoadCommand.self,
                ]
            ),
            CommandGroup(
                name: "Inspect",
                subcommands: [DrivesCommand.self, InfoCommand.self, DoctorCommand.self]
            ),
            CommandGroup(
                name: "Images",
                subcommands: [ConvertCommand.self, SplitCommand.self, JoinCommand.self]
            ),
            CommandGroup(
                name: "Files",
                subcommands: [
                    CreateCommand.self, AddCommand.self, RemoveCommand.self, MoveCommand.self,
                    EditCommand.self, ListCommand.self, ExtractCommand.self, MountCommand.self,
                    UnmountCommand.self, OverlayCommand.self, SumCommand.self,
                ]
            ),
            CommandGroup(name: "Virtual drive", subcommands: [VirtualCommand.self]),
            CommandGroup(name: "Settings", subcommands: [ConfigCommand.self]),
        ]
    )

    /// What does libburn's work in a process of its own: this program.
    static let libburn = ["/proc/self/exe"]

    /// Creates the command, for the parser to fill in.
    public init() {}

    /// Runs the command that the process was started with, and leaves the process.
    ///
    /// A reader of the output that goes away must not end a write in the middle of a disc, and a
    /// limit on files' sizes is an error like a full disk.
    public static func launch() async {
        BurnWorker.serveIfAsked()
        Processes.holdStandardStreams()
        Signals.ignore([.brokenPipe, .fileTooLong])
        // Swift's runtime answers Ctrl-\ with a report for programmers.
        Signals.useDefault([.quit])
        var running: (any ParsableCommand.Type)?
        do {
            let arguments = Processes.ownArguments
            if let unknown = UnknownVerb(arguments) {
                throw ValidationError(unknown.sentence)
            }
            var command = try await asyncParseAsRoot(Array(arguments.dropFirst()))
            if !isHelp(command) { _ = try Settings.loaded.get() }
            running = type(of: command)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            leave(error, of: running)
        }
    }

    /// Whether a command only explains the command line, which it does whatever the settings are.
    private static func isHelp(_ command: any ParsableCommand) -> Bool {
        // The parser's own command for help is none of its public types.
        command is SpindleCommand || command is ConfigCommand
            || "\(type(of: command))" == "HelpCommand"
    }

    /// Leaves the process with a failure's sentences and its exit code.
    private static func leave(_ failure: Failure) -> Never {
        let output = Output()
        showRefusal(failure, output)
        output.note(failure.sentences)
        exit(withError: ArgumentParser.ExitCode(failure.exitCode.rawValue))
    }

    /// Prints the result of a command line that can't be followed, if JSON was asked for.
    private static func showRefusal(_ failure: Failure, _ output: Output) {
        let arguments = Array(Processes.ownArguments.dropFirst())
        guard VersionDocument.isJSON(arguments) else { return }
        let verb = arguments.first.flatMap { $0.hasPrefix("-") ? nil : $0 } ?? "spindle"
        output.show(refusal: failure, of: verb)
    }

    /// The width that help is broken at: what `COLUMNS` says, else the terminal's; but no less than the table of
    /// options needs, of whose texts the parser prints nothing if they have no room.
    ///
    /// Consoles and containers that don't know their width have `COLUMNS` as 0.
    private static var helpColumns: Int {
        let wanted = Environment.value("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        return max(wanted ?? Terminal.columns(.output) ?? 80, 40)
    }

    /// An error's message; of a command line that its verb refused, with the verb's usage.
    ///
    /// The parser knows which verb it parsed, but takes what a verb throws when it runs for an error of the program's.
    private static func fullMessage(
        for error: any Error,
        of verb: (any ParsableCommand.Type)?
    ) -> String {
        guard let verb, error is ValidationError else {
            return fullMessage(for: error, columns: helpColumns)
        }
        let usage = usageString(for: verb)
        let name = usage.split(separator: " ").prefix { $0.first?.isLetter ?? false }
            .joined(separator: " ")
        return """
            Error: \(message(for: error))
            Usage: \(usage)
              See '\(name) --help' for more information.
            """
    }

    /// Leaves the process with an error's message, if it has one, and its exit code.
    private static func leave(_ error: any Error, of verb: (any ParsableCommand.Type)?) -> Never {
        if let failure = error as? Failure { leave(failure) }
        var code = exitCode(for: error)
        let text = fullMessage(for: error, of: verb)
        if !text.isEmpty {
            let output = Output()
            do throws(Failure) {
                let arguments = Array(Processes.ownArguments.dropFirst())
                if text == configuration.version, VersionDocument.isJSON(arguments) {
                    try output.show(json: VersionDocument())
                } else {
                    if code.rawValue == SpindleJobs.ExitCode.usage.rawValue {
                        let what = message(for: error)
                        showRefusal(
                            Failure(.usage, what, meaning: "Nothing was done.", advice: ""),
                            output
                        )
                    }
                    try output.show(text, containing: arguments, isAnswer: code.isSuccess)
                }
            } catch {
                output.note(error.sentences)
                code = ArgumentParser.ExitCode(error.exitCode.rawValue)
            }
        }
        exit(withError: code)
    }
}
