public import Transfer

/// What is done about a drive's read offset.
public enum ReadOffsetChoice: Sendable {
    /// It is so many samples, as AccurateRip counts them.
    case samples(Int)
    /// It is so many samples, as set in a file for the drive's model.
    case set(Int, place: String)
    /// It is that of the drive's model, or else what a search finds.
    case automatic

    /// Looks for the offset in what a drive reads.
    public typealias Search = @Sendable (any DiscSource, Cancellation) throws -> Int?

    /// The largest offset, to each side: ten sectors.
    public static let range = -5880...5880
}
