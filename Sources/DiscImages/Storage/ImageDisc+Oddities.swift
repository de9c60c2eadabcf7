import DiscModel
import Reports

extension ImageDisc {
    /// What a descriptor tells of tracks that no CD has.
    ///
    /// - Parameters:
    ///   - layout: The tracks, checked.
    ///   - told: The same as the descriptor has them.
    /// - Returns: A sentence each.
    static func oddities(of layout: DiscLayout, told: DiscLayout) -> [String] {
        var sentences: [String] = []
        for (track, told) in zip(layout.tracks, told.tracks) {
            if track.length == 0 {
                sentences.append(
                    "Track \(track.number) has no sectors, and no CD has such a track: something of it is missing, or the table is wrong."
                )
            }
            let marks = told.laterIndexes
            let inside = marks.filter { $0 > track.start && $0 < track.end }
            if inside.count < marks.count {
                let lost = Wording.counted(marks.count - inside.count, "index", "indexes")
                sentences.append(
                    "Track \(track.number) does not have the places of \(lost), which \(marks.count - inside.count == 1 ? "is" : "are") left out."
                )
            }
            if zip(inside, inside.dropFirst()).contains(where: { $0 >= $1 }) {
                sentences.append(
                    "The indexes of track \(track.number) are not in order; they are numbered by their places."
                )
            }
        }
        return sentences
    }
}
