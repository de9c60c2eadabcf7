import ArgumentParser
import SpindleKit
import SystemPackage

/// `spindle verify A [B]`.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare discs and images, or check them against published sums.",
        discussion: """
            A and B are drives' device nodes, images, virtual discs, or lists of sums such as \
            SHA256SUMS. Without B, the list of sums that lies beside A is used.
            """
    )

    @Argument(help: "A drive's device node, an image or a virtual disc.")
    var a: String

    @Argument(help: "What it is held against; a list of sums beside A where left out.")
    var b: String?

    @OptionGroup var password: PasswordOption
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let first = FilePath(a)
        let second = b.map { FilePath($0) }
        let secrets = password.secrets
        try await JobCommand.run("verify", Output(output)) {
            cancellation,
            tell throws(Failure) in
            try OpenedOperand.check(first)
            guard let other = second ?? OpenedOperand.manifest(beside: first) else {
                throw Failure(
                    .usage,
                    "There is nothing to hold \(first) against.",
                    meaning: "Nothing was compared.",
                    advice: "Name an image, a disc, or a list of sums such as SHA256SUMS."
                )
            }
            let a = try OpenedOperand(first, secrets: secrets)
            let b = try OpenedOperand(other, secrets: secrets)
            let job = VerifyJob(
                a.operand,
                b.operand,
                payloadSectors: a.payloadSectors ?? b.payloadSectors,
                usualPadding: max(a.usualPadding, b.usualPadding)
            )
            return try job.run(cancellation: cancellation, tell: tell)
        }
    }
}
