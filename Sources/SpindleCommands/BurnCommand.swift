import ArgumentParser
import LinuxCalls
import SpindleKit
import SystemPackage

/// `spindle burn SOURCE`.
struct BurnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "burn",
        abstract: "Write a disc image to a disc, and read the disc back to see that it is there.",
        discussion: """
            The plan is printed before the laser is switched on; on a terminal there are a few \
            seconds then in which Ctrl-C costs nothing. Later it stops at the next safe place and \
            says what the disc is then.
            """
    )

    @Argument(
        help:
            "The image, of any format, or “-” for the standard input; or directories and files, which are written with no image between."
    )
    var source: String

    @Argument(
        help: "Further directories and files; and the drive's device node, the same as --drive."
    )
    var others: [String] = []

    @OptionGroup var drive: DriveOption

    @Option(help: "Write speed: 8x, or in kB/s 11080k; the drive's fastest where left out.")
    var speed: SpeedArgument?

    @Option(help: "How a CD's track is written: sao or tao; chosen by the disc where left out.")
    var mode: ModeArgument?

    @Flag(help: "Rehearse with the laser low, on CD-R, CD-RW, DVD-R and DVD-RW.")
    var simulate = false

    @Flag(inversion: .prefixedNo, help: "Read the disc back and compare it.")
    var verify = true

    @Flag(help: "Open the tray when all went well.")
    var eject = false

    @Flag(help: "Overwrite data on a rewritable disc without asking.")
    var yes = false

    @Flag(help: "Burn an image that is shorter than its own file system.")
    var allowTruncated = false

    @Flag(help: "Burn a disc though not all of it can be written, such as subchannel of its own.")
    var allowLoss = false

    @OptionGroup(title: "Options for directories and files") var tree: TreeOptions
    @OptionGroup(title: "Options for directories and files") var kind: ISOOptions

    @OptionGroup var password: PasswordOption
    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    /// Seconds that a person has to think, on a terminal.
    private static let secondsToThink = 3.0

    mutating func validate() throws {
        if let index = others.lastIndex(where: DriveOption.isNode) {
            try drive.take(others.remove(at: index), besides: "one image")
        }
        let ending = FilePath(source).extension?.lowercased() ?? ""
        guard others.isEmpty || !ImageFormat.all.contains(where: { $0.endings.contains(ending) })
        else {
            throw ValidationError(
                "“\(source)” is an image, and a disc takes one image alone. To write images as files, name them behind a directory, or give them places with --map."
            )
        }
        // Other things than files are refused by what takes them.
        guard others.isEmpty || source != "-" else {
            throw ValidationError("The standard input is an image, and no other source is taken.")
        }
    }

    func run() async throws {
        let isWatched = Terminal.isTerminal(.error) && !output.json
        let output = Output(output)
        let options = BurnOptions(
            speed: speed?.speed,
            simulates: simulate,
            verifies: verify,
            ejects: eject,
            mode: mode?.mode,
            allowsTruncated: allowTruncated,
            allowsLoss: allowLoss,
            secondsToThink: isWatched ? Self.secondsToThink : 0,
            libburn: SpindleCommand.libburn
        )
        let (agrees, drive, secrets) = (yes, drive, password.secrets)
        let (source, files) = (FilePath(source), try files)
        try await JobCommand.run(
            "burn",
            output,
            ignoring: [.hangUp, .stop],
            writing: try papers.begin("burn", output)
        ) {
            cancellation,
            tell throws(Failure) in
            let image =
                if let files {
                    try ImageToBurn(of: files.input, files.kind, cancellation)
                } else {
                    try ImageToBurn(
                        source,
                        allowsTruncated: options.allowsTruncated,
                        secrets: secrets
                    )
                }
            let job = BurnJob(
                image: image,
                drive: try drive.node(with: .writable),
                options: options
            )
            return try job.run(
                cancellation: cancellation,
                confirm: { plan in
                    agrees
                        || output.ask(
                            "The \(plan.medium.displayName) holds data. Overwrite them?"
                        )
                },
                tell: tell
            )
        }
    }
}

extension BurnCommand {
    /// What is written where directories and files are named; `nil` where an image is.
    private var files: (input: AuthoringInput, kind: ISOAuthoringOptions)? {
        get throws {
            let path = FilePath(source)
            // An image that is a directory is one all the same.
            let isDirectory =
                (try? FileSystem.status(path))?.kind == .directory
                && path.extension?.lowercased() != "sparsebundle"
            guard isDirectory || !others.isEmpty || !tree.map.isEmpty else { return nil }
            var kind = try kind.options
            kind.allowsLoss = allowLoss
            return (try tree.input([source] + others), kind)
        }
    }
}

/// A write mode on the command line.
struct ModeArgument: ExpressibleByArgument, Sendable {
    static let allValueStrings = ["sao", "tao"]

    let mode: SessionJob.Mode

    init?(argument: String) {
        guard let mode = SessionJob.Mode(rawValue: argument.lowercased()) else { return nil }
        self.mode = mode
    }
}
