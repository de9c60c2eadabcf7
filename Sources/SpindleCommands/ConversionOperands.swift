import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// What `convert`, `split` and `join` have in common.
struct ConversionOperands: ParsableArguments {
    static let audioFiles = names(ImageOptions.AudioFile.self)
    static let packings = names(ImageOptions.Packing.self)

    @Argument(
        help: ArgumentHelp("An image of any format, or a virtual disc.", valueName: "in"),
        completion: .file()
    )
    var input: String

    @Argument(
        help: ArgumentHelp("The image to make.", valueName: "out"),
        completion: .file()
    )
    var out: String

    @Flag(help: "Allow losing what the format can't hold.")
    var allowLoss = false

    @Flag(help: "Open OUT again and compare it with IN, as Spindle reads both.")
    var prove = false

    @Flag(help: "Replace existing files.")
    var force = false

    @OptionGroup var password: PasswordOption

    func validate() throws { try OutputOperand.check(out) }

    /// The options that these make.
    var options: ConversionOptions {
        var options = ConversionOptions(output: FilePath(text: out))
        options.allowsLoss = allowLoss
        options.proves = prove
        options.image.replaces = force
        return options
    }

    /// Converts, and leaves the process with the result.
    ///
    /// - Parameters:
    ///   - options: How.
    ///   - output: What is printed.
    ///   - parity: Where the CUETools Database's answer is that puts the audio right; nowhere if it stays.
    ///   - used: The settings that it goes by.
    ///   - sounds: Audio files to make the disc of, each a track; empty if IN is an image.
    /// - Throws: The exit code that the process ends with.
    func convert(
        _ options: ConversionOptions,
        _ output: OutputOptions,
        parity: AudioDatabases.Places = AudioDatabases.Places(),
        noting used: [Setting] = [],
        sounds: [FilePath] = []
    ) async throws {
        let (source, secrets) = (FilePath(text: input), password.secrets)
        try await JobCommand.run(
            options.verb,
            Output(output),
            stoppingOn: [.interrupt, .quit, .terminate, .hangUp]
        ) {
            cancellation,
            tell throws(Failure) in
            let tell = used.noted(tell)
            try ConversionJob.check(options)
            if !sounds.isEmpty {
                let image = try OpenDisc.sounds(
                    sounds,
                    named: source,
                    SoundOptions(),
                    cancellation
                )
                return try ConversionJob(image, options: options)
                    .run(cancellation: cancellation, tell: tell)
            }
            let image = try OpenDisc.image(
                source,
                need: try ConversionJob.need(options),
                secrets: secrets,
                meaning: "Nothing was written.",
                cancellation: cancellation
            )
            guard parity.isEmpty else {
                return try SoundRepair(
                    image,
                    by: parity,
                    options: options,
                    cancellation: cancellation
                )
                .run(cancellation: cancellation, tell: tell)
            }
            return try ConversionJob(image, options: options)
                .run(cancellation: cancellation, tell: tell)
        }
    }

    /// A choice by its name on the command line.
    static func choice<Choice: CaseIterable & RawRepresentable<String>>(_ name: String) throws
        -> Choice
    {
        guard let choice = Choice(rawValue: name.lowercased()) else {
            throw ValidationError("“\(name)” is none of \(names(Choice.self)).")
        }
        return choice
    }

    private static func names<Choice: CaseIterable & RawRepresentable<String>>(_: Choice.Type)
        -> String
    {
        Choice.allCases.map(\.rawValue).joined(separator: ", ")
    }
}
