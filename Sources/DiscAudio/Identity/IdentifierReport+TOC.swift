public import Reports

extension IdentifierReport {
    /// Makes the names of a disc; `nil` if the system's OpenSSL does not make SHA-1.
    public init?(_ toc: AudioTOC) {
        guard let identifiers = try? DiscIdentifiers(toc) else { return nil }
        self.init(
            accuraterip: identifiers.accurateRip.description,
            accurateripUrl: identifiers.accurateRipURL,
            freedb: identifiers.freedb,
            musicbrainz: identifiers.musicBrainz,
            musicbrainzToc: identifiers.musicBrainzTOC,
            ctdb: identifiers.ctdb,
            ctdbToc: identifiers.ctdbTOC,
            ctdbUrl: identifiers.ctdbURL
        )
    }
}
