import DiscModel
import Transfer

extension ImageFormat {
    /// An audio file as a disc of one track, or of those of the cue sheet in it; or a playlist of such
    /// files.
    public static let audio = ImageFormat(
        name: "audio",
        displayName: "audio files",
        endings: [],
        holds: [
            .audio, .tracks, .pregaps, .cdText, .sheetTexts,
        ],
        reader: { file in
            // What lies in another file has no others beside it, and no place to be decoded to.
            guard file.depth == 0, let bytes = file.bytes as? FileBytes else { return nil }
            if let disc = try EmbeddedSheet.disc(of: file) { return disc }
            if let list = try Playlist(file) { return try SoundAlbum(list.files).disc }
            guard try TrackSound.isSound(bytes, ending: file.ending) else { return nil }
            return try SoundAlbum([file.path]).disc
        }
    )
}
