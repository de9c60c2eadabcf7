public import Reports
public import Transfer

/// What databases say of a disc: those of rips whether they have it, and MusicBrainz how it is called.
///
/// Nothing is chosen, and nothing of the disc is read.
public struct DiscLookUp: Sendable {
    /// What MusicBrainz has of the disc.
    public struct Album: Codable, Hashable, Sendable {
        /// Whether it has the disc.
        public var state: NamesReport.State
        /// The address or the file that its answer came from.
        public var address: String
        /// The file in which the answer is kept; `nil` if it is not.
        public var kept: String?
        /// Why the server gave no answer, as the rest of a sentence; `nil` if it did.
        public var problem: String?
        /// The releases with their tracks, those with exactly the disc's table of contents first.
        public var releases: [NamesReport.Release]

        init(_ answer: AlbumAnswer) {
            state = answer.state
            address = answer.address
            kept = answer.kept
            problem = answer.problem
            releases = answer.releases.map(NamesReport.Release.init(withTracksOf:))
        }
    }

    /// What is said of a disc without audio.
    public static let noAudio =
        "There is no audio on the disc that databases could know: none was asked."

    /// The databases of rips that were asked.
    public let databases: [AudioReport.Database]
    /// What MusicBrainz has; `nil` if it was not asked.
    public let album: Album?
    /// What the databases have of the disc, and why others gave no answer: a sentence each.
    public let sentences: [String]

    /// Asks.
    ///
    /// That a server gives no answer is no failure: its state and a sentence say so.
    ///
    /// - Parameters:
    ///   - places: Where the answers are; MusicBrainz is asked if servers are.
    ///   - toc: The disc.
    ///   - cancellation: Heeded while servers are asked.
    /// - Throws: ``Reports/Failure`` if a file can't be read or is no answer, or the user stopped it.
    public init(
        _ places: AudioDatabases.Places,
        of toc: AudioTOC,
        cancellation: Cancellation
    ) throws(Failure) {
        let known = try AudioDatabases(places, of: toc, cancellation: cancellation)
        let answer =
            places.asksServers ? try AlbumAnswer(about: toc, places.fetching, cancellation) : nil
        databases = known.states
        album = answer.map(Album.init)
        // Of what is not found, a note says why.
        var sentences = known.states.filter { $0.state == .found }.map(\.sentence) + known.notes
        if let answer {
            sentences += answer.notes
            if !answer.releases.isEmpty { sentences.append("MusicBrainz has \(answer.phrase).") }
        }
        self.sentences = sentences
    }
}
