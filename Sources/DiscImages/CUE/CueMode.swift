import DiscModel

/// What a track's line in a cue sheet says of its sectors.
struct CueMode: Hashable {
    /// The word.
    let word: String
    /// The mode of the track.
    let mode: TrackMode
    /// How much of a sector the file has.
    let form: SectorForm
    /// The bytes behind it that are subchannel.
    var subchannel = 0
    /// Whether the track is one of CD-I.
    var isCDI = false

    /// Bytes of a sector in the file.
    var stride: Int { form.size + subchannel }

    /// Every word that is known.
    static let table: [CueMode] = [
        CueMode(word: "AUDIO", mode: .audio, form: .raw),
        CueMode(word: "CDG", mode: .audio, form: .raw, subchannel: 96),
        CueMode(word: "MODE1/2048", mode: .mode1, form: .user),
        CueMode(word: "MODE1/2352", mode: .mode1, form: .raw),
        CueMode(word: "MODE1/2448", mode: .mode1, form: .raw, subchannel: 96),
        CueMode(word: "MODE2/2048", mode: .mode2Form1, form: .user),
        CueMode(word: "MODE2/2324", mode: .mode2Form2, form: .form2User),
        CueMode(word: "MODE2/2336", mode: .mode2Mixed, form: .mode2),
        CueMode(word: "MODE2/2352", mode: .mode2Mixed, form: .raw),
        CueMode(word: "MODE2/2448", mode: .mode2Mixed, form: .raw, subchannel: 96),
        CueMode(word: "CDI/2336", mode: .mode2Mixed, form: .mode2, isCDI: true),
        CueMode(word: "CDI/2352", mode: .mode2Mixed, form: .raw, isCDI: true),
    ]

    /// The mode that a word names.
    static func named(_ word: String) -> CueMode? {
        let word = word.uppercased()
        return table.first { $0.word == word }
    }

    /// The word for a track that is kept in a form.
    static func word(for mode: TrackMode, _ form: SectorForm, isCDI: Bool) -> String? {
        if mode == .audio { return "AUDIO" }
        let family = mode == .mode1 ? "MODE1" : isCDI && form != .user ? "CDI" : "MODE2"
        let word = "\(family)/\(form.size)"
        return named(word)?.word
    }
}
