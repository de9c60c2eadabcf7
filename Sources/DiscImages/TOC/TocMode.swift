import DiscModel

/// What a track's line in a TOC file says of its sectors.
struct TocMode: Hashable {
    let word: String
    let mode: TrackMode
    let form: SectorForm

    /// Every word that is known.
    static let table: [TocMode] = [
        TocMode(word: "AUDIO", mode: .audio, form: .raw),
        TocMode(word: "MODE1", mode: .mode1, form: .user),
        TocMode(word: "MODE1_RAW", mode: .mode1, form: .raw),
        TocMode(word: "MODE2", mode: .mode2, form: .mode2),
        TocMode(word: "MODE2_RAW", mode: .mode2Mixed, form: .raw),
        TocMode(word: "MODE2_FORM1", mode: .mode2Form1, form: .user),
        TocMode(word: "MODE2_FORM2", mode: .mode2Form2, form: .form2User),
        TocMode(word: "MODE2_FORM_MIX", mode: .mode2Mixed, form: .mode2),
    ]

    /// The mode that a word names.
    static func named(_ word: String) -> TocMode? { table.first { $0.word == word } }
}
