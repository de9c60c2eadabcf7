import DiscModel

/// Two tracks whose sectors belong together.
struct TrackPair {
    /// The track on the first disc.
    var a: Track
    /// The track on the second.
    var b: Track
    /// The sectors to compare, by their addresses on the first disc.
    var sectors: Range<Int>
    /// How much further back a sector lies on the second disc.
    var shift: Int
    /// Whether the track begins a session, so that a pause is before it.
    var isFirst: Bool
}
