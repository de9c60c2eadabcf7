import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle burn SOURCE`.
struct BurnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "burn",
        abstract: "Burn an image to a disc, and read the disc back to check it.",
        discussion: """
            The plan is printed before the laser is switched on; on a terminal there are a few \
            seconds then in which Ctrl-C costs nothing. Later it stops at the next safe place and \
            says what the disc is then.

            Examples:
              spindle burn debian.iso
              spindle burn album.cue --speed 8x --eject
              spindle burn 01.flac 02.mp3 03.wav
              spindle burn debian.iso /dev/sr1 --simulate
            """
    )

    @Argument(
        help:
            "The image, of any format, or “-” for the standard input; audio files or a playlist, for an audio CD; or directories and files, which are written with no image between.",
        completion: .file()
    )
    var source: String

    @Argument(
        help: "Further directories and files; and the drive's device node, the same as --drive.",
        completion: .drives
    )
    var others: [String] = []

    @Option(
        name: .customLong("drive"),
        parsing: .singleValue,
        help: """
            The drive to use (default: SPINDLE_DRIVE, else the only suitable drive). Given \
            several times, the image is burned in all of them at once.
            """,
        completion: .drives
    )
    var drives: [String] = []

    @Option(help: "With “-”, the number of bytes to expect; a CD is then written session at once.")
    var size: Int?

    @Option(help: "Write speed, such as 8x or 11080k (kB/s). Default: the drive's maximum.")
    var speed: SpeedArgument?

    @Option(
        help: """
            How the disc is written: auto; sao or tao, a CD's session at once or its tracks one by \
            one; dao, a CD, DVD-R or DVD-RW in one go; incremental, any other disc after what it \
            holds.
            """
    )
    var mode = ModeArgument.auto

    @Option(
        help: "auto blanks a CD-RW or DVD-RW that isn't blank; never adds to it."
    )
    var blank = BlankArgument.never

    @Flag(help: "Leave the disc open, so that further sessions can follow.")
    var keepOpen = false

    @Option(help: "The sector to begin at, on a DVD+RW, DVD-RAM, BD-RE or formatted DVD-RW.")
    var at: Int?

    @Flag(
        help: """
            Go on with a burn of this image that was broken off, after what the disc holds of it: on \
            DVD+RW, DVD-RAM, BD-RE and formatted DVD-RW, and on DVD-R, DVD-RW and DVD+R whose track \
            is still open.
            """
    )
    var resume = false

    @Option(
        help: "Another drive to read the disc back in, once you have put it there.",
        completion: .drives
    )
    var verifyDrive: String?

    @Option(help: "Whether the drive replaces bad blocks of a DVD-RAM, BD-RE or formatted BD-R.")
    var defectManagement: SwitchArgument?

    @Flag(help: "Rehearse with the laser low, on CD-R, CD-RW, DVD-R and DVD-RW.")
    var simulate = false

    @Flag(help: "Show the plan, check that the disc takes the image, and write nothing.")
    var dryRun = false

    @Flag(inversion: .prefixedNo, help: "Read the disc back and compare it (default: --verify).")
    var verify: Bool?

    @Flag(help: "Open the tray on success.")
    var eject = false

    @Flag(
        help: """
            Don't ask: unmount the disc, overwrite data, and write an image that was made for another place.
            """
    )
    var yes = false

    @Flag(help: "Burn an image that is smaller than the file system in it.")
    var allowTruncated = false

    @Flag(help: "Burn even if part of the image can't be written, such as its own subchannel.")
    var allowLoss = false

    @OptionGroup(title: "Options for audio") var sound: SoundOperands
    @OptionGroup(title: "Options for directories and files") var tree: TreeOptions
    @OptionGroup(title: "Options for directories and files") var kind: ImageKindOptions

    @OptionGroup var password: PasswordOption
    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    /// Seconds that a person has to think, on a terminal.
    private static let secondsToThink = 3.0
    /// Seconds that a disc may take to get into another drive, where nobody watches.
    private static let secondsForSecondDrive = 600.0

    mutating func validate() throws {
        if let index = others.lastIndex(where: DriveOption.isNode) {
            let node = others.remove(at: index)
            guard drives.isEmpty || drives == [node] else {
                throw ValidationError(
                    "Two drives are named: \(node), and \(drives[0]) with --drive."
                )
            }
            drives = [node]
        }
        let ending = FilePath(text: source).extension?.lowercased() ?? ""
        guard others.isEmpty || !ImageFormat.all.contains(where: { $0.endings.contains(ending) })
        else {
            throw ValidationError(
                "“\(source)” is an image, and a disc takes one image alone. To write images as files, name them after a directory, or give them places with --map."
            )
        }
        // Other things than files are refused by what takes them.
        guard others.isEmpty || source != "-" else {
            throw ValidationError("The standard input is an image, and no other source is taken.")
        }
        guard size == nil || source == "-" else {
            throw ValidationError("--size is for “-”: a file's size is known.")
        }
        guard size ?? 1 > 0, size ?? 1 < 1 << 48 else {
            throw ValidationError("--size takes a number of bytes.")
        }
        guard !resume || (source != "-" && !simulate && blank == .never && drives.count < 2) else {
            throw ValidationError(
                "--resume goes on with an image file in one drive; it goes with neither “-”, --simulate nor --blank."
            )
        }
        guard verifyDrive == nil || (!simulate && verify != false && drives.count < 2) else {
            throw ValidationError(
                "--verify-drive has a disc read back that is burned in one drive; it goes with neither --simulate nor --no-verify."
            )
        }
        guard !dryRun || (!simulate && drives.count < 2) else {
            throw ValidationError(
                "--dry-run writes nothing, in one drive: it goes neither with --simulate nor with several drives."
            )
        }
        guard at ?? 0 >= 0, at ?? 0 < 1 << 32 else {
            throw ValidationError("--at takes the number of a sector.")
        }
    }

    func run() async throws {
        guard drives.count < 2 else { return try await runInSeveral() }
        let isWatched = Terminal.isTerminal(.error) && !output.json
        let output = Output(output)
        let (verifying, unverified) = Settings.verifying(verify)
        let options = BurnOptions(
            speed: speed?.speed,
            simulates: simulate,
            plansOnly: dryRun,
            verifies: verifying,
            ejects: eject,
            mode: mode.mode,
            blanks: blank == .auto,
            keepsOpen: keepOpen,
            address: at,
            resumes: resume,
            secondDrive: verifyDrive.map {
                SecondDrive(
                    FilePath(text: $0),
                    patience: isWatched ? nil : Self.secondsForSecondDrive
                )
            },
            managesDefects: defectManagement.map { $0 == .on },
            allowsTruncated: allowTruncated,
            allowsLoss: allowLoss,
            secondsToThink: isWatched ? Self.secondsToThink : 0,
            libburn: SpindleCommand.libburn
        )
        let (agrees, drive) = (yes, drives.first)
        let image = try image
        try await JobCommand.run(
            "burn",
            output,
            ignoring: [.hangUp, .stop],
            writing: try papers.begin("burn", output),
            keepingAwake: true
        ) {
            cancellation,
            tell throws(Failure) in
            let image = try image(cancellation)
            let node = try DriveOption.node(drive, with: .writable)
            var options = options
            var used = [DriveOption.setting(unless: drive), unverified].compactMap(\.self)
            if options.speed == nil,
                let setting = try Settings.current.setting(.writeSpeed, at: node)
            {
                options.speed = setting.speed
                used.append(setting)
            }
            return try BurnJob(image: image, drive: node, options: options).run(
                cancellation: cancellation,
                confirm: output.consent(unless: agrees, cancellation),
                tell: used.noted(tell)
            )
        }
    }
}

extension BurnCommand {
    /// What makes the image to burn, once that may take a while.
    private var image: @Sendable (Cancellation) throws(Failure) -> ImageToBurn {
        get throws {
            let (path, secrets, size) = (FilePath(text: source), password.secrets, size)
            let (files, allowsTruncated) = (try files, allowTruncated)
            let (operands, sound) = (([source] + others).map { FilePath(text: $0) }, sound)
            let canBeSound = source != "-" && tree.map.isEmpty
            return { cancellation throws(Failure) in
                var notes: [String] = []
                if canBeSound {
                    switch try sound.choice(operands) {
                    case .other(let told): notes = told
                    case .tracks(let files, let path, let told):
                        let disc = try OpenDisc.sounds(
                            files,
                            named: path,
                            sound.options,
                            cancellation
                        )
                        return sound.corrected(ImageToBurn(sounds: disc).noting(told))
                    }
                }
                if sound.gap ?? 0 > 0 {
                    notes.append("No audio file becomes a track, so that --gap changes nothing.")
                }
                if let files {
                    return try ImageToBurn(of: files.input, files.kind, cancellation).noting(notes)
                }
                return sound.corrected(
                    try ImageToBurn(
                        path,
                        allowsTruncated: allowsTruncated,
                        secrets: secrets,
                        size: size,
                        cancellation: cancellation
                    )
                    .noting(notes)
                )
            }
        }
    }

    /// What is written where directories and files are named; `nil` where an image is.
    private var files: (input: AuthoringInput, kind: AuthoringKind)? {
        get throws {
            let path = FilePath(text: source)
            // An image that is a directory is one all the same.
            let isDirectory =
                (try? FileSystem.status(path))?.kind == .directory
                && path.extension?.lowercased() != "sparsebundle"
            let isFile = sound.audio == false
            guard isDirectory || !others.isEmpty || !tree.map.isEmpty || isFile else {
                if let option = tree.first ?? kind.first {
                    throw ValidationError(
                        "\(option) is for directories and files: of “\(source)” no file system is made."
                    )
                }
                return nil
            }
            return (
                try tree.input([source] + others), try kind.kind(allowsLoss: allowLoss)
            )
        }
    }

    /// Burns in several drives, each in a process of its own: this program, with the standard input as
    /// its image.
    private func runInSeveral() async throws {
        let output = Output(output)
        let (drives, arguments, image) = (drives.map { FilePath(text: $0) }, arguments, try image)
        let papers = try papers.begin("burn", output)
        let own =
            [source] + others + sound.arguments + password.arguments
            + (allowLoss ? ["--allow-loss"] : [])
        try await JobCommand.run(
            "burn",
            output,
            ignoring: [.hangUp, .stop],
            writing: papers,
            keepingAwake: true
        ) {
            cancellation,
            tell throws(Failure) in
            let image = try image(cancellation)
            let isFed = image.isPlainData
            let fed = ["-"] + (image.byteCount.map { ["--size", String($0)] } ?? [])
            let job = SeveralBurnsJob(
                image: image,
                drives: drives,
                program: SpindleCommand.libburn + ["burn"] + (isFed ? fed : own) + arguments
                    + ["--drive"],
                isFed: isFed
            )
            return try job.run(cancellation: cancellation) { drive, event in
                papers?.note(event, of: drive)
                output.show(event, of: drive)
            }
        }
    }

    /// The arguments of the process for one drive, but for the image and the drive.
    private var arguments: [String] {
        var arguments = ["--json"]
        let options = [
            ("--mode", mode.mode?.rawValue), ("--blank", blank == .auto ? "auto" : nil),
            ("--at", at.map(String.init)), ("--defect-management", defectManagement?.rawValue),
            ("--speed", speed?.text),
        ]
        for (name, value) in options {
            if let value { arguments += [name, value] }
        }
        let flags = [
            ("--simulate", simulate), ("--verify", verify == true),
            ("--no-verify", verify == false), ("--eject", eject), ("--yes", yes),
            ("--keep-open", keepOpen), ("--allow-truncated", allowTruncated),
        ]
        return arguments + flags.filter(\.1).map(\.0)
    }
}

/// A write mode on the command line.
struct ModeArgument: ExpressibleByArgument, Sendable, CustomStringConvertible {
    static let auto = ModeArgument(mode: nil)
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
    static let allValueStrings = ["auto"] + WriteMode.allCases.map(\.rawValue)

    /// The mode; `nil` to have it chosen.
    let mode: WriteMode?

    var description: String { mode?.rawValue ?? "auto" }

    private init(mode: WriteMode?) {
        self.mode = mode
    }

    init?(argument: String) {
        let name = argument.lowercased()
        guard name == "auto" || WriteMode(rawValue: name) != nil else { return nil }
        mode = WriteMode(rawValue: name)
    }
}

/// Whether a disc is blanked before it is burned.
enum BlankArgument: String, ExpressibleByArgument, CaseIterable {
    case never, auto
}

/// On or off on the command line.
enum SwitchArgument: String, ExpressibleByArgument, CaseIterable {
    case on, off
}
