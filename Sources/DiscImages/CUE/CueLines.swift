import DiscModel
import LinuxCalls
import Transfer

/// The lines of a cue sheet of a disc, as they are put together.
struct CueLines {
    private let layout: DiscLayout
    private let isCD: Bool
    private let texts: SheetTexts
    private var lines: [String] = []
    /// Whether a file is named whose name is not UTF-8.
    private var namesBytes = false
    /// Whether a text of the disc has characters that are more than ASCII, in UTF-8.
    private var hasWideText = false
    /// Whether the texts could not be told from bytes of an unknown encoding, for a name has such bytes.
    var mixesEncodings: Bool { namesBytes && hasWideText }

    /// Begins a sheet with what it says of the whole disc.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - packFile: The name of the file with the disc's packs of CD-TEXT, as `PathText`, which is named
    ///     if it is needed.
    init(_ disc: any DiscSource, packFile: String) {
        layout = disc.layout
        isCD = disc.medium.facts.family == .cd
        texts = CueTexts.texts(of: layout)
        if let catalog = layout.catalog { lines.append("CATALOG \(catalog)") }
        if packs != nil { lines.append("CDTEXTFILE \"\(spelled(packFile))\"") }
        addTexts(track: 0, indent: "")
    }

    /// A file's name as the sheet has it: its own bytes.
    private mutating func spelled(_ name: String) -> String {
        guard PathText.hasBytes(name) else { return name }
        namesBytes = true
        return KeptBytes.text(of: PathText.bytes(of: name))
    }

    private mutating func addTexts(track: Int, indent: String) {
        let texts = textLines(track: track)
        hasWideText = hasWideText || texts.contains(where: Self.isWide)
        lines += texts.map { indent + $0 }
    }

    /// Whether a text has more than ASCII that is no byte which was kept.
    private static func isWide(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            let bytes = Array(String(scalar).utf8)
            return !scalar.isASCII && KeptBytes.bytes(of: String(scalar)) == bytes
        }
    }

    /// The bytes of the packs of CD-TEXT, if the texts alone don't bring them back.
    var packs: [UInt8]? {
        let packs = layout.cdText
        guard !packs.isEmpty,
            CueTexts.packs(texts, tracks: layout.tracks.map(\.number)) != packs
        else { return nil }
        return packs.flatMap(\.bytes)
    }

    /// The sheet's bytes.
    var bytes: [UInt8] {
        // Sheets of people who read them on other machines have their lines end like this.
        KeptBytes.bytes(of: lines.joined(separator: "\r\n") + "\r\n")
    }

    /// The sheet as a text without bytes of its own; `nil` if it has such bytes.
    var text: String? { String(validating: bytes, as: UTF8.self) }

    /// Says that a session begins, if there are several.
    mutating func begin(_ session: DiscLayout.Session) {
        guard layout.sessions.count > 1 else { return }
        if session.number == 2,
            session.tracks.first?.start.rawValue == CDGaps.highDensityArea
        {
            lines.append("REM HIGH-DENSITY AREA")
            return
        }
        lines.append("REM SESSION \(Self.two(session.number))")
        // What lies between sessions of another disc has no such lengths.
        guard isCD, session.number > 1 else { return }
        lines.append("REM LEAD-IN \(MSF(frames: 4500))")
        lines.append("REM PREGAP \(MSF(frames: CDGaps.firstPause))")
    }

    /// Says that a session ends, if another one follows.
    mutating func end(_ session: DiscLayout.Session) {
        guard isCD, session.number < layout.sessions.count else { return }
        lines.append("REM LEAD-OUT \(MSF(frames: session.number == 1 ? 6750 : 2250))")
    }

    /// Names a file.
    ///
    /// - Parameters:
    ///   - name: Its name, as `PathText`.
    ///   - kind: What it is.
    mutating func add(file name: String, _ kind: ImageOptions.AudioFile) {
        lines.append("FILE \"\(spelled(name))\" \(kind == .raw ? "BINARY" : "WAVE")")
    }

    /// Begins a track.
    ///
    /// - Parameters:
    ///   - track: The track.
    ///   - form: How its sectors are kept.
    ///   - session: Its session.
    mutating func begin(_ track: Track, _ form: SectorForm, in session: DiscLayout.Session) {
        let word =
            CueMode.word(for: track.mode, form, isCDI: session.kind == .cdI) ?? "MODE1/2352"
        lines.append("  TRACK \(Self.two(track.number)) \(word)")
        addTexts(track: track.number, indent: "    ")
        if let isrc = track.isrc { lines.append("    ISRC \(isrc)") }
        let flags = [
            (TrackFlags.copyPermitted, "DCP"), (.fourChannels, "4CH"), (.preEmphasis, "PRE"),
        ].filter { track.flags.contains($0.0) }.map(\.1)
        if !flags.isEmpty { lines.append("    FLAGS \(flags.joined(separator: " "))") }
    }

    /// Adds an index at a place in the file that was named last.
    mutating func add(index number: Int, at frames: Int) {
        lines.append("    INDEX \(Self.two(number)) \(MSF(frames: frames))")
    }

    /// Adds the length of the pause before the track, which is in no file.
    mutating func add(pregap frames: Int) {
        lines.append("    PREGAP \(MSF(frames: frames))")
    }

    private func textLines(track: Int) -> [String] {
        let entry = texts[track]
        let words = CueSheet.textWords.sorted { $0.value.rawValue < $1.value.rawValue }
        return entry.remarks.map { "REM \($0)" }
            + words.compactMap { word, field in
                guard let text = entry.texts[field] else { return nil }
                let isRemark = ["COMPOSER", "ARRANGER", "MESSAGE"].contains(word)
                return "\(isRemark ? "REM " : "")\(word) \"\(text)\""
            }
    }

    /// Extensions of the files of a track's own; a sheet has no other kind for FLAC than for WAVE.
    static let endings: [ImageOptions.AudioFile: String] = [
        .raw: "bin", .wave: "wav", .flac: "flac",
    ]

    /// A number in two digits.
    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
