import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle format`.
struct FormatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format",
        abstract: "Format a DVD-RW, DVD+RW, DVD-RAM, BD-RE or blank BD-R.",
        usage: "spindle format [<options>] [<node>]",
        discussion: """
            A DVD-RW that is formatted can be overwritten in place; “spindle blank” brings it back to \
            writing in order. A burn formats what needs it by itself.

            Examples:
              spindle format
              spindle format /dev/sr0 --kind full --spare large
            """
    )

    @Argument(help: "The drive's device node; the same as --drive.", completion: .drives)
    var node: String?

    @OptionGroup var drive: DriveOption

    @Option(help: "fast, or full to go through the entire disc, which is slow.")
    var kind = ErasingKind.fast

    @Option(
        help: "Room for blocks that turn bad, of DVD-RAM and BD: none, small, default, large.",
        completion: .list(SpareArgument.allValueStrings)
    )
    var spare: SpareArgument?

    @Flag(help: "Unmount the disc, and lose what is on it, without asking.")
    var yes = false

    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        try drive.take(node, besides: "nothing else")
    }

    func run() async throws {
        let output = Output(output)
        let (drive, agrees) = (drive, yes)
        let wish = FormatJob.Wish(isFull: kind == .full, spares: spare?.spares)
        try await JobCommand.run(
            "format",
            output,
            ignoring: [.hangUp, .stop],
            keepingAwake: true
        ) {
            cancellation,
            tell throws(Failure) in
            try FormatJob(
                drive: try drive.node(with: .formattable),
                wish,
                libburn: SpindleCommand.libburn
            ).run(
                confirm: output.consent(unless: agrees, cancellation),
                tell: [drive.setting].compactMap(\.self).noted(tell)
            )
        }
    }
}

/// Spare areas on the command line.
struct SpareArgument: ExpressibleByArgument, Sendable {
    static let allValueStrings = FormatJob.Spares.allCases.map(\.rawValue)

    let spares: FormatJob.Spares

    init?(argument: String) {
        guard let spares = FormatJob.Spares(rawValue: argument.lowercased()) else { return nil }
        self.spares = spares
    }
}

/// How much of a disc is blanked or formatted.
enum ErasingKind: String, ExpressibleByArgument, CaseIterable {
    case fast, full
}
