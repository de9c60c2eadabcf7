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
            Of a disc with audio, --lookup shows the releases that MusicBrainz has of it, and whether AccurateRip and \
            the CUETools Database know it. Nothing is chosen among several releases. --accuraterip and --ctdb take \
            answers in files or at a URL instead.

            Examples:
              spindle info
              spindle info debian.iso
              spindle info /dev/sr0 --json
              spindle info /dev/sr0 --lookup
            """
    )

    @Argument(
        help: "A drive's device node, an image or a virtual disc (default: the drive).",
        completion: .file()
    )
    var disc: String?

    @OptionGroup var databases: DatabaseOptions
    @OptionGroup var drive: DriveOption
    @OptionGroup var password: PasswordOption
    @OptionGroup var output: AnswerOptions

    func validate() throws { try drive.check(besides: disc) }

    func run() throws {
        let output = Output(json: output.json)
        let places = try databases.places
        try JobCommand.answer(output) { () throws(Failure) in
            let path =
                if let disc { FilePath(text: disc) } else { try drive.node(with: .any) }
            var document = try output.looking { () throws(Failure) in
                try DiscDocument(of: path, secrets: password.secrets)
            }
            var trouble: Failure?
            if !places.isEmpty {
                let interruption = Cancellation()
                try? Signals.watch([.interrupt, .quit, .terminate]) { _ in interruption.request() }
                let used = places.needsNetwork ? LookUpSettings.used.map(\.note) : []
                do throws(Failure) {
                    try document.lookUp(places, noting: used, interruption)
                } catch {
                    // What is known without the databases is shown all the same.
                    trouble = error
                }
            }
            try output.answer(document) { document.lines }
            if let trouble { throw trouble }
        }
    }
}
