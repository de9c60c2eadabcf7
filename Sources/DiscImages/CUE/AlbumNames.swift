public import LibCodecs

/// The names of an album and its tracks that come from somewhere else than the disc.
///
/// They are for the names of files, for tags and playlists alone: what an image says of the disc is what the disc
/// has.
public struct AlbumNames: Hashable, Sendable {
    /// The names of a track.
    public struct Track: Hashable, Sendable {
        /// Its title.
        public var title: String?
        /// Its performer.
        public var performer: String?
        /// Further tags.
        public var tags: [FLACTag]

        /// Creates names.
        public init(title: String? = nil, performer: String? = nil, tags: [FLACTag] = []) {
            self.title = title
            self.performer = performer
            self.tags = tags
        }
    }

    /// The album's title.
    public var title: String
    /// The album's performer.
    public var performer: String?
    /// Further tags of all its tracks.
    public var tags: [FLACTag]
    /// The tracks by their numbers.
    public var tracks: [Int: Track]

    /// Creates names.
    public init(title: String, performer: String?, tags: [FLACTag], tracks: [Int: Track]) {
        self.title = title
        self.performer = performer
        self.tags = tags
        self.tracks = tracks
    }

    /// What the name of a track's file is made of; of the album alone for 0.
    func facts(of number: Int) -> TrackNaming.Facts {
        TrackNaming.Facts(
            number: number,
            title: tracks[number]?.title,
            performer: tracks[number]?.performer,
            album: title,
            albumPerformer: performer
        )
    }
}
