import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle close`.
struct CloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "End an open track, session or disc, so that other drives can read it.",
        usage: "spindle close [<options>] [<node>]",
        discussion: """
            Without --keep-open nothing can be added to the disc any more. Closing takes minutes, and \
            can't be stopped.

            Examples:
              spindle close
              spindle close /dev/sr0 --keep-open
            """
    )

    @Argument(help: "The drive's device node; the same as --drive.", completion: .drives)
    var node: String?

    @OptionGroup var drive: DriveOption

    @Flag(help: "End the track and the session only, so that another session can follow.")
    var keepOpen = false

    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        try drive.take(node, besides: "nothing else")
    }

    func run() async throws {
        let (drive, keepsOpen) = (drive, keepOpen)
        try await JobCommand.run("close", Output(output), ignoring: [.hangUp, .stop]) {
            _,
            tell throws(Failure) in
            try CloseJob(drive: try drive.node(with: .open), keepsOpen: keepsOpen)
                .run(tell: [drive.setting].compactMap(\.self).noted(tell))
        }
    }
}
