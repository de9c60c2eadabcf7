import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle extract DISC [PATH…] --to DIR`.
struct ExtractCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Take files out of a disc or an image.",
        discussion: """
            A directory is taken with all that is in it; without a path, everything is. Files have \
            their times, and their permissions as far as your umask allows; packed files (zisofs) are \
            unpacked. What can't be read becomes zeros, and the files are named: exit code 3. What is \
            there already is not replaced without --force.

            Examples:
              spindle extract debian.iso --to files
              spindle extract /dev/sr0 docs/manual.pdf --to .
            """
    )

    @Argument(help: "A drive's device node, an image or a virtual disc.", completion: .file())
    var disc: String

    @Argument(help: "The files and directories to take, as “spindle list” writes them.")
    var paths: [String] = []

    @Option(
        name: .customLong("to"),
        help: "The directory to put them into; it is made if it is not there.",
        completion: .directory
    )
    var target: String

    @Option(
        help: "The tree to take them from: rock-ridge, udf, joliet, iso-1999, iso or hfs.",
        completion: .trees
    )
    var tree: String?

    @Option(help: "The session to extract from (default: the last one with files).")
    var session: Int?

    @Flag(
        help:
            "Give files and directories the permissions that the disc has, whatever your umask, but not set-user-ID and set-group-ID."
    )
    var permissions = false

    @Flag(help: "Take extended attributes, too.")
    var xattrs = false

    @Flag(help: "Take access control lists, too: who may do what, beyond permissions.")
    var acls = false

    @Flag(help: "Take named streams and resource forks, too, as files of the name FILE:STREAM.")
    var streams = false

    @Flag(help: "Replace existing files.")
    var force = false

    @OptionGroup var password: PasswordOption
    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var options = ExtractionOptions(target: FilePath(text: target))
        options.paths = paths.map(\.onDisc)
        options.replaces = force
        options.keepsPermissions = permissions
        options.keepsAttributes = xattrs
        options.keepsAccessLists = acls
        options.takesStreams = streams
        let (wanted, secrets, output) = (options, password.secrets, Output(output))
        let (disc, tree, session) = (FilePath(text: disc), tree, session)
        try await JobCommand.run(
            "extract",
            output,
            stoppingOn: [.interrupt, .quit, .terminate, .hangUp],
            writing: try papers.begin("extract", output, making: options.target)
        ) {
            cancellation,
            tell throws(Failure) in
            let listing = try FileListing(
                disc,
                treeName: tree,
                sessionNumber: session,
                secrets: secrets,
                cancellation: cancellation
            )
            let job = ExtractionJob(
                listing.tree,
                listing.disc.source,
                named: disc.string,
                notes: listing.notes,
                options: wanted
            )
            return try job.run(cancellation: cancellation, tell: tell)
        }
    }
}
