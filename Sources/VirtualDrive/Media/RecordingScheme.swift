import DiscImages
import DiscModel

/// The ways in which discs are written.
enum RecordingScheme: Sendable {
    /// Not at all.
    case readOnly
    /// In tracks and sessions as CDs have them.
    case cd
    /// In sequence, in tracks whose blocks are written as wholes.
    case sequential
    /// Anywhere within the formatted area.
    case overwrite

    /// The way in which a disc is written in its present state.
    init(_ record: DiscRecord) {
        if record.isOverwritable {
            self = .overwrite
        } else if record.medium.facts.recording == .readOnly {
            self = .readOnly
        } else {
            self = record.medium.facts.family == .cd ? .cd : .sequential
        }
    }
}
