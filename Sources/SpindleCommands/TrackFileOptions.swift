import ArgumentParser
import SpindleJobs

/// What the files of an image's tracks are like, where the format leaves a choice.
struct TrackFileOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help:
            "Make one file per track, in formats that allow it; with --no-split and --audio, one audio file for all tracks."
    )
    var split: Bool?

    @Option(
        help: "What the files of audio tracks are: \(ConversionOperands.audioFiles).",
        completion: .cases(ImageOptions.AudioFile.self),
        transform: ConversionOperands.choice
    )
    var audio: ImageOptions.AudioFile?

    @Flag(help: "Keep only the user data of data tracks, in formats that allow it.")
    var userDataOnly = false

    /// Puts them into the options of an image, and among those that were chosen.
    func adopt(_ image: inout ImageOptions, _ choices: inout Set<ImageChoice>) {
        if let split {
            image.splitsTracks = split
            choices.insert(.files)
        }
        if let audio {
            // Tracks that share a file have no form of their own, and data need one of theirs.
            image.audioFile = audio
            image.splitsTracks = split ?? true
            choices.insert(.audioFile)
        }
        if userDataOnly {
            image.keepsUserDataOnly = true
            choices.insert(.userDataOnly)
        }
    }
}
