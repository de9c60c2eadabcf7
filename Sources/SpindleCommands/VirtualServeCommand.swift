import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle virtual serve DISC…`.
struct VirtualServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Offer virtual drives over the network, as iSCSI targets.",
        usage: "spindle virtual serve [<options>] <discs> ...",
        discussion: """
            Each disc is in a drive of its own, which Linux, Windows and QEMU log in to and use as a \
            real one, without a driver of Spindle's: mount the disc, boot from it, burn to it. The \
            targets' names are printed; Ctrl-C ends it. Other machines are let in only with a name \
            and a secret (CHAP); what goes over the network is not encrypted.

            Examples:
              spindle virtual serve my.disc
              spindle virtual serve debian.iso --listen 0.0.0.0:3260 --chap-user me --chap-secret-file secret
            """
    )

    @Argument(help: "Virtual discs, or images, which make pressed discs.", completion: .file())
    var discs: [String]

    @Option(help: "The address and the port to listen on, in digits.")
    var listen = "127.0.0.1:3260"

    @Option(help: "The name that initiators have to log in with.")
    var chapUser: String?

    @Option(
        help: "A file whose first line is the secret that they have to know: 12 bytes or more.",
        completion: .file()
    )
    var chapSecretFile: String?

    @Option(help: "A fault to inject, such as 'read lba=1000-1010 sense=3/11/05'.")
    var fault: [String] = []

    @Option(
        help: "The model of drive to imitate.",
        completion: .list(VirtualDrives.driveModels)
    )
    var driveModel = "plain"

    @OptionGroup var output: AnswerOptions

    /// The usual port of iSCSI (RFC 7143 §14).
    private static let usualPort: UInt16 = 3260

    /// What is told once it listens.
    private struct Document: Encodable {
        let version = 1
        var address: String
        var targets: [VirtualTarget.Drive]
    }

    func validate() throws {
        guard (chapUser == nil) == (chapSecretFile == nil) else {
            throw ValidationError("--chap-user and --chap-secret-file go together.")
        }
        guard InternetAddress(listen, usualPort: Self.usualPort) != nil else {
            throw ValidationError(
                "“\(listen)” is no address in digits with a port, such as 127.0.0.1:3260 or [::1]:3260."
            )
        }
    }

    func run() throws {
        let output = Output(json: output.json)
        let command = self
        try JobCommand.answer(output) { () throws(Failure) in
            guard let address = InternetAddress(command.listen, usualPort: Self.usualPort) else {
                return
            }
            let target = try VirtualTarget(
                discs: command.discs.map { FilePath(text: $0) },
                at: address,
                secret: try command.secret(),
                faults: command.fault,
                model: command.driveModel,
                note: { output.note([$0]) }
            )
            try? Signals.watch([.interrupt, .quit, .terminate, .hangUp]) { _ in target.end() }
            let document = Document(address: "\(target.address)", targets: target.drives)
            try output.answer(document) {
                target.drives.map { "\($0.name) at \(target.address): \($0.path)" }
            }
            try target.serve()
        }
    }

    private func secret() throws(Failure) -> TargetSecret? {
        guard let chapUser, let chapSecretFile else { return nil }
        let line = (SystemText.read(FilePath(text: chapSecretFile)) ?? "").split(separator: "\n")
            .first
        if let secret = TargetSecret(user: chapUser, secret: Array((line ?? "").utf8)) {
            return secret
        }
        throw Failure(
            .usage,
            "The first line of \(chapSecretFile) is no secret of 12 to 256 bytes.",
            meaning: "Nothing is served.",
            advice: "Put such a secret into the file; initiators refuse shorter ones."
        )
    }
}
