/// Something worth knowing that a job met.
public struct JobMessage: Codable, Hashable, Sendable {
    /// How much it matters.
    public enum Severity: String, Codable, Sendable {
        /// For those who want to follow closely.
        case detail
        /// Worth reading.
        case note
        /// Worth acting on.
        case warning
    }

    /// How much it matters.
    public var severity: Severity
    /// One sentence; what a C library said is kept verbatim.
    public var text: String
    /// Who says so: `spindle`, or a library such as `libburn`.
    public var origin: String
    /// The album that it is about, where each of several is held against databases of rips.
    public var album: AlbumVerdict?

    /// The origin of what Spindle itself says.
    public static let ownOrigin = "spindle"

    /// Creates a message.
    public init(_ severity: Severity, _ text: String, origin: String = ownOrigin) {
        self.severity = severity
        self.text = text
        self.origin = origin
    }
}
