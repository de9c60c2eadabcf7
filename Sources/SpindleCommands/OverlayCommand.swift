import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle overlay diff|discard DIR`.
struct OverlayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overlay",
        abstract: "Look at the changes to a disc that is mounted with --writable, and keep or drop them.",
        discussion: """
            DIR is the directory that the disc is mounted on, or was mounted on last. The image, the \
            drive or the overlay's folder may be named as well.

            Examples:
              spindle mount --writable debian.iso dir
              cp preseed.cfg dir/
              spindle overlay diff dir
              spindle overlay discard dir --yes
            """,
        subcommands: [OverlayDiffCommand.self, OverlayDiscardCommand.self]
    )
}

/// What names an overlay.
struct OverlayOperand: ParsableArguments {
    @Argument(
        help: "The directory that shows the overlay, its folder, or the disc that it belongs to.",
        completion: .directory
    )
    var directory: String

    /// The overlay.
    func folder() throws(Failure) -> OverlayFolder { try .find(FilePath(directory)) }
}

/// `spindle overlay diff DIR`.
struct OverlayDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "List what was added, changed, removed and moved.",
        discussion: """
            What was removed is named by its path on the disc, and what was added or changed by the path \
            that it has now. Of a directory that was removed or moved, what is in it is not listed. The \
            exit code is 0 whether or not there are changes.
            """
    )

    @OptionGroup var overlay: OverlayOperand
    @OptionGroup var password: PasswordOption
    @OptionGroup var output: OutputOptions

    func run() throws {
        let output = Output(output)
        try JobCommand.answer(output) { () throws(Failure) in
            let opened = try OpenOverlay(overlay.folder(), secrets: password.secrets)
            let document = OverlayDocument(opened)
            try output.answer(document) { document.lines }
        }
    }
}

/// `spindle overlay discard DIR`.
struct OverlayDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Drop all changes.",
        discussion: """
            The disc is unmounted, and the overlay's folder is taken away. If programs use the mount, \
            they are named, and everything stays: exit code 4.
            """
    )

    @OptionGroup var overlay: OverlayOperand

    @Flag(help: "Drop the changes without asking.")
    var yes = false

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let output = Output(output)
        let (overlay, agrees) = (overlay, yes)
        try await JobCommand.run("overlay-discard", output) { _, _ throws(Failure) in
            try OverlayDiscardJob(overlay.folder()).run { agrees || output.ask($0) }
        }
    }
}
