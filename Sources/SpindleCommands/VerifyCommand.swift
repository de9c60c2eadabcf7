import ArgumentParser
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
            answers of these databases that were saved to files; “info” shows the names of a disc in them.

            Examples:
              spindle verify /dev/sr0 debian.iso
              spindle verify debian.iso SHA256SUMS
              spindle verify disc.nrg disc.cue
              spindle verify album.cue --accuraterip dBAR-012-00123456-01234567-890a1b0c.bin
            """
    )

    @Argument(help: "A drive's device node, an image or a virtual disc.", completion: .file())
    var a: String

    @Argument(
        help: "What to compare A with (default: checksum files next to A).",
        completion: .file()
    )
    var b: String?

    @OptionGroup var databases: DatabaseOptions
    @OptionGroup var password: PasswordOption
    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard databases.places.isEmpty || b == nil else {
            throw ValidationError(
                "Compare \(a) either with \(b ?? "") or with --accuraterip and --ctdb."
            )
        }
    }

    func run() async throws {
        let first = FilePath(a)
        let places = databases.places
        let second = b.map { FilePath($0) }
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
                return try AudioCheckJob(opening: first, against: places, secrets: secrets)
                    .run(cancellation: cancellation, tell: tell)
            }
            if second == nil, ListedFilesCheck.isList(first) {
                return try ListedFilesCheck(first).run(cancellation: cancellation, tell: tell)
            }
            return try VerifyJob(first, against: second, secrets: secrets)
                .run(cancellation: cancellation, tell: tell)
        }
    }
}
