import DiscModel

/// A track of a CHD image, as its metadata describe it.
struct ChdTrack: Hashable {
    /// The words for a track's sectors.
    struct Mode: Hashable {
        /// The word, and those that other programs write.
        let words: [String]
        let mode: TrackMode
        let form: SectorForm

        /// Every mode, in the order in which the oldest metadata number them.
        static let table = [
            Mode(words: ["MODE1", "MODE1/2048"], mode: .mode1, form: .user),
            Mode(words: ["MODE1_RAW", "MODE1/2352"], mode: .mode1, form: .raw),
            Mode(words: ["MODE2", "MODE2/2336"], mode: .mode2Mixed, form: .mode2),
            Mode(words: ["MODE2_FORM1", "MODE2/2048"], mode: .mode2Form1, form: .user),
            Mode(words: ["MODE2_FORM2", "MODE2/2324"], mode: .mode2Form2, form: .form2User),
            Mode(words: ["MODE2_FORM_MIX"], mode: .mode2Mixed, form: .mode2),
            Mode(words: ["MODE2_RAW", "MODE2/2352", "CDI/2352"], mode: .mode2Mixed, form: .raw),
            Mode(words: ["AUDIO"], mode: .audio, form: .raw),
        ]

        /// The mode of sectors that are kept in a form.
        static func of(_ mode: TrackMode, _ form: SectorForm) -> Mode? {
            if mode == .audio { return table.last }
            let family = form == .raw && mode.isMode2 ? .mode2Mixed : mode
            return table.first { $0.mode == family && $0.form == form }
        }
    }

    /// No track is longer: 99 minutes, and the 112 of a GD-ROM's second area.
    static let longest = 1 << 20
    /// Each track's sectors are filled up to a multiple of so many.
    static let alignment = 4

    /// The track's number.
    var number: Int
    /// What its sectors are.
    var mode: Mode
    /// Whether 96 bytes of subchannel lie behind each sector.
    var hasSubchannel = false
    /// How many sectors are kept, with the pregap where that is.
    var frames: Int
    /// How many of them only fill the track up to where the next one begins.
    var pad = 0
    /// The pregap.
    var pregap = 0
    /// Whether the pregap is kept.
    var keepsPregap = false
    /// Sectors behind the last one that are not kept.
    var postgap = 0
    /// What is odd about it: one sentence; `nil` if nothing is.
    var warning: String?

    /// Sectors that are kept, with those that only fill up.
    var filledFrames: Int {
        (frames + Self.alignment - 1) / Self.alignment * Self.alignment
    }

    /// Reads the tracks out of an image's metadata; empty where they are not of a CD.
    ///
    /// - Throws: ``ImageFormatError`` where they can't be right.
    static func tracks(_ pieces: [ChdMetadata], _ name: String, _ format: String) throws
        -> [ChdTrack]
    {
        let texts = pieces.filter { ["CHT2", "CHTR", "CHGD", "CHGT"].contains($0.tag) }
        if let old = pieces.first(where: { $0.tag == "CHCD" }), texts.isEmpty {
            return try binary(old, name, format)
        }
        return try texts.map { try track($0, name, format) }.sorted { $0.number < $1.number }
    }

    private static func track(_ piece: ChdMetadata, _ name: String, _ format: String) throws
        -> ChdTrack
    {
        func error(_ field: String, _ problem: String) -> ImageFormatError {
            ImageFormatError(name, format, "\(field) in “\(piece.text)”", problem)
        }
        var words: [String: String] = [:]
        for word in piece.text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            guard let colon = word.firstIndex(of: ":") else { continue }
            words[String(word[..<colon])] = String(word[word.index(after: colon)...])
        }
        func number(_ key: String, _ range: ClosedRange<Int>) throws -> Int {
            guard let text = words[key] else { return 0 }
            guard let value = Int(text), range.contains(value) else {
                throw error(key, "is “\(text)”")
            }
            return value
        }
        let type = words["TYPE"] ?? ""
        guard let mode = Mode.table.first(where: { $0.words.contains(type) }) else {
            throw error("TYPE", "is “\(type)”")
        }
        let side = words["SUBTYPE"] ?? "NONE"
        guard ["NONE", "RW", "RW_RAW"].contains(side) else {
            throw error("SUBTYPE", "is “\(side)”")
        }
        var track = ChdTrack(
            number: try number("TRACK", 0...99),
            mode: mode,
            hasSubchannel: side != "NONE",
            frames: try number("FRAMES", 0...longest),
            pad: try number("PAD", 0...longest),
            pregap: try number("PREGAP", 0...longest),
            keepsPregap: words["PGTYPE"]?.hasPrefix("V") ?? false,
            postgap: try number("POSTGAP", 0...longest)
        )
        guard track.number > 0 else { throw error("TRACK", "is 0") }
        guard track.pad <= track.frames else {
            throw error("PAD", "is \(track.pad), and the track has \(track.frames) sectors")
        }
        if track.keepsPregap, track.pregap > track.frames - track.pad {
            // Some programs say that they keep a pregap and count it nowhere.
            track.keepsPregap = false
            track.warning =
                "The metadata say that the \(track.frames) sectors of track \(track.number) hold its pregap of \(track.pregap), which is longer: the pregap is taken as silence that is not kept."
        }
        return track
    }

    /// The oldest metadata of CDs: a number of tracks, and six numbers for each of 99, in the order
    /// of bytes of the machine that they were made on.
    private static func binary(_ piece: ChdMetadata, _ name: String, _ format: String) throws
        -> [ChdTrack]
    {
        let big = BinaryFields(name, format, piece.bytes, order: .big)
        let isBig = try big.u32(0, "the number of tracks") <= 99
        let fields = isBig ? big : BinaryFields(name, format, piece.bytes)
        let count = try fields.u32(0, "the number of tracks")
        guard (1...99).contains(count) else {
            throw ImageFormatError(name, format, "the number of tracks", "is \(count)")
        }
        return try (0..<count).map { index in
            let at = 4 + 24 * index
            let type = try fields.u32(at, "the type of a track")
            let side = try fields.u32(at + 4, "the subchannel of a track")
            let frames = try fields.u32(at + 16, "the length of a track")
            guard Mode.table.indices.contains(type), side <= 2, frames <= longest else {
                throw ImageFormatError(
                    name,
                    format,
                    "track \(index + 1) of the metadata",
                    "has type \(type), subchannel \(side), \(frames) sectors"
                )
            }
            return ChdTrack(
                number: index + 1,
                mode: Mode.table[type],
                // 2 is none.
                hasSubchannel: side < 2,
                frames: frames
            )
        }
    }

    /// The text that says all this.
    func metadata(ofGDROM isGD: Bool) -> ChdMetadata {
        let side = hasSubchannel ? "RW_RAW" : "NONE"
        let word = mode.words[0]
        let text =
            "TRACK:\(number) TYPE:\(word) SUBTYPE:\(side) FRAMES:\(frames) "
            + (isGD ? "PAD:\(pad) " : "") + "PREGAP:\(pregap) "
            + "PGTYPE:\(keepsPregap ? "V\(word)" : word) PGSUB:\(keepsPregap ? side : "NONE") "
            + "POSTGAP:\(postgap)"
        return ChdMetadata(tag: isGD ? "CHGD" : "CHT2", bytes: Array(text.utf8) + [0])
    }
}
