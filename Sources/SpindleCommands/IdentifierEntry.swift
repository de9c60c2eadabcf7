import SpindleJobs

/// The names of a disc with audio in the databases that know such discs.
struct IdentifierEntry: Encodable {
    /// What is shown of it.
    private enum CodingKeys: CodingKey {
        case accuraterip, accurateripUrl, freedb, musicbrainz, musicbrainzToc, ctdb, ctdbToc, ctdbUrl
    }

    /// The table of contents that all follow from.
    let toc: AudioTOC
    var accuraterip: String
    /// Where AccurateRip's server has its answer, whose file's name it ends with.
    var accurateripUrl: String
    var freedb: String
    var musicbrainz: String
    var musicbrainzToc: String
    var ctdb: String
    var ctdbToc: String
    /// Where the CUETools Database's server answers.
    var ctdbUrl: String

    /// Makes the names of a disc; `nil` if the system's OpenSSL does not make SHA-1.
    init?(_ toc: AudioTOC) {
        guard let identifiers = try? DiscIdentifiers(toc) else { return nil }
        self.toc = toc
        accuraterip = identifiers.accurateRip.description
        accurateripUrl = identifiers.accurateRipURL
        freedb = identifiers.freedb
        musicbrainz = identifiers.musicBrainz
        musicbrainzToc = identifiers.musicBrainzTOC
        ctdb = identifiers.ctdb
        ctdbToc = identifiers.ctdbTOC
        ctdbUrl = identifiers.ctdbURL
    }

    /// The same for a person.
    var lines: [String] {
        [
            "id        AccurateRip \(accuraterip)", "id        freedb \(freedb)",
            "id        MusicBrainz \(musicbrainz)", "id        CTDB \(ctdb)",
        ]
    }
}
