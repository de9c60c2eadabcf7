import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle list [DISC]`.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the files inside a disc or an image.",
        usage: "spindle list [<options>] [<disc>]",
        discussion: """
            A disc may have several trees over the same files: rock-ridge, udf, joliet, iso-1999, \
            iso and hfs. The best one is listed; where another one has other files, that is said.

            --check lists nothing. It compares the names, sizes and contents of the files with those \
            that libiso9660 reads, and names both sides of every difference: exit code 0 if they \
            agree, 2 if they differ, 3 if some files can't be read, 1 if libiso9660 has no answer.

            Examples:
              spindle list debian.iso
              spindle list --long /dev/sr0
              spindle list debian.iso --check
            """
    )

    @Argument(
        help: "A drive's device node, an image or a virtual disc (default: the drive).",
        completion: .file()
    )
    var disc: String?

    @Flag(help: "Show permissions, sizes, dates and link targets.")
    var long = false

    @Option(
        help: "The tree to list: rock-ridge, udf, joliet, iso-1999, iso or hfs.",
        completion: .trees
    )
    var tree: String?

    @Option(help: "The session to list (default: the last one with files).")
    var session: Int?

    @Flag(help: "Compare the files with what libiso9660 reads instead of listing them.")
    var check = false

    @OptionGroup var password: PasswordOption
    @OptionGroup var drive: DriveOption
    @OptionGroup var output: ListOptions

    func validate() throws { try drive.check(besides: disc) }

    func run() throws {
        if check { return try runCheck() }
        let output = Output(json: output.json)
        var isComplete = true
        try JobCommand.answer(output) { () throws(Failure) in
            let path =
                if let disc { FilePath(text: disc) } else { try drive.node(with: .recorded) }
            let listing = try output.looking { () throws(Failure) in
                try FileListing(
                    path,
                    treeName: tree,
                    sessionNumber: session,
                    secrets: password.secrets
                )
            }
            if !self.output.quiet { output.note(listing.notes) }
            let document = ListDocument(listing)
            var writer = DataWriter()
            let json = self.output.json
            if json { writer.json(document.head) }
            var isFirst = true
            let walk = try listing.walk { visit in
                if json {
                    writer.json((isFirst ? "" : ",") + document.entry(visit))
                } else {
                    writer.line(long ? ListText.long(visit) : ListText.path(visit))
                }
                isFirst = false
                return writer.isOpen
            }
            if json { writer.json(document.tail(walk)) }
            try writer.finish()
            isComplete = !walk.isIncomplete
            output.note(ListText.problems(walk))
        }
        if !isComplete { throw ArgumentParser.ExitCode(SpindleJobs.ExitCode.incomplete.rawValue) }
    }

    private func runCheck() throws {
        let output = Output(json: output.json)
        var code = SpindleJobs.ExitCode.done
        try JobCommand.answer(output) { () throws(Failure) in
            let path =
                if let disc { FilePath(text: disc) } else { try drive.node(with: .recorded) }
            let check = try output.looking { () throws(Failure) in
                try FileCheck(
                    path,
                    treeName: tree,
                    sessionNumber: session,
                    secrets: password.secrets
                )
            }
            let document = FileCheckDocument(check)
            if !self.output.quiet { output.note(check.notes) }
            try output.answer(document) { document.lines }
            code = check.exitCode
        }
        if code != .done { throw ArgumentParser.ExitCode(code.rawValue) }
    }
}
