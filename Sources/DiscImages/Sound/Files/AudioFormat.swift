import DiscModel
import SystemPackage
import Transfer

extension ImageFormat {
    /// An audio file as a disc of one track, or of those of the cue sheet in it; or a playlist of such
    /// files.
    public static let audio = ImageFormat(
        name: "audio",
        displayName: "audio files",
        endings: [],
        holds: [
            .audio, .tracks, .pregaps, .catalog, .isrc, .cdText, .sheetTexts,
        ],
        reader: { file in
            // What lies in another file has no others beside it, and no place to be decoded to.
            guard file.depth == 0, let bytes = file.bytes as? FileBytes else { return nil }
            var warnings: [String] = []
            do {
                let (disc, warning) = try EmbeddedSheet.disc(of: file)
                if let disc { return disc }
                warnings = [warning].compactMap(\.self)
            } catch let error as ImageFormatError {
                // The audio is none the worse.
                warnings = ["The cue sheet in \(file.name) is left aside: \(error.complaint)."]
            }
            if let list = try Playlist(file) { return try album(list.files, file) }
            guard try TrackSound.isSound(bytes, ending: file.ending) else { return nil }
            let disc = try album([file.path], file)
            disc.describe(before: [], warnings: warnings)
            return disc
        }
    )

    private static func album(_ files: [FilePath], _ image: ImageFile) throws -> ImageDisc {
        try SoundAlbum(files, SoundOptions(), image.cancellation).disc
    }
}
