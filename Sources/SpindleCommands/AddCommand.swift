import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle add IMAGE PATH…`.
struct AddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Put files and directories into an ISO 9660 image.",
        discussion: """
            Each file or directory goes into the image's root, or into the directory that --at names, \
            under its own name; a directory goes in with all that is in it, and joins one of its name \
            that is there. The changed image is made beside the old one, read back, and only then takes \
            its name. All that was there keeps its place and its attributes, and the image boots as it \
            did.

            Examples:
              spindle add debian.iso preseed.cfg
              spindle add photos.iso new/*.jpg --at 2026/summer --replace
              spindle add boot.iso tools --output boot-with-tools.iso
            """
    )

    @Argument(help: "The image, or a drive with a disc that can take more.", completion: .file())
    var image: String

    @Argument(help: "What goes into it.", completion: .file())
    var paths: [String]

    @Option(
        help: ArgumentHelp(
            "The directory of the image that they go into; it is made if it is not there.",
            valueName: "directory"
        )
    )
    var at = "/"

    @Flag(help: "Replace files that are in the image already.")
    var replace = false

    @OptionGroup var adding: AddingOptions
    @OptionGroup var editing: EditingOptions
    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (paths, at, adding, replace) = (
            paths.map { FilePath(text: $0) }, at.onDisc, adding, replace
        )
        try await editing.run("add", image, papers, output) { () throws(Failure) in
            var list: [TreeChange] = []
            for path in paths { list.append(try .add(path, into: at)) }
            return adding.changes(list, replacing: replace)
        }
    }
}
