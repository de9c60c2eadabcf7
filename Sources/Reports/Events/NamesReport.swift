/// Where the names of a disc's tracks come from, and what was looked up for them.
public struct NamesReport: Codable, Hashable, Sendable {
    /// Where names come from.
    public enum Source: String, Codable, Sendable {
        /// A release of MusicBrainz.
        case musicBrainz = "musicbrainz"
        /// The disc itself.
        case cdText = "cd-text"
        /// Nowhere.
        case none
    }

    /// What MusicBrainz has of the disc.
    public enum State: String, Codable, Sendable {
        /// Releases with exactly this table of contents.
        case found
        /// Releases with tables of contents like it.
        case similar
        /// Nothing.
        case absent
        /// It gave no answer, so that it is not known.
        case noAnswer = "no-answer"
    }

    /// A release.
    public struct Release: Codable, Hashable, Sendable {
        /// A track of the disc.
        public struct Track: Codable, Hashable, Sendable {
            /// Its number.
            public var number: Int
            /// Its title.
            public var title: String?
            /// Its performer.
            public var performer: String?

            /// Creates a track.
            public init(number: Int, title: String?, performer: String?) {
                self.number = number
                self.title = title
                self.performer = performer
            }
        }

        /// Its id at MusicBrainz.
        public var id: String
        /// Its title.
        public var title: String
        /// Its performer.
        public var performer: String?
        /// When it was released: a year, a month or a day.
        public var date: String?
        /// The country's code.
        public var country: String?
        /// The label.
        public var label: String?
        /// The label's number of it.
        public var catalogNumber: String?
        /// The barcode.
        public var barcode: String?
        /// The number of the disc in it.
        public var disc: Int
        /// How many discs it has.
        public var discs: Int
        /// The disc's own title.
        public var discTitle: String?
        /// What tells it from others with the same title.
        public var remark: String?
        /// Whether it has a disc with exactly this table of contents, or else with one like it.
        public var isExact: Bool
        /// The tracks; `nil` where they are not told.
        public var tracks: [Track]?

        /// Creates a release.
        public init(id: String, title: String, disc: Int, discs: Int, isExact: Bool) {
            self.id = id
            self.title = title
            self.disc = disc
            self.discs = discs
            self.isExact = isExact
        }

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

    /// Where the names come from.
    public var source: Source
    /// What MusicBrainz has.
    public var state: State
    /// The address or the file that its answer came from.
    public var address: String
    /// The file in which the answer is kept; `nil` if it is not.
    public var kept: String?
    /// Why the server gave no answer, as the rest of a sentence; `nil` if it did.
    public var problem: String?
    /// The release whose names were taken; `nil` if none was.
    public var release: Release?
    /// The releases that there are to choose from; `nil` if there is one at most.
    public var candidates: [Release]?

    /// Creates a report.
    public init(source: Source, state: State, address: String) {
        self.source = source
        self.state = state
        self.address = address
    }
}
