import FoundationEssentials

/// The time as events and logs have it.
enum Timestamp {
    /// The time now in UTC, to the second, as RFC 3339 writes it: `2026-11-29T16:17:03Z`.
    static var now: String { Date.now.formatted(.iso8601) }
}
