/// Sectors that a track has on one disc after the end of the same track on the other.
struct TrackTail {
    /// The disc that has them.
    var side: ComparisonResult.Side
    /// The sectors, by their addresses on that disc.
    var sectors: Range<Int>
    /// The track, by its number on the first disc.
    var track: Int
    /// How much further back a sector of the track lies on the second disc.
    var shift: Int
    /// What differs where they are a difference, as a part of a sentence.
    var text: String
}
