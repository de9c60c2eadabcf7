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
    public var line: String {
        let number = catalogNumber.map { " \($0)" } ?? ""
        let parts = [
            performer.map { "\(title) by \($0)" } ?? title, date, country,
            label.map { $0 + number } ?? catalogNumber, barcode.map { "barcode \($0)" },
            discs > 1 ? "disc \(disc) of \(discs)" : nil, discTitle, remark,
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
