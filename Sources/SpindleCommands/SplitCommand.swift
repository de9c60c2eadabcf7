import ArgumentParser
import SpindleJobs

/// `spindle split IN OUT`.
struct SplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Make an image with a file for each track.",
        usage: "spindle split [<options>] <in> <out>",
        discussion: """
            OUT is the sheet, such as disc.cue; the tracks' files lie beside it.

            Examples:
              spindle split disc.cue tracks.cue --audio wav
            """
    )

    @OptionGroup var operands: ConversionOperands

    @Option(
        help: "What the files of audio tracks are: \(ConversionOperands.audioFiles).",
        completion: .cases(ImageOptions.AudioFile.self),
        transform: ConversionOperands.choice
    )
    var audio: ImageOptions.AudioFile?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        var options = operands.options
        options.verb = "split"
        options.image.splitsTracks = true
        options.choices = [.files]
        if let audio { options.image.audioFile = audio }
        try await operands.convert(options, output)
    }
}
