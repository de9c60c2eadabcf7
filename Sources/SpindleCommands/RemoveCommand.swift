import ArgumentParser
import SpindleJobs

/// `spindle remove IMAGE PATH…`.
struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take files and directories out of an ISO 9660 image.",
        discussion: """
            Paths are those that “spindle list” writes; a directory goes with all that is in it. The \
            changed image is made beside the old one, read back, and only then takes its name. All that \
            stays keeps its place, so the image gets no smaller: zeros take the place of what is removed, \
            and files that are added later fill it.

            Examples:
              spindle remove photos.iso 2026/summer/blurred.jpg
              spindle remove boot.iso pool/main/g --output small.iso --dry-run
            """
    )

    @Argument(help: "The image, or a drive with a disc that can take more.", completion: .file())
    var image: String

    @Argument(help: "What is removed, as “spindle list” writes it.")
    var paths: [String]

    @OptionGroup var editing: EditingOptions
    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let list = paths.map { TreeChange.remove($0.onDisc) }
        try await editing.run("remove", image, papers, output) { TreeChanges(list) }
    }
}
