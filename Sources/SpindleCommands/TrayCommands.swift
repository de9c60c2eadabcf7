import ArgumentParser
import SpindleJobs
import SystemPackage

/// `spindle eject`.
struct EjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eject",
        abstract: "Open a drive's tray.",
        usage: "spindle eject [<options>] [<node>]",
        discussion: """
            Examples:
              spindle eject
              spindle eject /dev/sr1
            """
    )

    @OptionGroup var operands: TrayOperands

    func run() async throws {
        try await operands.run(.eject)
    }
}

/// `spindle load`.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Close a drive's tray, and say what is in it.",
        usage: "spindle load [<options>] [<node>]",
        discussion: """
            Examples:
              spindle load
            """
    )

    @OptionGroup var operands: TrayOperands

    func run() async throws {
        try await operands.run(.load)
    }
}

/// What commands take that move the tray.
struct TrayOperands: ParsableArguments {
    @Argument(help: "The drive's device node; the same as --drive.", completion: .drives)
    var node: String?

    @OptionGroup var drive: DriveOption
    @OptionGroup var output: ResultOptions

    mutating func validate() throws {
        try drive.take(node, besides: "nothing else")
    }

    func run(_ move: TrayJob.Move) async throws {
        let drive = drive
        try await JobCommand.run(move.rawValue, Output(output)) { _, _ throws(Failure) in
            try TrayJob(move, drive: try drive.node(with: move == .eject ? .any : .openTray)).run()
        }
    }
}
