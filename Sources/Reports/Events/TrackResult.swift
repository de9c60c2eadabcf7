/// What was found of a track.
public struct TrackResult: Codable, Hashable, Sendable {
    /// The track's number.
    public var number: Int
    /// Its session, from 1.
    public var session: Int
    /// What its sectors are: `audio` or `mode1`.
    public var mode: String
    /// The sector that its index 1 begins with.
    public var start: Int
    /// Its sectors from there on.
    public var sectors: Int
    /// How it ended for this track: `verified`, `done`, `differs`, `incomplete`.
    public var status: JobStatus
    /// SHA-256 over what was written of it: 2048 bytes a sector of data, 2352 of audio, a pregap that
    /// the image has included.
    public var sha256: String?
    /// Further sums over the same, by algorithm.
    public var sums: [String: String]?
    /// How many sectors differ.
    public var differingSectors: Int?
    /// The first of them.
    public var firstDifferingSector: Int?
    /// How many sectors could not be read.
    public var unreadableSectors: Int?
    /// The first of them.
    public var firstUnreadableSector: Int?
    /// What the reads of an audio track that was ripped say of it.
    public var reading: TrackReading?
    /// How many of its sectors were read twice, and the same.
    public var readTwiceSectors: Int?
    /// How many of its sectors are doubtful.
    public var doubtfulSectors: Int?
    /// How loud its file is, if that was measured.
    public var loudness: Loudness?

    /// Creates a track's result.
    public init(
        number: Int,
        session: Int,
        mode: String,
        start: Int,
        sectors: Int,
        status: JobStatus
    ) {
        self.number = number
        self.session = session
        self.mode = mode
        self.start = start
        self.sectors = sectors
        self.status = status
    }
}
