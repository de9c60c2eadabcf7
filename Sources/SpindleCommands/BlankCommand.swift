import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle blank`.
struct BlankCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blank",
        abstract: "Make a CD-RW or DVD-RW blank again.",
        usage: "spindle blank [<options>] [<node>]",
        discussion: """
            Examples:
              spindle blank
              spindle blank /dev/sr0 --full --yes
            """
    )

    @Argument(help: "The drive's device node; the same as --drive.", completion: .drives)
    var node: String?

    @OptionGroup var drive: DriveOption

    @Option(help: "fast, or full to erase the entire disc, which is slow.")
    var kind: ErasingKind?

    @Flag(help: "The same as --kind full.")
    var full = false

    @Flag(help: "Unmount the disc, and destroy what is on it, without asking.")
    var yes = false

    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        try drive.take(node, besides: "nothing else")
        guard !full || kind != .fast else {
            throw ValidationError("--full and --kind fast contradict each other.")
        }
    }

    func run() async throws {
        let output = Output(output)
        let (drive, isFull, agrees) = (drive, full || kind == .full, yes)
        try await JobCommand.run(
            "blank",
            output,
            ignoring: [.hangUp, .stop],
            keepingAwake: true
        ) {
            cancellation,
            tell throws(Failure) in
            try BlankJob(
                drive: try drive.node(with: .blankable),
                full: isFull,
                libburn: SpindleCommand.libburn
            ).run(
                confirm: output.consent(unless: agrees, cancellation),
                tell: [drive.setting].compactMap(\.self).noted(tell)
            )
        }
    }
}
