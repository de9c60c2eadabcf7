import DiscAudio
import DiscImages
import LibCodecs

extension AlbumNames {
    /// Takes the names of a release of MusicBrainz, and its ids as tags.
    ///
    /// - Parameters:
    ///   - release: The release.
    ///   - disc: The disc's id.
    init(_ release: MusicBrainzRelease, disc: String) {
        let values: [(String, String?)] = [
            ("DATE", release.date), ("DISCNUMBER", String(release.disc)),
            ("DISCTOTAL", String(release.discs)), ("MUSICBRAINZ_ALBUMID", release.id),
            ("MUSICBRAINZ_DISCID", disc),
        ]
        self.init(
            title: release.title,
            performer: release.performer,
            tags: values.compactMap { name, value in
                value.map { FLACTag(name: name, value: $0) }
            },
            tracks: release.tracks.mapValues { track in
                Track(
                    title: track.title,
                    performer: track.performer,
                    // Players call a recording's id so.
                    tags: [track.recording].compactMap(\.self).map {
                        FLACTag(name: "MUSICBRAINZ_TRACKID", value: $0)
                    }
                )
            }
        )
    }
}
