import LibBurn
import LibCrypto

/// What went into a burn of several tracks.
struct WrittenTracks: Sendable {
    /// Each track's sum, made while it was burned.
    var sums: [Checksum]
    /// The sum over all of them, one behind the other.
    var sum: Checksum
}

extension TrackJob.Kind {
    /// The name that the JSON uses.
    var name: String { self == .audio ? "audio" : "mode1" }
}
