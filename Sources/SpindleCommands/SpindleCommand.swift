public import ArgumentParser
import LinuxCalls
import SpindleKit

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
        do {
            if let number = Processes.firstArgumentThatIsNoText {
                throw ValidationError(
                    "Argument \(number) is not valid UTF-8. Nothing was done. Rename the file, or make a link to it with a name in UTF-8."
                )
            }
            if let unknown = UnknownVerb(CommandLine.arguments) {
                throw ValidationError(unknown.sentence)
            }
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            leave(error)
        }
    }

    /// Leaves the process with an error's message, if it has one, and its exit code.
    private static func leave(_ error: any Error) -> Never {
        var code = exitCode(for: error)
        let text = fullMessage(for: error)
        if !text.isEmpty {
            let output = Output()
            do throws(Failure) {
                let arguments = Array(CommandLine.arguments.dropFirst())
                if text == configuration.version, VersionDocument.isJSON(arguments) {
                    try output.show(json: VersionDocument())
                } else {
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
