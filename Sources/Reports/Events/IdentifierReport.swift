/// The names of a disc with audio in the databases that know such discs.
public struct IdentifierReport: Codable, Hashable, Sendable {
    /// The name in AccurateRip.
    public var accuraterip: String
    /// Where AccurateRip's server has its answer, whose file's name it ends with.
    public var accurateripUrl: String
    /// The freedb id.
    public var freedb: String
    /// The disc id of MusicBrainz.
    public var musicbrainz: String
    /// What MusicBrainz is asked with where it does not know the id.
    public var musicbrainzToc: String
    /// The id in the CUETools Database.
    public var ctdb: String
    /// What that database is asked with.
    public var ctdbToc: String
    /// Where the CUETools Database's server answers.
    public var ctdbUrl: String

    /// Creates names.
    public init(
        accuraterip: String,
        accurateripUrl: String,
        freedb: String,
        musicbrainz: String,
        musicbrainzToc: String,
        ctdb: String,
        ctdbToc: String,
        ctdbUrl: String
    ) {
        self.accuraterip = accuraterip
        self.accurateripUrl = accurateripUrl
        self.freedb = freedb
        self.musicbrainz = musicbrainz
        self.musicbrainzToc = musicbrainzToc
        self.ctdb = ctdb
        self.ctdbToc = ctdbToc
        self.ctdbUrl = ctdbUrl
    }

    /// The ids, each with its database's name, for a person.
    public var phrases: [String] {
        [
            "AccurateRip \(accuraterip)", "freedb \(freedb)", "MusicBrainz \(musicbrainz)",
            "CTDB \(ctdb)",
        ]
    }
}
