internal import CLibSndfile

/// What libsndfile calls a format, under the names that this program uses.
struct SoundKind {
    /// The name for programs.
    let name: String
    /// The name for people.
    let displayName: String
    /// The bits of a sample; `nil` if it has none of whole numbers.
    let bits: Int?

    private static let containers: [Int: (name: String, displayName: String)] = [
        SF_FORMAT_WAV: ("wav", "WAVE"), SF_FORMAT_WAVEX: ("wav", "WAVE"),
        SF_FORMAT_RF64: ("rf64", "RF64"), SF_FORMAT_W64: ("w64", "Wave64"),
        SF_FORMAT_AIFF: ("aiff", "AIFF"), SF_FORMAT_FLAC: ("flac", "FLAC"),
        SF_FORMAT_CAF: ("caf", "Core Audio"), SF_FORMAT_AU: ("au", "Sun audio"),
        SF_FORMAT_MPEG: ("mpeg", "MPEG audio"), SF_FORMAT_OGG: ("ogg", "Ogg"),
    ]
    private static let codings: [Int: (name: String, displayName: String)] = [
        SF_FORMAT_VORBIS: ("vorbis", "Ogg Vorbis"), SF_FORMAT_OPUS: ("opus", "Opus"),
        SF_FORMAT_MPEG_LAYER_III: ("mp3", "MP3"),
        SF_FORMAT_MPEG_LAYER_II: ("mp2", "MPEG audio, layer II"),
        SF_FORMAT_MPEG_LAYER_I: ("mp1", "MPEG audio, layer I"),
    ]
    private static let widths: [Int: Int] = [
        SF_FORMAT_PCM_S8: 8, SF_FORMAT_PCM_U8: 8, SF_FORMAT_PCM_16: 16, SF_FORMAT_PCM_24: 24,
        SF_FORMAT_PCM_32: 32, SF_FORMAT_ALAC_16: 16, SF_FORMAT_ALAC_20: 20,
        SF_FORMAT_ALAC_24: 24, SF_FORMAT_ALAC_32: 32,
    ]

    /// Names a format by the library's code of it.
    static func of(_ code: CInt) -> SoundKind {
        let coding = Int(code) & SF_FORMAT_SUBMASK
        let found =
            codings[coding] ?? containers[Int(code) & SF_FORMAT_TYPEMASK]
            ?? ("other", "another format")
        return SoundKind(name: found.0, displayName: found.1, bits: widths[coding])
    }
}
