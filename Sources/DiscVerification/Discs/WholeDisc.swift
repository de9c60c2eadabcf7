public import DiscImages
import DiscModel
public import Transfer

/// A disc in a file, with what such a file can hold of discs.
public struct WholeDisc {
    /// The disc.
    public let disc: any DiscSource
    /// What a disc can have that the file's format holds.
    public let holds: Set<DiscFeature>

    /// Takes a disc.
    public init(_ disc: any DiscSource, holds: Set<DiscFeature>) {
        self.disc = disc
        self.holds = holds
    }

    /// Whether there is more on it than one track of data.
    var hasMoreThanData: Bool {
        let tracks = disc.layout.tracks
        return tracks.count > 1 || tracks.contains { !$0.mode.isData }
    }
}
