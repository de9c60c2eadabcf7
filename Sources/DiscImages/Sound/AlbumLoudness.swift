public import Reports

/// How loud the files of an album are, by their tracks, and all of them together.
public struct AlbumLoudness: Sendable {
    /// That of each track's file, by the track's number; audio before track 1 is 0.
    public var tracks: [Int: Loudness]
    /// That of all files as one piece.
    public var album: Loudness
}
