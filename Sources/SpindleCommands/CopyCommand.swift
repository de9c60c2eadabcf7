import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle copy`.
struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy a disc to another one.",
        discussion: """
            The disc is ripped into an image, with audio, sessions and codes, and the image is burned and \
            read back. With one drive you are asked to change the discs. If a sector can't be read, \
            nothing is written.

            Examples:
              spindle copy
              spindle copy /dev/sr0 /dev/sr1
              spindle copy --image disc.iso
            """
    )

    @Argument(help: "The drive with the disc to copy; the same as --from.", completion: .drives)
    var source: String?

    @Argument(help: "The drive to write in; the same as --to.", completion: .drives)
    var target: String?

    @Option(
        help: "The drive with the disc to copy (default: the only drive with such a disc).",
        completion: .drives
    )
    var from: String?

    @Option(
        help:
            "The drive to write in (default: the only other drive with a writable disc, else --from).",
        completion: .drives
    )
    var to: String?

    @Option(help: "Keep the image under this name, such as disc.iso.", completion: .file())
    var image: String?

    @Flag(
        help:
            "With two drives, write while reading, with no image in between. A sector that can't be read then costs a disc that can be written only once."
    )
    var direct = false

    @Option(
        help: "The folder for the temporary image (default: TMPDIR, else /var/tmp).",
        completion: .directory
    )
    var folder: String?

    @Option(help: "The number of retry passes over bad sectors.")
    var retries = 1

    @Option(help: "Seconds to wait for the blank disc, where nobody can be asked.")
    var wait = 0

    @Option(help: "Write speed, such as 8x or 11080k (kB/s). Default: the drive's maximum.")
    var speed: SpeedArgument?

    @Flag(inversion: .prefixedNo, help: "Read the copy back and compare it (default: --verify).")
    var verify: Bool?

    @Flag(help: "Open the tray on success.")
    var eject = false

    @Flag(help: "Unmount the disc to write, and overwrite data on it, without asking.")
    var yes = false

    @Flag(help: "Replace the image of --image.")
    var force = false

    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        try OutputOperand.check(image)
        from = try Self.drive(source, or: from, "--from")
        to = try Self.drive(target, or: to, "--to")
        guard !direct || image == nil else {
            throw ValidationError("--direct makes no image; leave --image out.")
        }
        guard (0...1000).contains(retries) else {
            throw ValidationError("--retries takes a number from 0 to 1000.")
        }
        guard (0...86400).contains(wait) else {
            throw ValidationError("--wait takes a number of seconds from 0 to 86400.")
        }
    }

    /// A drive that was named as an operand or by an option.
    private static func drive(_ operand: String?, or option: String?, _ name: String) throws
        -> String?
    {
        guard let operand else { return option }
        guard DriveOption.isNode(operand) else {
            throw ValidationError(
                "“\(operand)” is not a drive: to make an image use “spindle rip”, and to write one “spindle burn”."
            )
        }
        guard option == nil || option == operand else {
            throw ValidationError(
                "Two drives are named: \(operand), and \(option ?? "") with \(name)."
            )
        }
        return operand
    }

    /// The drive to write in.
    private func writer(_ source: FilePath) -> FilePath {
        if let to { return FilePath(text: to) }
        let others = DriveList.nodes().filter { $0 != source }
        let writable = others.filter { node in
            guard let report = try? Drive.unclaimed(node).inspectDisc() else { return false }
            return DriveOption.Wish.empty.suits(report)
        }
        return writable.count == 1 ? writable[0] : source
    }

    func run() async throws {
        let output = Output(output)
        let (verifying, unverified) = Settings.verifying(verify)
        var options = CopyOptions(
            folder: folder.map { FilePath(text: $0) } ?? NamelessFile.folder,
            burning: BurnOptions(
                speed: speed?.speed,
                verifies: verifying,
                ejects: eject,
                appends: false,
                libburn: SpindleCommand.libburn
            )
        )
        options.image = image.map { FilePath(text: $0) }
        options.isDirect = direct
        options.replaces = force
        options.retries = retries
        options.patience = Double(wait)
        let (command, wanted, agrees) = (self, options, yes)
        try await JobCommand.run(
            "copy",
            output,
            ignoring: [.hangUp, .stop],
            writing: try papers.begin("copy", output),
            keepingAwake: true
        ) {
            cancellation,
            tell throws(Failure) in
            let source = try command.reader()
            let target = command.writer(source)
            var wanted = wanted
            var used = [unverified].compactMap(\.self)
            if wanted.burning.speed == nil,
                let setting = try Settings.current.setting(.writeSpeed, at: target)
            {
                wanted.burning.speed = setting.speed
                used.append(setting)
            }
            let job = CopyJob(from: source, to: target, options: wanted)
            return try job.run(
                cancellation: cancellation,
                change: { () throws(Failure) in
                    try output.ask(
                        "Take the disc out and put a blank one into \(source). Is it in?",
                        meaning: "The disc was read; nothing was written.",
                        cancellation
                    )
                },
                confirm: output.consent(unless: agrees, cancellation),
                tell: used.noted(tell)
            )
        }
    }

    private func reader() throws(Failure) -> FilePath {
        if let from { return FilePath(text: from) }
        return try DriveList.onlyNode(named: "--from", suits: DriveOption.Wish.recorded.suits)
    }
}
