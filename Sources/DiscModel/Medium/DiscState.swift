/// How far a disc has been recorded, by the name that the command and its JSON use.
public enum DiscState: String, Codable, Sendable {
    /// There is no disc.
    case none
    /// Nothing is recorded.
    case blank
    /// Something is recorded, and more can be appended.
    case appendable
    /// Nothing can be appended.
    case complete
    /// A recording was begun and not properly ended.
    case damaged
    /// There is a disc, and the drive does not say how far it is recorded.
    case unknown
}
