import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle overlay diff|commit|discard DIR`.
struct OverlayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overlay",
        abstract:
            "Look at the changes to a disc that is mounted with --writable, and keep or drop them.",
        discussion: """
            DIR is the directory that the disc is mounted on, or was mounted on last. The image, the \
            drive or the overlay's folder may be named as well.

            Examples:
              spindle mount --writable debian.iso dir
              cp preseed.cfg dir/
              spindle overlay diff dir
              spindle overlay commit dir --output new.iso
              spindle overlay discard dir --yes
            """,
        subcommands: [
            OverlayDiffCommand.self, OverlayCommitCommand.self, OverlayDiscardCommand.self,
        ]
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
    func folder() throws(Failure) -> OverlayFolder { try .find(FilePath(text: directory)) }
}

/// `spindle overlay diff DIR`.
struct OverlayDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "List what was added, changed, removed and moved.",
        usage: "spindle overlay diff [<options>] <directory>",
        discussion: """
            What was removed is named by its path on the disc, and what was added or changed by the path \
            that it has now. Of a directory that was removed or moved, what is in it is not listed. The \
            exit code is 0 whether or not there are changes.

            Examples:
              spindle overlay diff dir
              spindle overlay diff dir --json
            """
    )

    @OptionGroup var overlay: OverlayOperand
    @OptionGroup var password: PasswordOption
    @OptionGroup var output: AnswerOptions

    func run() throws {
        let output = Output(json: output.json)
        try JobCommand.answer(output) { () throws(Failure) in
            let opened = try OpenOverlay(overlay.folder(), secrets: password.secrets)
            let document = OverlayDocument(opened)
            try output.answer(document) { document.lines }
            output.note(opened.contents.notes)
        }
    }
}

/// `spindle overlay commit DIR`.
struct OverlayCommitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit",
        abstract:
            "Make an image with the changes, or put them into the disc's own image or onto the disc.",
        usage: "spindle overlay commit [<options>] <directory>",
        discussion: """
            With --output a new image is made, and the mount and the overlay stay as they are. Without it \
            the disc's own image is replaced: it is unmounted before, and the overlay is empty afterwards. \
            Either way the image is read back and compared before it gets its name, what it can't keep \
            is reported before anything is written, and if anything fails, nothing is changed.

            What was not changed keeps its place in the image, and boot records stay as they are. With \
            --session no byte of what is there changes, and the changes come after it.

            A disc in a drive is unmounted and gets the changes as a further session, as it does of \
            “spindle add”, if it can take one. If it has got one since the overlay was begun, that is compared \
            with the changes: if it holds them, nothing is written, and else --allow-loss writes one more in its \
            place.

            Examples:
              spindle overlay commit dir --output new.iso
              spindle overlay commit dir --yes
              spindle overlay commit dir --session --yes
            """
    )

    @OptionGroup var overlay: OverlayOperand

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The image to make; the disc's own one is replaced if left out.",
            valueName: "image"
        ),
        completion: .file()
    )
    var output: String?

    @Flag(help: "Replace the disc's own image, or write to the disc in the drive, without asking.")
    var yes = false

    @Flag(
        help:
            "Leave all that is there as it is, and put the changes after it as a further session; discs in drives get them so in any case."
    )
    var session = false

    @Flag(help: "Replace the image of --output if it is there already.")
    var force = false

    @Flag(
        help:
            "Do without what the image can't keep, and without what a session has that the disc in the drive has got since."
    )
    var allowLoss = false

    @OptionGroup var password: PasswordOption
    @OptionGroup var printing: OutputOptions

    mutating func validate() throws {
        try OutputOperand.check(output)
        guard !force || output != nil else {
            throw ValidationError("--force is about the image of --output; use --yes instead.")
        }
    }

    func run() async throws {
        let printer = Output(printing)
        let (overlay, agrees, replaces, allowsLoss) = (overlay, yes, force, allowLoss)
        let (path, secrets, appends) = (
            output.map { FilePath(text: $0) }, password.secrets, session
        )
        // A burn goes on when the terminal goes away; an image is given up.
        let source = (try? overlay.folder().record())?.source
        let burns = path == nil && source.map(DriveOption.isNode) == true
        try await JobCommand.run(
            "overlay-commit",
            printer,
            ignoring: burns ? [.hangUp, .stop] : [],
            stoppingOn: [.interrupt, .quit, .terminate] + (burns ? [] : [.hangUp])
        ) { cancellation, tell throws(Failure) in
            try OverlayCommitJob(
                overlay.folder(),
                output: path,
                replaces: replaces,
                appendsSession: appends,
                allowsLoss: allowsLoss,
                secrets: secrets,
                libburn: SpindleCommand.libburn
            ).run(
                cancellation: cancellation,
                confirm: { question throws(Failure) in
                    if agrees { return true }
                    let meaning = "Nothing was written."
                    return try printer.ask(question, meaning: meaning, cancellation)
                },
                tell: tell
            )
        }
    }
}

/// `spindle overlay discard DIR`.
struct OverlayDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Drop all changes.",
        usage: "spindle overlay discard [<options>] <directory>",
        discussion: """
            The disc is unmounted, and the overlay's folder is taken away. If programs use the mount, \
            they are named, and everything stays: exit code 4.

            Examples:
              spindle overlay discard dir
              spindle overlay discard dir --yes
            """
    )

    @OptionGroup var overlay: OverlayOperand

    @Flag(help: "Drop the changes without asking.")
    var yes = false

    @OptionGroup var output: ResultOptions

    func run() async throws {
        let output = Output(output)
        let (overlay, agrees) = (overlay, yes)
        try await JobCommand.run("overlay-discard", output) { cancellation, _ throws(Failure) in
            try OverlayDiscardJob(overlay.folder()).run { question throws(Failure) in
                if agrees { return true }
                return try output.ask(question, meaning: "Nothing was changed.", cancellation)
            }
        }
    }
}
