import ArgumentParser
import SpindleJobs

/// `spindle move IMAGE FROM TO`.
struct MoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Give a file or a directory in an ISO 9660 image another name or place.",
        discussion: """
            Paths are those that “spindle list” writes. If TO is a directory of the image, FROM goes into \
            it under its own name; else TO is its new path, and the directory that it goes into must be \
            there. The changed image is made beside the old one, read back, and only then takes its name.

            Examples:
              spindle move photos.iso "new folder" 2026
              spindle move boot.iso boot/grub/grub.cfg boot/grub/grub.old
            """
    )

    @Argument(help: "The image, or a drive with a disc that can take more.", completion: .file())
    var image: String

    @Argument(help: "What is moved, as “spindle list” writes it.")
    var from: String

    @Argument(help: "Its new path, or a directory of the image.")
    var to: String

    @Flag(help: "Replace a file that has the new path already.")
    var replace = false

    @OptionGroup var editing: EditingOptions
    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var changes = TreeChanges([.move(from.onDisc, to: to.onDisc)])
        changes.replacesFiles = replace
        let wanted = changes
        try await editing.run("move", image, papers, output) { wanted }
    }
}
