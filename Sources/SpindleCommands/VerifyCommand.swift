import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle verify A [B]`.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare discs and images, or check them against published checksums.",
        discussion: """
            A and B are drives' device nodes, images, virtual discs, or lists of checksums such as \
            SHA256SUMS. Without B, the lists of checksums beside A are used; if A is a list itself, all \
            files that it names are checked.

            With --accuraterip or --ctdb, the audio of A is compared with other people's rips instead, by \
            answers of these databases in files or at a URL; “info” shows the names of a disc in them. \
            --lookup asks their servers. If A is a directory then, each album in it is checked as a disc \
            of its own.

            With --files, or where one of them is a directory, the files inside are compared instead: names, \
            bytes, links, permissions, owners and times, as far as both keep them. A directory with a sheet, as \
            “rip --tracks” makes it, is compared with a disc that has audio as the disc that the sheet describes.

            Examples:
              spindle verify /dev/sr0 debian.iso
              spindle verify photos /dev/sr0
              spindle verify debian.iso SHA256SUMS
              spindle verify disc.nrg disc.cue
              spindle verify album.cue --accuraterip dBAR-012-00123456-01234567-890a1b0c.bin
              spindle verify Music --accuraterip answers --ctdb answers
              spindle verify /dev/sr0 album
            """
    )

    @Argument(
        help: "A drive's device node, an image, a virtual disc or a directory.",
        completion: .file()
    )
    var a: String

    @Argument(
        help: "What to compare A with (default: checksum files next to A).",
        completion: .file()
    )
    var b: String?

    @Flag(help: "Compare the files inside, and not the sectors.")
    var files = false

    @Option(
        help: ArgumentHelp(
            "With files, leave out: permissions, owner, time, attributes (several with commas between them).",
            valueName: "what"
        ),
        completion: .list(TreeDifference.Subject.ignorable.map(\.rawValue))
    )
    var ignore: String?

    @Option(
        help:
            "The tree of files: rock-ridge, udf, joliet, iso-1999, iso or hfs (default: the best one).",
        completion: .trees
    )
    var tree: String?

    @OptionGroup var databases: DatabaseOptions
    @OptionGroup var password: PasswordOption
    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let places = try databases.places
        guard places.isEmpty || b == nil else {
            throw ValidationError(
                "Compare \(a) either with \(b ?? "") or with --accuraterip, --ctdb and --lookup."
            )
        }
        let comparesFiles = comparesFiles
        guard comparesFiles || (ignore == nil && tree == nil) else {
            throw ValidationError("--ignore and --tree are for files: add --files.")
        }
        guard !comparesFiles || (b != nil && places.isEmpty) else {
            throw ValidationError("Name two to compare their files: spindle verify DIRECTORY DISC.")
        }
        _ = try ignored
    }

    /// Whether files are compared, and not sectors.
    private var comparesFiles: Bool {
        files || !databases.isAsked && [a, b].contains(where: FilesCheck.isDirectory)
    }

    /// What --ignore names.
    private var ignored: Set<TreeDifference.Subject> {
        get throws {
            let names = (ignore ?? "").split(separator: ",").map(String.init)
            return try Set(
                names.map { name in
                    guard let subject = TreeDifference.Subject(rawValue: name),
                        TreeDifference.Subject.ignorable.contains(subject)
                    else {
                        let known = TreeDifference.Subject.ignorable.map(\.rawValue)
                        throw ValidationError(
                            "“\(name)” can't be left out; name some of these: \(known.joined(separator: ", "))."
                        )
                    }
                    return subject
                }
            )
        }
    }

    func run() async throws {
        let first = FilePath(text: a)
        let (comparesFiles, ignored, tree) = (comparesFiles, try ignored, tree)
        let mayBeSound = !files && ignored.isEmpty && tree == nil
        let places = try databases.places
        let second = b.map { FilePath(text: $0) }
        let secrets = password.secrets
        let output = Output(output)
        try await JobCommand.run(
            "verify",
            output,
            writing: try papers.begin("verify", output)
        ) {
            cancellation,
            tell throws(Failure) in
            guard places.isEmpty else {
                let used = places.needsNetwork ? LookUpSettings.used : []
                if FilesCheck.isDirectory(first.text) {
                    return try AlbumsCheck(first, against: places, secrets: secrets)
                        .run(cancellation: cancellation, tell: used.noted(tell))
                }
                let job = try AudioCheckJob(
                    opening: first,
                    against: places,
                    secrets: secrets,
                    cancellation: cancellation
                )
                return try job.run(cancellation: cancellation, tell: used.noted(tell))
            }
            if comparesFiles, let second {
                if mayBeSound, let rip = try RippedFolder(first, second) {
                    return try rip.verify(secrets, cancellation: cancellation, tell: tell)
                }
                return try FilesCheck(
                    first,
                    second,
                    tree: tree,
                    ignoring: ignored,
                    secrets: secrets
                )
                .run(cancellation: cancellation, tell: tell)
            }
            if second == nil, ListedFilesCheck.isList(first) {
                return try ListedFilesCheck(first).run(cancellation: cancellation, tell: tell)
            }
            let job = try VerifyJob(
                first,
                against: second,
                secrets: secrets,
                cancellation: cancellation
            )
            return try job.run(cancellation: cancellation, tell: tell)
        }
    }
}
