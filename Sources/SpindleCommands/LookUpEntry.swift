import SpindleJobs

/// What databases have of a disc with audio, where they were asked.
struct LookUpEntry: Encodable {
    /// No more releases get lines.
    private static let mostListed = 20

    /// The databases of rips that were asked.
    var databases: [AudioReport.Database] = []
    /// What MusicBrainz has; `nil` if it was not asked.
    var album: DiscLookUp.Album?
    /// What a person should know: a sentence each.
    var notes: [String]

    /// The same for a person.
    var lines: [String] {
        let releases = album?.releases ?? []
        var lines = notes.map { "look-up   \($0)" }
        var told: [[NamesReport.Release.Track]] = []
        for release in releases.prefix(Self.mostListed) {
            let likeness = release.isExact ? "" : "perhaps "
            lines.append("album     \(likeness)\(release.line)")
            lines.append("          release \(release.id)")
            // Several countries' releases have the same tracks; and of another disc they say nothing.
            guard release.isExact, let tracks = release.tracks, !told.contains(tracks) else {
                continue
            }
            told.append(tracks)
            lines += tracks.map { Self.line($0, by: release.performer) }
        }
        if releases.count > Self.mostListed {
            lines.append(
                "          and \(releases.count - Self.mostListed) more; --json has them all"
            )
        }
        return lines
    }

    /// A track, whose performer is told where it is not the release's.
    private static func line(_ track: NamesReport.Release.Track, by performer: String?) -> String {
        let number = track.number < 10 ? " \(track.number)" : "\(track.number)"
        let name = track.performer == performer ? nil : track.performer
        guard let title = track.title else {
            return "          \(number)" + (name.map { "  by \($0)" } ?? "")
        }
        return "          \(number)  \(DiscDocument.named(title, name))"
    }
}
