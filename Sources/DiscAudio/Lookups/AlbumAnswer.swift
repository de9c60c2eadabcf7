import Reports
import Transfer

/// What MusicBrainz says of a disc.
struct AlbumAnswer: Sendable {
    /// The disc's id at MusicBrainz.
    let disc: String
    /// The releases that have it, those with exactly its table of contents first.
    let releases: [MusicBrainzRelease]
    /// What MusicBrainz has.
    let state: NamesReport.State
    /// The address or the file that the answer came from.
    let address: String
    /// The file in which the answer is kept; `nil` if it is not.
    let kept: String?
    /// Why the server gave no answer, as the rest of a sentence; `nil` if it did.
    let problem: String?
    /// What is worth knowing: a sentence each.
    let notes: [String]

    /// Asks MusicBrainz for the names of a disc.
    ///
    /// That the server gives no answer is no failure: the state and a note say so.
    ///
    /// - Parameters:
    ///   - toc: The disc.
    ///   - fetching: How the server is asked.
    ///   - cancellation: Heeded while the server is asked.
    /// - Throws: ``Reports/Failure`` if the user stopped it.
    init(about toc: AudioTOC, _ fetching: Fetching, _ cancellation: Cancellation) throws(Failure) {
        let names = try AudioDatabases.identifiers(toc)
        let session = toc.tracks.first?.session
        let count = toc.audio.filter { $0.session == session }.count
        let found = try LookUp(fetching, cancellation).ask(
            fetching.musicBrainz.adding(names.musicBrainzQuery),
            "MusicBrainz",
            names: ["\(names.musicBrainz).json"],
            upTo: MusicBrainzAnswer.mostBytes
        ) { bytes throws(AnswerProblem) in
            let answer = try MusicBrainzAnswer(
                parsing: bytes,
                of: names.musicBrainz,
                tracks: count
            )
            return (answer.releases, !answer.releases.isEmpty)
        }
        disc = names.musicBrainz
        releases = found.answer ?? []
        (address, kept, problem) = (found.source, found.kept, found.problem)
        let isKnown = found.isAbsent || found.answer != nil
        state =
            releases.contains(where: \.isExact)
            ? .found : !releases.isEmpty ? .similar : isKnown ? .absent : .noAnswer
        notes =
            found.notes
            + (state == .absent ? ["MusicBrainz has no release of this disc."] : [])
    }

    /// The releases with exactly the disc's table of contents.
    var exact: [MusicBrainzRelease] { releases.filter(\.isExact) }

    /// The releases that there are to choose from: those with exactly the disc's table of contents, or else all.
    var candidates: [MusicBrainzRelease] { exact.isEmpty ? releases : exact }

    /// What the candidates are, as a phrase.
    var phrase: String {
        let count = Wording.counted(candidates.count, "release")
        return exact.isEmpty
            ? "\(count) with a table of contents like this disc's" : "\(count) of this disc"
    }
}
