import ArgumentParser
import SpindleJobs

/// `spindle join IN OUT`.
struct JoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Make an image with one file for all tracks.",
        usage: "spindle join [<options>] <in> <out>",
        discussion: """
            OUT is the sheet, such as disc.cue; the file of sectors lies beside it.

            Examples:
              spindle join tracks.cue disc.cue
            """
    )

    @OptionGroup var operands: ConversionOperands

    @OptionGroup var output: OutputOptions

    func run() async throws {
        var options = operands.options
        options.verb = "join"
        options.image.splitsTracks = false
        options.choices = [.files]
        try await operands.convert(options, output)
    }
}
