import DiscModel

/// A control file of CloneCD: sections with keys and values.
struct CcdSheet {
    /// An entry of the table of contents, as the lead-in has it.
    struct Entry {
        var session = 1
        var point = 0
        var control = 0
        var adr = 1
        var seconds = 0
        var address = 0
        var offset = 0
    }

    /// What a section says of a track.
    struct Track {
        var mode: Int?
        /// Times in sectors, by the index's number, from the session's beginning.
        var indexes: [Int: Int] = [:]
        var isrc: String?
        var flags: String?
    }

    var entries: [Entry] = []
    var tracks: [Int: Track] = [:]
    var catalog: String?
    var packs: [CDTextPack] = []
    var isScrambled = false
    /// What was odd: a sentence each, of which the first ones are kept.
    private(set) var warnings: [String] = []
    private static let mostWarnings = 20

    /// The keys of a section that are known, but for those that end in a number; `nil` of a section in which any
    /// key may be, because nothing in it matters here.
    private static let keys: [String: Set<String>?] = [
        "CLONECD": nil, "SESSION": nil,
        "DISC": ["TOCENTRIES", "SESSIONS", "DATATRACKSSCRAMBLED", "CDTEXTLENGTH", "CATALOG"],
        "CDTEXT": ["ENTRIES"],
        "ENTRY": [
            "SESSION", "POINT", "ADR", "CONTROL", "TRACKNO", "AMIN", "ASEC", "AFRAME", "ALBA",
            "ZERO", "PMIN", "PSEC", "PFRAME", "PLBA",
        ],
        "TRACK": ["MODE", "ISRC", "FLAGS"],
    ]

    private mutating func warn(_ sentence: String) {
        if warnings.count < Self.mostWarnings { warnings.append(sentence) }
    }

    /// Tells of a line that means nothing here: what it was to say is missing.
    private mutating func note(_ line: SheetLine) {
        warn("The line “\(line.rest(from: 0).prefix(60))” is not understood.")
    }

    /// Reads a text; `nil` if it is no control file: one has a section “CloneCD”.
    static func parse(_ text: String, name: String) throws -> CcdSheet? {
        let lines = SheetLine.lines(of: text)
        guard let first = lines.first, first.keyword == "[CLONECD]" else { return nil }
        var sheet = CcdSheet()
        var section: [String] = []
        var entry: Entry?
        // How many entries the file says that it has.
        var claimed: Int?
        func close(_ entry: Entry?) throws {
            guard let entry else { return }
            if entry.point == 0 {
                sheet.warn(
                    "The entry at byte \(entry.offset) does not say what it is about; it is left out."
                )
            }
            guard sheet.entries.count < 512 else {
                throw ImageFormatError(
                    name,
                    "a CloneCD image",
                    "the number of entries",
                    at: entry.offset,
                    "is larger than any disc has"
                )
            }
            sheet.entries.append(entry)
        }
        for line in lines {
            let whole = line.rest(from: 0)
            if whole.hasPrefix("["), let end = whole.firstIndex(of: "]") {
                try close(entry)
                entry = nil
                section = whole[whole.index(after: whole.startIndex)..<end].uppercased()
                    .split(separator: " ").map(String.init)
                if section.first.flatMap({ Self.keys[$0] }) == nil { sheet.note(line) }
                if section.first == "ENTRY" { entry = Entry(offset: line.offset) }
                continue
            }
            let parts = whole.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                if !whole.isEmpty, !whole.hasPrefix(";") { sheet.note(line) }
                continue
            }
            let key = Self.trimmed(parts[0]).uppercased()
            let value = Self.trimmed(parts[1])
            let isNumbered =
                section.first == "CDTEXT" && key.hasPrefix("ENTRY ")
                || section.first == "TRACK" && key.hasPrefix("INDEX ")
            if !isNumbered, let known = section.first.flatMap({ Self.keys[$0] }) ?? nil,
                !known.contains(key)
            {
                sheet.note(line)
            }
            switch section.first {
            case "DISC":
                if key == "CATALOG" {
                    sheet.catalog = CatalogNumber(value)?.text
                    // Zeros alone say that there is none.
                    if sheet.catalog == nil, value.contains(where: { $0 != "0" }) {
                        sheet.note(line)
                    }
                }
                if key == "TOCENTRIES" { claimed = number(value) }
                if key == "DATATRACKSSCRAMBLED" { sheet.isScrambled = number(value) == 1 }
            case "CDTEXT":
                guard key.hasPrefix("ENTRY "), sheet.packs.count < 2048 else { break }
                let bytes = value.split(separator: " ").prefix(18).compactMap {
                    UInt8($0, radix: 16)
                }
                if let pack = CDTextPack(bytes) {
                    sheet.packs.append(pack)
                } else {
                    sheet.note(line)
                }
            case "ENTRY":
                let fields: [String: WritableKeyPath<Entry, Int>] = [
                    "SESSION": \.session, "POINT": \.point, "CONTROL": \.control, "ADR": \.adr,
                    "PSEC": \.seconds, "PLBA": \.address,
                ]
                guard let field = fields[key] else { break }
                guard let number = number(value) else {
                    throw ImageFormatError(
                        name,
                        "a CloneCD image",
                        "the value of \(key)",
                        at: line.offset,
                        "is “\(value.prefix(40))”, which is not a number"
                    )
                }
                entry?[keyPath: field] = number
            case "TRACK":
                guard section.count > 1, let track = Int(section[1]), (1...99).contains(track)
                else {
                    break
                }
                if key == "MODE" { sheet.tracks[track, default: Track()].mode = number(value) }
                if key == "ISRC" {
                    sheet.tracks[track, default: Track()].isrc = RecordingCode(value)?.text
                }
                if key == "FLAGS" { sheet.tracks[track, default: Track()].flags = value }
                if key.hasPrefix("INDEX ") {
                    guard let index = Int(key.dropFirst(6)), (0...99).contains(index),
                        let time = number(value)
                    else {
                        sheet.note(line)
                        break
                    }
                    sheet.tracks[track, default: Track()].indexes[index] = time
                }
            default: break
            }
        }
        try close(entry)
        if let claimed, claimed != sheet.entries.count {
            sheet.warn(
                "\(name) should have \(claimed) entries of the table of contents, and has \(sheet.entries.count)."
            )
        }
        return sheet
    }

    /// A number in decimal or, with 0x, in hexadecimal digits, of no more than 32 bits.
    private static func number(_ text: String) -> Int? {
        let lower = text.lowercased()
        if lower.hasPrefix("0x") { return Int32(lower.dropFirst(2), radix: 16).map { Int($0) } }
        return Int32(lower).map { Int($0) }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
