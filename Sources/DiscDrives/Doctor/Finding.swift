/// Something that ``Doctor`` found.
public struct Finding: Hashable, Sendable, Codable {
    /// How much it stands in the way.
    public enum Level: String, Sendable, Codable {
        /// All is as it should be.
        case fine
        /// Worth knowing.
        case note
        /// Something can't be done.
        case problem
    }

    /// What it is about, as scripts know it, such as `permission`.
    public var id: String
    /// How much it stands in the way.
    public var level: Level
    /// The drive's node; `nil` if it is about the system.
    public var drive: String?
    /// What was found: one sentence.
    public var text: String
    /// What mends it: one sentence; `nil` if nothing needs to be done.
    public var fix: String?

    /// Creates a finding.
    public init(
        _ id: String,
        _ level: Level,
        drive: String? = nil,
        _ text: String,
        fix: String? = nil
    ) {
        self.id = id
        self.level = level
        self.drive = drive
        self.text = text
        self.fix = fix
    }
}
