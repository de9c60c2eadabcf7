import ArgumentParser
import SpindleKit
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
            """
    )

    @Argument(help: "A drive's device node, an image or a virtual disc.")
    var a: String

    @Argument(help: "What it is compared with; the lists of checksums beside A if left out.")
    var b: String?

    @OptionGroup var password: PasswordOption
    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let first = FilePath(a)
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
            if second == nil, ListedFilesCheck.isList(first) {
                return try ListedFilesCheck(first).run(cancellation: cancellation, tell: tell)
            }
            return try VerifyJob(first, against: second, secrets: secrets)
                .run(cancellation: cancellation, tell: tell)
        }
    }
}
