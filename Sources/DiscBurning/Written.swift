import DiscModel
import LibBurn
import LibCrypto

/// What went into a burn.
struct Written: Sendable {
    /// Where it went, with the length of every track.
    var disc: DiscPlan
    /// The sum of each track's payload, made while it was burned.
    var sums: [Checksum]
    /// The sum over all payloads, one behind the other.
    var sum: Checksum
    /// Whether it has anything but zeros where a disc without a state of its own is looked at throughout
    /// (``DiscDrives/DataSearch``): such a disc can't look blank then.
    var isSeen: Bool

    /// Bytes of all payloads.
    var byteCount: Int { disc.byteCount ?? 0 }
    /// The sectors that they fill.
    var sectors: Int { disc.tracks.reduce(0) { $0 + $1.payload.count } }
}

extension TrackJob.Kind {
    /// The name that the JSON uses.
    var name: String { self == .audio ? "audio" : "mode1" }

    /// The form in which libburn takes a sector.
    var form: SectorForm { self == .audio ? .raw : .user }
}
