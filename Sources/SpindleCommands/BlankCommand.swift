import ArgumentParser
import LinuxCalls
import SpindleKit
import SystemPackage

/// `spindle blank`.
struct BlankCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blank",
        abstract: "Make a CD-RW or DVD-RW blank again.",
        discussion: """
            Examples:
              spindle blank
              spindle blank /dev/sr0 --full --yes
            """
    )

    @Argument(help: "The drive's device node; the same as --drive.", completion: .drives)
    var node: String?

    @OptionGroup var drive: DriveOption

    @Flag(help: "Erase all of the disc, not only what makes it look used; this takes long.")
    var full = false

    @Flag(help: "Destroy what is on the disc without asking.")
    var yes = false

    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        try drive.take(node, besides: "nothing else")
    }

    func run() async throws {
        let output = Output(output)
        let (drive, isFull, agrees) = (drive, full, yes)
        try await JobCommand.run("blank", output, ignoring: [.hangUp, .stop]) {
            _,
            tell throws(Failure) in
            try BlankJob(
                drive: try drive.node(with: .blankable),
                full: isFull,
                libburn: SpindleCommand.libburn
            ).run(
                confirm: { medium in
                    agrees || output.ask("Destroy what is on the \(medium.displayName)?")
                },
                tell: tell
            )
        }
    }
}
