import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle rip OUTPUT`.
struct RipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rip",
        abstract: "Read a disc into an image of any format, sector by sector.",
        discussion: """
            The file extension of OUTPUT selects the format: .iso holds the data of a disc; .cue, .ccd, .mds, .nrg \
            and others hold audio, sessions and whole sectors, too. What the format can't hold of the \
            disc is reported first, and then nothing is read unless --allow-loss is given.

            The image is OUTPUT.part until it is finished. Sectors that can't be read become \
            zeros, and OUTPUT.map, in ddrescue's format, says which they are; --resume goes on with \
            both, after anything, in another drive and with another copy of the disc.

            Examples:
              spindle rip disc.iso
              spindle rip album.cue --eject
              spindle rip damaged.iso --resume --retries 5
              spindle rip album --tracks flac --lookup
            """
    )

    @Argument(help: "The image to make, such as disc.iso or album.cue.", completion: .file())
    var output: String

    @Argument(
        help: "The drive's device node, before or after the image; the same as --drive.",
        completion: .drives
    )
    var node: String?

    @Option(
        help: "The format of OUTPUT, if its file extension does not say it.",
        completion: .formats
    )
    var format: String?

    @Flag(
        help:
            "Keep data sectors whole, as they are on a CD: 2352 bytes with sync, header, EDC and ECC."
    )
    var raw = false

    @Flag(help: "Keep the subchannel, in formats that have a place for it.")
    var subchannel = false

    @Option(help: "Read only this session.")
    var session: Int?

    @Option(help: "Read only this track.")
    var track: Int?

    @OptionGroup var trackFiles: TrackFileOptions

    @Option(
        help:
            "OUTPUT is a folder: make a file for each track in it, wav or flac, with a cue sheet and a playlist.",
        completion: .list(["flac", "wav"]),
        transform: ConversionOperands.choice
    )
    var tracks: ImageOptions.AudioFile?

    @Option(
        help:
            "With --tracks, how the files are called: %n number, %t title, %p performer, %a album, %b its performer."
    )
    var naming = TrackNaming.usual.template

    @Option(
        help: ArgumentHelp(
            "With --tracks flac, the picture that goes into each file: a PNG or JPEG file.",
            valueName: "picture"
        ),
        completion: .file(extensions: ["jpg", "jpeg", "png"])
    )
    var cover: String?

    @Option(
        help:
            "With --tracks, where the pauses before tracks are: appended to the file before, prepended to the track's own, or left-out if they are silent. Default: appended.",
        completion: .cases(ImageOptions.Gaps.self),
        transform: ConversionOperands.choice
    )
    var gaps: ImageOptions.Gaps?

    @Flag(
        name: .customLong("replaygain"),
        help: "With --tracks flac, measure how loud tracks and album are, and put it into the tags."
    )
    var replayGain = false

    @Option(
        parsing: .unconditional,
        help:
            "Correct the audio by the drive's read offset: a number of samples as AccurateRip's list has it, or auto, by the drive's model or by what --accuraterip names.",
        completion: .list(["auto"])
    )
    var offset: OffsetArgument?

    @Flag(help: "Allow losing what the format can't hold.")
    var allowLoss = false

    @OptionGroup var drive: DriveOption

    @Option(help: "Read speed, such as 8x or 11080k (kB/s). Default: the drive's maximum.")
    var speed: SpeedArgument?

    @Option(
        help:
            "The number of retry passes over bad sectors. Default: \(RipOptions.usualRetries), and \(RipOptions.soundRetries) on discs with audio."
    )
    var retries: Int?

    @Option(
        help:
            "How many times to read audio, 1 or 2; where two passes differ, further ones decide. Default: once, or twice if the drive has no C2 and no database that is asked has the disc.",
        completion: .list(["1", "2"])
    )
    var passes: Int?

    @OptionGroup var recovery: RecoveryOptions

    @Option(
        name: .customLong("sum"),
        help:
            "Also compute these checksums, such as md5,sha1,crc32,blake2b; SHA-256 is always computed."
    )
    var sums: [DigestsArgument] = []

    @Flag(
        help:
            "Write the files' checksums next to the image: OUTPUT.sha256 for “sha256sum -c”, and one file for each --sum."
    )
    var sumFile = false

    @Flag(
        help:
            "Keep everything that can be read, even after the end of the file systems on the disc."
    )
    var whole = false

    @Flag(help: "Open the tray when every sector was read.")
    var eject = false

    @Flag(help: "Overwrite OUTPUT, or what an interrupted rip left.")
    var force = false

    @OptionGroup var databases: DatabaseOptions

    @Option(
        help: ArgumentHelp(
            "With --tracks and --lookup, the release of MusicBrainz whose names the files get, if it has several of the disc.",
            valueName: "id"
        )
    )
    var release: String?

    @OptionGroup var papers: PaperOptions
    @OptionGroup var outputOptions: OutputOptions

    mutating func validate() throws {
        try OutputOperand.check(output)
        if DriveOption.isNode(output) {
            guard let image = node else {
                throw ValidationError(
                    "Name the image to make, too, such as: spindle rip \(output) disc.iso"
                )
            }
            guard !DriveOption.isNode(image) else {
                throw ValidationError(
                    "Both are drives; to copy a disc: spindle copy \(output) \(image)"
                )
            }
            (output, node) = (image, output)
        }
        try drive.take(node, besides: "one image to make")
        guard (0...1000).contains(retries ?? 0) else {
            throw ValidationError("--retries takes a number from 0 to 1000.")
        }
        guard passes.map((1...2).contains) ?? true else {
            throw ValidationError("--passes takes 1 or 2.")
        }
        guard session == nil || track == nil else {
            throw ValidationError("--session and --track can't be combined.")
        }
        guard !recovery.resume || !force else {
            throw ValidationError("--resume goes on with what --force would replace.")
        }
        guard try databases.places.isEmpty || session == nil && track == nil else {
            throw ValidationError(
                "Databases know whole discs: --accuraterip, --ctdb and --lookup don't go with --session and --track."
            )
        }
        guard release == nil || databases.lookup && tracks != nil else {
            throw ValidationError("--release goes with --tracks and --lookup.")
        }
        guard release.map(MusicBrainzAnswer.isIdentifier) ?? true else {
            throw ValidationError(
                "--release takes the id of a release of MusicBrainz, such as 76df3287-6cda-33eb-8e9a-044b5e15ffdd."
            )
        }
        guard tracks != nil || naming == TrackNaming.usual.template else {
            throw ValidationError("--naming goes with --tracks.")
        }
        guard TrackNaming(template: naming) != nil else {
            throw ValidationError(
                "--naming takes a name in the folder with %n in it, such as “%n - %t”, and none of other letters after %."
            )
        }
        guard
            tracks == nil
                || tracks != .raw && format == nil && trackFiles.audio == nil
                    && trackFiles.split == nil
        else {
            throw ValidationError(
                "--tracks takes wav or flac, and does not go with --format, --split and --audio."
            )
        }
        guard cover == nil || tracks == .flac else {
            throw ValidationError("--cover goes with --tracks flac.")
        }
        guard gaps == nil || tracks != nil else {
            throw ValidationError("--gaps goes with --tracks.")
        }
        guard !replayGain || tracks == .flac else {
            throw ValidationError("--replaygain goes with --tracks flac.")
        }
        guard !raw || !trackFiles.userDataOnly else {
            throw ValidationError("--raw and --user-data-only exclude each other.")
        }
    }

    /// What the options say of the image.
    private func adopt(_ options: inout RipOptions) {
        options.format = format
        options.keepsWholeSectors = raw
        options.keepsSubchannel = subchannel
        options.session = session
        options.track = track
        options.allowsLoss = allowLoss
        options.offset = offset?.choice
        options.passes = passes
        options.makesSumFiles = sumFile
        options.identify = { AudioTOC($0).flatMap(IdentifierReport.init) }
        recovery.adopt(&options)
        trackFiles.adopt(&options.image, &options.choices)
        if let tracks {
            options.output = TrackFolder.sheet(in: FilePath(text: output))
            options.format = "cue"
            options.image.audioFile = tracks
            options.image.naming = TrackNaming(template: naming)
            options.image.gaps = gaps ?? .appended
            options.image.measuresLoudness = replayGain
        }
    }

    func run() async throws {
        var options = RipOptions(
            output: FilePath(text: output),
            replaces: force,
            retries: retries,
            speed: speed?.speed,
            digests: sums.flatMap(\.algorithms),
            ejects: eject,
            keepsAll: whole
        )
        adopt(&options)
        let (drive, wanted, output) = (drive, options, Output(outputOptions))
        let places = try databases.places
        // Names are for the files of tracks; without such files nobody is asked for any.
        let asksForNames = databases.lookup && tracks != nil
        let release = release
        let chosen =
            format == nil && tracks == nil ? Settings.current.format(of: options.output) : nil
        let trackFolder = tracks == nil ? nil : FilePath(text: self.output)
        let cover = cover.map { FilePath(text: $0) }
        try await JobCommand.run(
            "rip",
            output,
            stoppingOn: [.interrupt, .quit, .terminate, .hangUp],
            writing: try papers.begin("rip", output, making: trackFolder),
            keepingAwake: true
        ) {
            cancellation,
            tell throws(Failure) in
            var wanted = wanted
            wanted.image.cover = try cover.map { path throws(Failure) in
                try TrackFolder.cover(path)
            }
            let folder = try trackFolder.map { path throws(Failure) in try TrackFolder(path) }
            defer { folder?.removeIfEmpty() }
            if let chosen { wanted.format = chosen.value }
            try RipJob.checkOutput(wanted)
            let node = try Drive.unclaimed(try drive.node(with: .recorded))
            var used = [drive.setting, chosen].compactMap(\.self)
            if wanted.speed == nil,
                let setting = Settings.current.setting(.readSpeed, for: node.identity)
            {
                wanted.speed = setting.speed
                used.append(setting)
            }
            if let setting = Settings.current.readOffset(of: node.identity),
                let samples = setting.number
            {
                switch wanted.offset {
                case .samples: break
                case nil, .automatic, .set:
                    wanted.offset = .set(samples, place: setting.place)
                }
            }
            if places.needsNetwork { used += LookUpSettings.used }
            let tell = used.noted(tell)
            guard places.isEmpty else {
                let names = asksForNames ? output.album(release, places, cancellation) : nil
                return try CheckedRip(drive: node, options: wanted, places: places, names: names)
                    .run(cancellation: cancellation, tell: tell)
            }
            return try RipJob(drive: node, options: wanted)
                .run(cancellation: cancellation, tell: tell)
        }
    }
}

/// A read offset on the command line.
struct OffsetArgument: ExpressibleByArgument, Sendable {
    let choice: ReadOffsetChoice

    init?(argument: String) {
        if argument.lowercased() == "auto" {
            choice = .automatic
        } else if let samples = Int(argument), ReadOffsetChoice.range.contains(samples) {
            choice = .samples(samples)
        } else {
            return nil
        }
    }
}

/// Names of checksums on the command line, with commas between them.
struct DigestsArgument: ExpressibleByArgument, Sendable {
    static let allValueStrings = DigestAlgorithm.allCases.map(\.rawValue)
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

    let algorithms: [DigestAlgorithm]

    init?(argument: String) {
        var algorithms: [DigestAlgorithm] = []
        for name in argument.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
            guard
                let algorithm = DigestAlgorithm.allCases.first(where: {
                    $0.rawValue.filter { $0 != "-" } == name.filter { $0 != "-" }
                })
            else { return nil }
            algorithms.append(algorithm)
        }
        self.algorithms = algorithms
    }
}
