import ArgumentParser
import LinuxCalls
import SpindleKit
import SystemPackage

/// `spindle copy`.
struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy a disc to another one.",
        discussion: """
            The disc is ripped into an image, with audio, sessions and codes, and the image is burned and \
            read back. With one drive you are asked to change the discs. If a sector can't be read, \
            nothing is written.

            Examples:
              spindle copy
              spindle copy /dev/sr0 /dev/sr1
              spindle copy --image disc.iso
            """
    )

    @Argument(help: "The drive with the disc to copy; the same as --from.", completion: .drives)
    var source: String?

    @Argument(help: "The drive to write in; the same as --to.", completion: .drives)
    var target: String?

    @Option(
        help: "The drive with the disc to copy; the only one with such a disc if left out.",
        completion: .drives
    )
    var from: String?

    @Option(
        help: "The drive to write in; the only one with a writable disc, or else --from.",
        completion: .drives
    )
    var to: String?

    @Option(help: "Keep the image under this name, such as disc.iso.", completion: .file())
    var image: String?

    @Flag(
        help:
            "With two drives, write while reading, with no image in between. A sector that can't be read then costs a disc that can be written only once."
    )
    var direct = false

    @Option(
        help: "Where the image lies meanwhile; TMPDIR or /var/tmp if left out.",
        completion: .directory
    )
