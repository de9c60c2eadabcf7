public import ArgumentParser

/// The command `spindle`.
public struct SpindleCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "spindle",
        abstract: "Burn, rip and verify optical discs and their images.",
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(name: "Looking:", subcommands: [DrivesCommand.self, InfoCommand.self]),
            CommandGroup(
                name: "Working:",
                subcommands: [BurnCommand.self, RipCommand.self, VerifyCommand.self]),
            CommandGroup(name: "Without a drive:", subcommands: [VirtualCommand.self]),
        ])

    public init() {}
}
