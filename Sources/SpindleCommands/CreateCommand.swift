import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle create OUT PATH…`.
struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an image of files and directories, and read it back.",
        discussion: """
            The contents of a single directory become the root of the image. Of several operands each \
            becomes an entry of the root, under its own name; --map gives a place of its own to a file \
            or to a directory's contents. Hidden files go in; links stay links.

            The image has Rock Ridge's names and permissions for Linux, and Joliet's names for Windows; \
            with --udf it has UDF instead. What it can't keep is listed before it is written. A file that changes while it is read ends the \
            job, and nothing is kept. At the end the image is opened as any other one is, and compared \
            with what was read of the files.

            Examples:
              spindle create photos.iso photos
              spindle create boot.iso tree --boot isolinux/isolinux.bin --boot-info-table
              spindle create disc.iso letters --map /extra=more/letters --exclude '*.o'
            """
    )

    @Argument(help: "The image to make, such as disc.iso.", completion: .file())
    var out: String

    @Argument(help: "What goes into it.", completion: .file())
    var paths: [String] = []

    @OptionGroup var tree: TreeOptions
    @OptionGroup var image: ImageKindOptions

    @Flag(inversion: .prefixedNo, help: "Read the image back and compare it with the files.")
    var verify = true

    @Flag(help: "Leave out what can't be read, or can't be kept.")
    var allowLoss = false

    @Flag(help: "Show the plan with the size, and write nothing.")
    var dryRun = false

    @Flag(help: "Replace OUT if it exists.")
    var force = false

    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        try OutputOperand.check(out)
        guard !paths.isEmpty || !tree.map.isEmpty else {
            throw ValidationError(
                "Name what goes into \(out), such as: spindle create \(out) DIRECTORY"
            )
        }
    }

    func run() async throws {
        var options = CreateOptions(output: FilePath(text: out))
        options.replaces = force
        options.verifies = verify
        options.isTrial = dryRun
        let (input, kind) = (try tree.input(paths), try image.kind(allowsLoss: allowLoss))
        let (wanted, output) = (options, Output(output))
        try await JobCommand.run(
            "create",
            output,
            stoppingOn: [.interrupt, .quit, .terminate, .hangUp],
            writing: try papers.begin("create", output)
        ) {
            cancellation,
            tell throws(Failure) in
            try CreateJob(input, kind, wanted).run(cancellation: cancellation, tell: tell)
        }
    }
}
