import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle info [DISC]`.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show what a disc or image is and what it contains.",
        usage: "spindle info [<options>] [<disc>]",
        discussion: """
            Examples:
              spindle info
              spindle info debian.iso
              spindle info /dev/sr0 --json
            """
    )

    @Argument(
        help: "A drive's device node, an image or a virtual disc (default: the drive).",
        completion: .file()
    )
    var disc: String?

    @OptionGroup var drive: DriveOption
    @OptionGroup var password: PasswordOption
    @OptionGroup var output: AnswerOptions

    func run() throws {
        let output = Output(json: output.json)
        try JobCommand.answer(output) { () throws(Failure) in
            let path =
                if let disc { FilePath(text: disc) } else { try drive.node(with: .any) }
            let document = try DiscDocument(of: path, secrets: password.secrets)
            try output.answer(document) { document.lines }
        }
    }
}
