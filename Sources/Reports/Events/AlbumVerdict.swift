/// What came of an album in a folder of rips that was held against databases of other people's rips.
public struct AlbumVerdict: Codable, Hashable, Sendable {
    /// What an album is found by.
    public enum Kind: String, Codable, Sendable {
        /// A cue sheet, or another image.
        case image
        /// An audio file with a cue sheet in it.
        case file
        /// Audio files alone, one of each track, in the order of a playlist or of their names.
        case tracks
    }

    /// The sheet, the image or the file; of tracks alone their folder.
    public var path: String
    /// What it was found by.
    public var kind: Kind
    /// `verified`, `differs`, `incomplete`, or `not-verified` if no database has it, or it can't be checked.
    public var status: JobStatus
    /// Why it can't be checked, in a word for scripts; `nil` if it was.
    public var reason: Failure.Reason?
    /// The sectors of silence or audio before track 1 that no file has, if only a disc with those is in the
    /// database; `nil` otherwise.
    public var missingPregap: Int?
    /// What databases say of it; `nil` if it could not be checked.
    public var audio: AudioReport?
    /// What was found, for a person: a sentence each.
    public var sentences: [String]

    /// Creates a verdict.
    public init(path: String, kind: Kind, _ status: JobStatus, sentences: [String] = []) {
        self.path = path
        self.kind = kind
        self.status = status
        self.sentences = sentences
    }
}

/// How many albums came out how.
public struct AlbumCounts: Codable, Hashable, Sendable {
    /// Those of which all tracks match.
    public var verified = 0
    /// Those of which databases have a track with other samples.
    public var differs = 0
    /// Those with sectors that can't be read, and without a track that differs.
    public var incomplete = 0
    /// Those that no database has as a whole.
    public var notVerified = 0
    /// Those that can't be checked.
    public var unchecked = 0

    /// All of them.
    public var all: Int { verified + differs + incomplete + notVerified + unchecked }

    /// Creates counts of none.
    public init() {}

    /// Counts an album.
    public mutating func count(_ verdict: AlbumVerdict) {
        switch verdict.status {
        case .verified: verified += 1
        case .differs: differs += 1
        case .incomplete: incomplete += 1
        default: if verdict.reason == nil { notVerified += 1 } else { unchecked += 1 }
        }
    }

    /// What they come to: the worst of them.
    public var status: JobStatus {
        if differs > 0 { return .differs }
        if incomplete > 0 { return .incomplete }
        return notVerified + unchecked > 0 ? .notVerified : .verified
    }
}
