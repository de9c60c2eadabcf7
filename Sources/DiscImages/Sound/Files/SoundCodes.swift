import DiscModel

/// The codes that the tags of a file have for its track and for its disc.
struct SoundCodes {
    /// The recording code.
    private(set) var isrc: String?
    /// The catalogue number of the disc.
    private(set) var catalog: String?
    /// What is odd about them: a sentence each.
    private(set) var warnings: [String] = []

    /// Takes them from tags.
    ///
    /// - Parameters:
    ///   - texts: The tags.
    ///   - name: The file's name, for what is odd.
    init(_ texts: SoundTexts, of name: String) {
        let codes = texts["ISRC"]
        isrc = codes.lazy.compactMap { RecordingCode($0)?.text }.first
        if isrc == nil, let code = codes.first {
            warnings.append(
                "The ISRC of “\(name)”, “\(code.prefix(40))”, is not valid; it is left out."
            )
        }
        // A bar code of other lengths is no catalogue number of a disc.
        catalog =
            (texts["MCN"] + texts["BARCODE"]).lazy.compactMap { CatalogNumber($0)?.text }.first
    }
}
