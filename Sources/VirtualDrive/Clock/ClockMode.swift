/// What becomes of the time that a drive's work would take.
public enum ClockMode: String, Hashable, Sendable, CaseIterable {
    /// Nothing: commands end at once.
    case none
    /// It is added up; commands end at once.
    case counted
    /// Commands take it.
    case real
}
