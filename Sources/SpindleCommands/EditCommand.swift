import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle edit IMAGE`.
struct EditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change several things in an ISO 9660 image at once, and keep it bootable.",
        discussion: """
            What --remove names is removed first, then what --move names is moved, then what --add names \
            is added; a file that is added replaces one of its path. Boot records, partition tables and \
            all that stays keep their places. Partitions after the volume, such as an appended EFI partition, \
            move as they are if there is no room before them, and what names them is changed. The changed image is made beside the old one, read back, and only \
            then takes its name.

            Examples:
              spindle edit debian.iso --add grub.cfg=boot/grub/grub.cfg --output mine.iso
              spindle edit live.iso --remove pool --add preseed.cfg=/ --move README.txt=docs/README.txt
            """
    )

    @Argument(help: "The image, or a drive with a disc that can take more.", completion: .file())
    var image: String

    @Option(
        help: ArgumentHelp(
            "Put a file, or a directory's contents, at a path of the image; with a slash at its end the path is that of a directory. “\\=” is an equals sign in a name.",
            valueName: "path=disc-path"
        ),
        completion: .file()
    )
    var add: [String] = []

    @Option(help: ArgumentHelp("Remove this from the image.", valueName: "disc-path"))
    var remove: [String] = []

    @Option(
        help: ArgumentHelp(
            "Give something in the image another path.",
            valueName: "disc-path=disc-path"
        )
    )
    var move: [String] = []

    @Option(help: ArgumentHelp("Make a directory in the image.", valueName: "disc-path"))
    var makeDirectory: [String] = []

    @OptionGroup var adding: AddingOptions
    @OptionGroup var editing: EditingOptions
    @OptionGroup var papers: PaperOptions
    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        guard !add.isEmpty || !remove.isEmpty || !move.isEmpty || !makeDirectory.isEmpty else {
            throw ValidationError(
                "Say what to change, such as: spindle edit \(image) --add FILE=PATH"
            )
        }
        _ = try list()
    }

    private func list() throws -> [TreeChange] {
        var list = remove.map { TreeChange.remove($0.onDisc) }
        list += makeDirectory.map { TreeChange.makeDirectory($0.onDisc) }
        list += try move.map { text in
            let (from, to) = try Self.parts(text, "--move", "OLD-PATH=NEW-PATH")
            return .move(from.onDisc, to: to.onDisc)
        }
        list += try add.map { text in
            let (path, place) = try Self.parts(text, "--add", "FILE=PATH")
            return .add(FilePath(text: path), at: place.onDisc)
        }
        return list
    }

    private static func parts(_ text: String, _ option: String, _ form: String) throws -> (
        String, String
    ) {
        guard let (first, second) = TreeOptions.parts(text), !first.isEmpty, !second.isEmpty else {
            throw ValidationError("“\(text)” names no two paths; write \(option) \(form).")
        }
        return (first, second)
    }

    func run() async throws {
        let changes = adding.changes(try list(), replacing: true)
        try await editing.run("edit", image, papers, output) { changes }
    }
}
