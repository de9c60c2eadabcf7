package import DiscModel

extension ImageOptions {
    /// The tracks of a disc before which a pause is left out.
    ///
    /// What is before a session's first track is never left out, nor what is before a track of data.
    package func tracksWithoutGaps(of layout: DiscLayout) -> Set<Int> {
        guard naming != nil, gaps == .leftOut else { return [] }
        return Set(
            layout.sessions.flatMap { $0.tracks.dropFirst() }
                .filter { $0.mode == .audio && $0.pregap > 0 }.map(\.number)
        )
    }
}
