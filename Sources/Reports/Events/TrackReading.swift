/// What the reads of an audio track say of its samples, the best first.
public enum TrackReading: String, Codable, CaseIterable, Sendable {
    /// All of it was read twice, and the same.
    case twice = "read-twice"
    /// It was read once, and C2 reported no error.
    case unflagged = "no-c2-errors"
    /// It was read once, and nothing else speaks for it.
    case once = "read-once"
    /// It has sectors that are doubtful.
    case doubtful
    /// It has sectors that can't be read.
    case unreadable
}
