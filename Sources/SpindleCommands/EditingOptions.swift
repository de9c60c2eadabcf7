import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// How the verbs that change an image do that.
struct EditingOptions: ParsableArguments {
    @Option(
        help: "Write the changed image to this new file, and leave IMAGE as it is.",
        completion: .file()
    )
    var output: String?

    @Flag(help: "Replace the file that --output names if it is there already.")
    var force = false

    @Flag(
        help:
            "Leave all that is there as it is, and put the changes after it as a further session; discs get them so in any case."
    )
    var session = false

    @Flag(
        inversion: .prefixedNo,
        help: "Read the changed image back and compare it with the old one and with what is added."
    )
    var verify = true

    @Flag(help: "Leave out what can't be read, or can't be kept.")
    var allowLoss = false

    @Flag(help: "Show what would be done, and do nothing.")
    var dryRun = false

    mutating func validate() throws {
        try OutputOperand.check(output)
        guard !force || output != nil else {
            throw ValidationError(
                "--force is about the file that --output names; IMAGE itself needs none."
            )
        }
    }

    /// What these make.
    private func options(_ verb: String) -> EditOptions {
        var options = EditOptions()
        options.verb = verb
        options.output = output.map { FilePath(text: $0) }
        options.replaces = force
        options.verifies = verify
        options.allowsLoss = allowLoss
        options.isTrial = dryRun
        options.appendsSession = session
        return options
    }

    /// Changes the disc in a drive, and leaves the process.
    private func run(
        _ verb: String,
        drive node: String,
        _ papers: PaperOptions,
        _ output: Output,
        _ changes: @escaping @Sendable () throws(Failure) -> TreeChanges
    ) async throws {
        guard self.output == nil else {
            throw ValidationError("--output is for images; rip the disc to change its image.")
        }
        let options = BurnOptions(
            simulates: dryRun,
            verifies: verify,
            keepsOpen: true,
            allowsLoss: allowLoss,
            libburn: SpindleCommand.libburn
        )
        let node = FilePath(text: node)
        try await JobCommand.run(
            verb,
            output,
            ignoring: [.hangUp, .stop],
            writing: try papers.begin(verb, output)
        ) {
            cancellation,
            tell throws(Failure) in
            try DiscEditJob(node, try changes(), options).run(
                cancellation: cancellation,
                confirm: output.consent(cancellation),
                tell: tell
            )
        }
    }

    /// Changes an image, and leaves the process.
    ///
    /// - Parameters:
    ///   - verb: What the job is called in events.
    ///   - image: The image.
    ///   - papers: What is written about the job.
    ///   - output: Where it is shown.
    ///   - changes: Makes the changes.
    /// - Throws: What ends the command: a usage error, or the exit code.
    func run(
        _ verb: String,
        _ image: String,
        _ papers: PaperOptions,
        _ output: OutputOptions,
        _ changes: @escaping @Sendable () throws(Failure) -> TreeChanges
    ) async throws {
        if DriveOption.isNode(image) {
            return try await run(verb, drive: image, papers, Output(output), changes)
        }
        let (wanted, output, image) = (options(verb), Output(output), FilePath(text: image))
        try await JobCommand.run(
            verb,
            output,
            stoppingOn: [.interrupt, .quit, .terminate, .hangUp],
            writing: try papers.begin(verb, output)
        ) {
            cancellation,
            tell throws(Failure) in
            try EditJob(image, try changes(), wanted).run(cancellation: cancellation, tell: tell)
        }
    }
}

/// What of directories goes into an image.
struct AddingOptions: ParsableArguments {
    @Option(
        help:
            "Leave out files with this name or, with a slash, this path in the image. Takes shell patterns, such as “*.o” or “docs/*”."
    )
    var exclude: [String] = []

    @Flag(help: "Follow symbolic links instead of keeping them.")
    var followLinks = false

    /// Changes that these are for.
    func changes(_ list: [TreeChange], replacing: Bool) -> TreeChanges {
        var changes = TreeChanges(list)
        changes.excluded = exclude
        changes.followsLinks = followLinks
        changes.replacesFiles = replacing
        return changes
    }
}
