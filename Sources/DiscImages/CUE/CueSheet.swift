import DiscModel

/// A cue sheet as its author wrote it.
struct CueSheet {
    /// A file that the sheet names.
    struct File: Hashable {
        /// What is in the file, as the sheet has it.
        enum Kind: Hashable {
            /// Plain sectors, samples with their low byte first.
            case binary
            /// Plain sectors, samples with their high byte first.
            case motorola
            /// A file of audio: its content says of which kind, for most programs write WAVE
            /// whatever it is.
            case audio

            /// The kind by its word, of which many are in use besides those of CDRWIN; `nil` if it
            /// is none.
            init?(word: String) {
                switch word.uppercased() {
                case "BINARY": self = .binary
                case "MOTOROLA": self = .motorola
                case "WAVE", "WAV", "AIFF", "AIF", "AIFC", "MP3", "FLAC", "OGG", "VORBIS", "OPUS",
                    "APE", "WAVPACK", "WV", "MPC", "TTA", "TAK", "M4A", "MP4", "AAC", "ALAC",
                    "WMA", "ASF", "RF64", "W64", "CAF", "AU", "SHN", "AUDIO":
                    self = .audio
                default: return nil
                }
            }
        }

        var name: String
        var kind: Kind
        /// Where its line lies in the sheet.
        var offset = 0
    }

    /// An index: its number, and where it lies in a file, in sectors from the file's beginning.
    struct Index: Hashable {
        var number: Int
        var frames: Int
        var file: Int
    }

    /// A track.
    struct Track {
        var number: Int
        var mode: CueMode
        var session = 1
        var indexes: [Index] = []
        /// Sectors before the track that are in no file.
        var pregap = 0
        /// Sectors behind it that are in no file.
        var postgap = 0
        var flags: TrackFlags = []
        var isrc: String?
        /// Where its line lies in the sheet.
        var offset = 0
    }

    /// What remarks say of the gap before a session.
    struct Gap {
        /// The lead-out that ends the session before: its length, or where in the file it begins.
        var leadOut: Int?
        var leadIn: Int?
        var pause: Int?
        /// The address that the session begins with, where that is fixed.
        var start: Int?
    }

    var files: [File] = []
    var tracks: [Track] = []
    var catalog: String?
    var textFile: String?
    /// What the sheet says in words, by the track's number; 0 is the disc.
    var texts = SheetTexts()
    /// What stands between sessions, by the number of the later one.
    var gaps: [Int: Gap] = [:]
    /// What was odd: a sentence each.
    var warnings: [String] = []

    /// The words for texts, in the sheet and in remarks.
    static let textWords: [String: CDText.Field] = [
        "TITLE": .title, "PERFORMER": .performer, "SONGWRITER": .songwriter,
        "COMPOSER": .composer, "ARRANGER": .arranger, "MESSAGE": .message,
    ]

    /// The words for flags.
    static let flagWords: [String: TrackFlags] = [
        "PRE": .preEmphasis, "DCP": .copyPermitted, "4CH": .fourChannels, "SCMS": [],
    ]
}
