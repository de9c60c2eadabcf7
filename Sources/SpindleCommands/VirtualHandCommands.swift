import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// Which drive of the run a hand is at.
struct VirtualDriveOption: ParsableArguments {
    @Option(help: "The drive: its number, from 1, or its node.", completion: .drives)
    var drive = "1"

    func act(_ deed: HandDeed) throws {
        try JobCommand.answer(Output()) { () throws(Failure) in
            try VirtualDrives.act(deed, at: drive)
        }
    }
}

/// `spindle virtual eject`.
struct VirtualEjectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eject",
        abstract: "Take the disc out of a virtual drive, within “virtual run”.",
        usage: "spindle virtual eject [<options>]",
        discussion: """
            Examples:
              spindle virtual eject
            """
    )

    @OptionGroup var place: VirtualDriveOption

    func run() throws {
        try place.act(.eject)
    }
}

/// `spindle virtual insert FILE`.
struct VirtualInsertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "insert",
        abstract: "Put a disc into a virtual drive, within “virtual run”.",
        usage: "spindle virtual insert [<options>] [<file>]",
        discussion: """
            Without FILE, the tray is pushed in with what lies in it.

            Examples:
              spindle virtual insert second.disc
            """
    )

    @Argument(help: "A virtual disc, or an image.", completion: .file())
    var file: String?

    @OptionGroup var place: VirtualDriveOption

    func run() throws {
        try place.act(.insert(file.map { FilePath(text: $0) }))
    }
}
