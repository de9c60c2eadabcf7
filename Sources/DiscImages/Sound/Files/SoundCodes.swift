import DiscModel

/// The codes that the tags of a FLAC file have for its track and for its disc.
struct SoundCodes {
    /// The recording code.
    private(set) var isrc: String?
    /// The catalogue number of the disc.
    private(set) var catalog: String?
    /// What is odd about them: a sentence each.
    private(set) var warnings: [String] = []

    /// Reads the tags; other files have none.
    ///
    /// - Throws: Errors of the file.
    init(_ file: FileBytes) throws {
        let bodies = try FLACBlocks.of(file).filter { $0.kind == .comments }.map(\.body)
        func texts(_ name: String) -> [String] {
            bodies.flatMap { FLACBlocks.texts(name, in: $0) }.filter { !$0.isEmpty }
        }
        let codes = texts("ISRC")
        isrc = codes.lazy.compactMap { RecordingCode($0)?.text }.first
        if isrc == nil, let code = codes.first {
            warnings.append(
                "The ISRC of “\(file.name)”, “\(code.prefix(40))”, is not valid; it is left out."
            )
        }
        // A bar code of other lengths is no catalogue number of a disc.
        catalog =
            (texts("MCN") + texts("BARCODE")).lazy.compactMap { CatalogNumber($0)?.text }.first
    }
}
