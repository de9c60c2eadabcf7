import ArgumentParser
import LinuxCalls
import SpindleKit
import SystemPackage

/// `spindle rip OUTPUT`.
struct RipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rip",
        abstract: "Read a disc into an image, sector by sector.",
        discussion: """
            The image is OUTPUT.part until it is finished. Sectors that can't be read become \
            zeros, and OUTPUT.map, in ddrescue's format, says which they are.
            """
    )

    @Argument(help: "The image to make: a name that ends in .iso, .img or .udf.")
    var output: String

    @OptionGroup var drive: DriveOption

    @Option(help: "Read speed: 8x, or in kB/s 11080k; the drive's fastest where left out.")
    var speed: SpeedArgument?

    @Option(help: "How often bad sectors are tried again at the end.")
    var retries = 1

    @Option(
        name: .customLong("sum"),
        help: "A further sum to make on the way: md5, sha1 or sha512. May be given several times."
    )
    var sums: [DigestArgument] = []

    @Flag(
        help:
            "Keep all that can be read, also what follows the end that the file systems on the disc claim."
    )
    var whole = false

    @Flag(help: "Open the tray when all could be read.")
    var eject = false

    @Flag(help: "Replace OUTPUT, or what an interrupted rip left.")
    var force = false

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard (0...1000).contains(retries) else {
            throw ValidationError("--retries takes a number from 0 to 1000.")
        }
    }

    func run() async throws {
        let options = RipOptions(
            output: FilePath(output),
            replaces: force,
            retries: retries,
            speed: speed?.speed,
            digests: sums.map(\.algorithm),
            ejects: eject,
            keepsAll: whole
        )
        let drive = drive
        try await JobCommand.run(
            "rip",
            Output(outputOptions),
            stoppingOn: [.interrupt, .quit, .terminate, .hangUp]
        ) {
            cancellation,
            tell throws(Failure) in
            try RipJob.checkOutput(options)
            let job = RipJob(
                drive: try .unclaimed(try drive.node(with: .recorded)),
                options: options
            )
            return try job.run(cancellation: cancellation, tell: tell)
        }
    }
}

/// A sum's name on the command line.
struct DigestArgument: ExpressibleByArgument, Sendable {
    static let allValueStrings = DigestAlgorithm.allCases.map(\.rawValue)

    let algorithm: DigestAlgorithm

    init?(argument: String) {
        let name = argument.lowercased().filter { $0 != "-" }
        guard let algorithm = DigestAlgorithm(rawValue: name) else { return nil }
        self.algorithm = algorithm
    }
}
