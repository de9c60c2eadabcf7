import LibCodecs
import LibSound
import LinuxCalls
import Reports

/// Measures the files of an album as they are packed, and says in their tags how loud they are, as players
/// know it from ReplayGain 2.0.
///
/// The album is measured as one piece, and not by its tracks' figures. What is silent, or shorter than 0.4
/// seconds, has no loudness, and no tags of its own.
final class AlbumGain {
    /// A file that is measured.
    private struct Measured {
        let track: Int
        let meter: LoudnessMeter
    }

    /// Bytes that are kept free in each file: four tags, and some more for whoever adds others later.
    static let room = 1024

    private var files: [Int: Measured] = [:]
    /// How loud they are, once all of them are complete.
    private(set) var loudness: AlbumLoudness?

    /// Begins to measure a file.
    ///
    /// - Parameters:
    ///   - file: Its number among the image's files.
    ///   - track: The number of its track.
    /// - Returns: What measures it.
    /// - Throws: `SoundError` if there is no memory for it.
    func meter(of file: Int, track: Int) throws(SoundError) -> LoudnessMeter {
        let meter = try LoudnessMeter()
        files[file] = Measured(track: track, meter: meter)
        return meter
    }

    /// Writes the tags: all audio has come, and the files don't have their names yet.
    ///
    /// - Parameter written: The image's files.
    /// - Throws: Errors of the files.
    func finish(_ written: [File]) throws {
        let measured = files.sorted { $0.key < $1.key }
        var loudness = AlbumLoudness(
            tracks: [:],
            album: Loudness(
                lufs: LoudnessMeter.loudness(of: measured.map(\.value.meter)),
                peak: measured.map(\.value.meter.peak).max() ?? 0
            )
        )
        for (file, sound) in measured where written.indices.contains(file) {
            let own = Loudness(lufs: sound.meter.loudness, peak: sound.meter.peak)
            loudness.tracks[sound.track] = own
            let tags = Self.tags("TRACK", own) + Self.tags("ALBUM", loudness.album)
            try FLACTagRoom.add(tags, to: written[file])
        }
        self.loudness = loudness
    }

    private static func tags(_ what: String, _ loudness: Loudness) -> [FLACTag] {
        guard let gain = loudness.gainText else { return [] }
        return [
            FLACTag(name: "REPLAYGAIN_\(what)_GAIN", value: gain),
            FLACTag(name: "REPLAYGAIN_\(what)_PEAK", value: loudness.peakText),
        ]
    }
}
