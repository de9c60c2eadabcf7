import Reports

/// A release of MusicBrainz that has a disc: what its sleeve says.
///
/// The texts come from strangers. Control characters and breaks of lines are blanks in them, and none is longer
/// than 300 characters.
public struct MusicBrainzRelease: Hashable, Sendable {
    /// What is known of a track.
    public struct Track: Hashable, Sendable {
        /// Its title.
        public var title: String?
        /// Its performer.
        public var performer: String?
        /// The id of the recording.
        public var recording: String?
    }

    /// Its id, a UUID.
    public var id: String
    /// Its title.
    public var title: String
    /// Its performer.
    public var performer: String?
    /// When it was released: a year, a month or a day, such as `1998-03`.
    public var date: String?
    /// The country's code.
    public var country: String?
    /// The label.
    public var label: String?
    /// The label's number of it.
    public var catalogNumber: String?
    /// The barcode.
    public var barcode: String?
    /// What tells it from others with the same title.
    public var remark: String?
    /// The number of the disc in it.
    public var disc: Int
    /// How many discs it has.
    public var discs: Int
    /// The disc's own title.
    public var discTitle: String?
    /// Whether the release has a disc with exactly this table of contents; else with one like it.
    public var isExact: Bool
    /// The tracks by their numbers.
    public var tracks: [Int: Track]

    /// The release in a line, for a person who has to choose.
    public var line: String { NamesReport.Release(self).line }
}

extension NamesReport.Release {
    /// Takes what a person needs to choose.
    init(_ release: MusicBrainzRelease) {
        self.init(
            id: release.id,
            title: release.title,
            disc: release.disc,
            discs: release.discs,
            isExact: release.isExact
        )
        performer = release.performer
        date = release.date
        country = release.country
        label = release.label
        catalogNumber = release.catalogNumber
        barcode = release.barcode
        discTitle = release.discTitle
        remark = release.remark
    }

    /// Takes all that is known of a release, its tracks too.
    init(withTracksOf release: MusicBrainzRelease) {
        self.init(release)
        tracks = release.tracks.sorted { $0.key < $1.key }.map { number, track in
            Track(number: number, title: track.title, performer: track.performer)
        }
    }
}
