import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle convert IN OUT`.
struct ConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert an image to another format.",
        discussion: """
            The file extension of OUT selects the format. What the format can't hold of IN is reported first, and \
            then nothing is written unless --allow-loss is given; OUT.loss.txt keeps what was lost.

            With --repair, raw sectors whose EDC is wrong are written as P and Q correct them, if their \
            EDC is right then; all of them are named, and so are those that can't be repaired. With \
            --ctdb, audio is put right by parity, or nothing is written.

            Formats that are written: \(Self.formats).

            Examples:
              spindle convert disc.nrg disc.cue --prove
              spindle convert disc.cue disc.iso --allow-loss
              spindle convert raw.cue repaired.cue --repair
              spindle convert 01.flac 02.mp3 album.cue
            """
    )

    /// Those that most people want come first.
    private static let common = ["iso", "cue", "nrg", "chd", "mds", "ccd", "toc"]

    private static let formats = ordered.map { format in
        "\(format.name) (\(format.endings.map { ".\($0)" }.joined(separator: " ")))"
    }.joined(separator: ", ")

    private static var ordered: [ImageFormat] {
        let first = common.compactMap { name in ImageFormat.writable.first { $0.name == name } }
        return first + ImageFormat.writable.filter { !common.contains($0.name) }
    }

    @OptionGroup var operands: ConversionOperands

    @Argument(
        help: ArgumentHelp(
            "With several audio files before OUT, each becomes a track.",
            valueName: "more"
        ),
        completion: .file()
    )
    var others: [String] = []

    @Option(
        help: "The format of OUT, if its file extension does not say it.",
        completion: .formats
    )
    var format: String?

    @OptionGroup var trackFiles: TrackFileOptions

    @Flag(help: "Leave subchannel out.")
    var noSubchannel = false

    @Option(
        help: "How blocks are packed: \(ConversionOperands.packings).",
        completion: .cases(ImageOptions.Packing.self),
        transform: ConversionOperands.choice
    )
    var packing: ImageOptions.Packing?

    @Flag(help: "Repair raw sectors whose EDC is wrong by their P and Q parity.")
    var repair = false

    @Option(
        help: ArgumentHelp(
            "With --repair: put the audio right by the CUETools Database's parity. A file with its answer, or a folder of them, with the parity's file beside it, or a URL.",
            valueName: "place"
        ),
        completion: .file()
    )
    var ctdb: String?

    @Flag(
        help:
            "With --repair: ask the CUETools Database over the network, and keep its answer and parity."
    )
    var lookup = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard others.isEmpty || !repair else {
            throw ValidationError("--repair takes one image, and several files are named.")
        }
        guard ctdb == nil || repair else {
            throw ValidationError("--ctdb goes with --repair; verify takes it to check a disc.")
        }
        guard !lookup || repair else {
            throw ValidationError("--lookup goes with --repair; verify takes it to check a disc.")
        }
        _ = try places
    }

    /// Where the database's answer is, and how its server is asked.
    private var places: AudioDatabases.Places {
        get throws {
            var places = AudioDatabases.Places()
            places.ctdb = try DatabaseOptions.place(ctdb, "--ctdb")
            places.asksServers = lookup
            places.fetching = LookUpSettings.fetching
            return places
        }
    }

    func run() async throws {
        var operands = operands
        // The last of all is OUT.
        let files = others.isEmpty ? [] : [operands.input, operands.out] + others.dropLast()
        operands.out = others.last ?? operands.out
        var options = operands.options
        let chosen = format == nil ? Settings.current.format(of: options.output) : nil
        options.format = format ?? chosen?.value
        trackFiles.adopt(&options.image, &options.choices)
        // Formats without a place for subchannel leave it out in any case.
        if noSubchannel { options.image.keepsSubchannel = false }
        if let packing {
            options.image.packing = packing
            options.choices.insert(.packing)
        }
        options.repairs = repair
        let places = try places
        try await operands.convert(
            options,
            output,
            parity: places,
            noting: [chosen].compactMap(\.self) + (places.needsNetwork ? LookUpSettings.used : []),
            sounds: files.map { FilePath(text: $0) }
        )
    }
}
