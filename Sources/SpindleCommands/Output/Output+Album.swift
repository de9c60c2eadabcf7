import SpindleJobs

extension Output {
    /// What looks for the names of a disc, and asks a person if MusicBrainz has several releases of it.
    ///
    /// - Parameters:
    ///   - release: The id of the release that is taken; `nil` if none was chosen beforehand.
    ///   - places: How servers are asked.
    ///   - cancellation: Heeded while a person thinks.
    /// - Returns: The look-up.
    func album(
        _ release: String?,
        _ places: AudioDatabases.Places,
        _ cancellation: Cancellation
    ) -> AlbumLookUp {
        AlbumLookUp(release: release, places.fetching) { releases in
            let question =
                releases.first?.isExact == true
                ? "MusicBrainz has several releases of this disc. Whose names are to be taken?"
                : "MusicBrainz has only releases with a table of contents like this disc's. Whose names are to be taken?"
            let place = self.choose(
                question,
                among: releases.map(\.line),
                none: "none of them: the names that the disc has itself",
                cancellation
            )
            return place.map { $0 < 0 ? .none : .release($0) } ?? .notAsked
        }
    }
}
