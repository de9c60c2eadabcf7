public import Reports
public import Transfer

/// Looks for the names of a disc at MusicBrainz.
///
/// A release is taken if it is the only one with exactly the disc's table of contents, or if somebody chooses it;
/// nothing is guessed.
public struct AlbumLookUp: Sendable {
    /// What comes of a question to a person.
    public enum Choice: Hashable, Sendable {
        /// One of the releases, by its place in the list.
        case release(Int)
        /// None of them.
        case none
        /// There is nobody to ask.
        case notAsked
    }

    /// What was found.
    public struct Found: Sendable {
        /// The release whose names are taken; `nil` if none is.
        public var release: MusicBrainzRelease?
        /// The disc's id at MusicBrainz.
        public var disc: String
        /// The report; its source is that of the release, or nothing.
        public var report: NamesReport
        /// What is worth knowing: a sentence each.
        public var notes: [String] = []
    }

    /// The id of the release that is taken; `nil` if none was chosen beforehand.
    private let wanted: String?
    private let fetching: Fetching
    private let choose: @Sendable ([MusicBrainzRelease]) -> Choice

    /// No more releases are listed.
    private static let mostListed = 20

    /// Prepares a look-up.
    ///
    /// - Parameters:
    ///   - release: The id of the release that is taken; `nil` if none was chosen beforehand.
    ///   - fetching: How the server is asked.
    ///   - choose: Asks a person, if there is more than one way.
    public init(
        release: String?,
        _ fetching: Fetching,
        choose: @escaping @Sendable ([MusicBrainzRelease]) -> Choice
    ) {
        wanted = release?.lowercased()
        self.fetching = fetching
        self.choose = choose
    }

    /// Asks, and chooses.
    ///
    /// - Parameters:
    ///   - toc: The disc.
    ///   - cancellation: Heeded while the server is asked.
    /// - Returns: What was found; never a failure of the network.
    /// - Throws: ``Reports/Failure`` if the user stopped it, or if the release that was chosen beforehand is none
    ///   of the disc's.
    public func find(_ toc: AudioTOC, _ cancellation: Cancellation) throws(Failure) -> Found {
        let answer = try AlbumAnswer(about: toc, fetching, cancellation)
        var found = Found(
            disc: answer.disc,
            report: NamesReport(source: .none, state: answer.state, address: answer.address),
            notes: answer.notes
        )
        found.report.kept = answer.kept
        found.report.problem = answer.problem
        guard !answer.releases.isEmpty else { return found }
        if answer.releases.count > 1 || answer.exact.isEmpty {
            found.report.candidates = answer.releases.map { NamesReport.Release($0) }
        }
        let chosen = try choice(answer, &found.notes)
        // Whoever stops it while a question is asked has chosen nothing.
        guard !cancellation.isRequested else { throw LookUp.stopped }
        guard let release = chosen else { return found }
        found.release = release
        found.report.source = .musicBrainz
        found.report.release = NamesReport.Release(release)
        found.notes.append(
            "The names are those of MusicBrainz's release \(release.id): \(release.line)."
        )
        return found
    }

    /// The release that is taken; `nil` if none is.
    private func choice(_ answer: AlbumAnswer, _ notes: inout [String]) throws(Failure)
        -> MusicBrainzRelease?
    {
        if let wanted {
            if let release = answer.releases.first(where: { $0.id == wanted }) { return release }
            let ids = answer.releases.prefix(Self.mostListed).map(\.id).joined(separator: ", ")
            throw Failure(
                .usage,
                "MusicBrainz does not say that the release \(wanted) has this disc.",
                meaning: "Nothing was read.",
                advice: "Choose one of these, or leave --release out: \(ids)."
            )
        }
        if answer.exact.count == 1 { return answer.exact.first }
        let candidates = answer.candidates
        switch choose(candidates) {
        case .release(let place) where candidates.indices.contains(place): return candidates[place]
        case .release, .none:
            notes.append("None of MusicBrainz's releases was chosen.")
        case .notAsked:
            notes.append(
                "MusicBrainz has \(answer.phrase); none was taken. --release ID takes one of these:"
            )
            notes += candidates.prefix(Self.mostListed).map { "\($0.id): \($0.line)." }
            if candidates.count > Self.mostListed {
                notes.append("And \(candidates.count - Self.mostListed) more.")
            }
        }
        return nil
    }
}
