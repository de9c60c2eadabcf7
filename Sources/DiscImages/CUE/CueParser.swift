import DiscModel

/// Reads the text of a cue sheet.
struct CueParser {
    private let name: String
    private var sheet = CueSheet()
    private var session = 1
    private var isInTrack: Bool { !sheet.tracks.isEmpty }

    /// Reads a text; `nil` if it is not a cue sheet: one names a file with its kind.
    static func parse(_ text: SheetText, name: String) throws -> CueSheet? {
        let lines = SheetLine.lines(of: text.text)
        let isSheet = lines.contains { line in
            line.keyword == "FILE" && line.words.count >= 3 && kind(line) != nil
        }
        guard isSheet else { return nil }
        var parser = CueParser(name: name)
        if let warning = text.warning { parser.sheet.warnings.append(warning) }
        for line in lines { try parser.read(line) }
        guard !parser.sheet.tracks.isEmpty else {
            throw parser.error("the sheet", nil, "has no track")
        }
        for index in parser.sheet.tracks.indices { parser.orderIndexes(of: index) }
        return parser.sheet
    }

    /// Brings the indexes of a track into the order of their numbers, and tells where a sheet has
    /// them otherwise.
    private mutating func orderIndexes(of track: Int) {
        let told = sheet.tracks[track].indexes
        let number = sheet.tracks[track].number
        let isOrdered = zip(told, told.dropFirst()).allSatisfy { $0.number < $1.number }
        if !isOrdered {
            var seen: Set<Int> = []
            let kept = told.filter { seen.insert($0.number).inserted }
            // What lies in several files is in their order.
            let isOneFile = Set(told.map(\.file)).count == 1
            sheet.tracks[track].indexes =
                isOneFile ? kept.sorted { $0.number < $1.number } : kept
            warn(
                "The indexes of track \(number) are not in the order of their numbers; they are taken by their numbers, and of two with the same number the first."
            )
        }
        let later = Set(told.map(\.number).filter { $0 > 1 }).sorted()
        if later != Array(2..<(2 + later.count)) {
            warn(
                "Numbers are missing among the indexes of track \(number); those after index 1 are numbered from 2 on."
            )
        }
    }

    private init(name: String) {
        self.name = name
    }

    private static func kind(_ line: SheetLine) -> CueSheet.File.Kind? {
        CueSheet.File.Kind(word: line.words.last ?? "")
    }

    private func error(_ field: String, _ offset: Int?, _ problem: String) -> ImageFormatError {
        ImageFormatError(name, "a cue sheet", field, at: offset, problem)
    }

    private mutating func read(_ line: SheetLine) throws {
        switch line.keyword {
        case "FILE": try readFile(line)
        case "TRACK": try readTrack(line)
        case "INDEX": try readIndex(line)
        case "PREGAP", "POSTGAP": try readGap(line)
        case "FLAGS": readFlags(line)
        case "ISRC":
            if let code = RecordingCode(line.word(1)) {
                if let track = sheet.tracks.last, let before = track.isrc, before != code.text {
                    warn(
                        "Track \(track.number) has more than one ISRC in the sheet; “\(code.text)”, which comes later, counts, and “\(before)” is left out."
                    )
                }
                change { $0.isrc = code.text }
            } else {
                warn("“\(line.word(1))” is not a valid ISRC; it is left out.")
            }
        case "CATALOG":
            if let catalog = CatalogNumber(line.word(1)) {
                if let before = sheet.catalog, before != catalog.text {
                    warn(
                        "The sheet has more than one catalogue number; “\(catalog.text)”, which comes later, counts, and “\(before)” is left out."
                    )
                }
                sheet.catalog = catalog.text
            } else if line.word(1).contains(where: { $0 != "0" }) {
                warn("“\(line.word(1))” is not a valid catalogue number; it is left out.")
            }
        // The second word is a slip that some programs make.
        case "CDTEXTFILE", "CDTEXTMAIN": sheet.textFile = line.word(1)
        case "REM": try readRemark(line)
        default:
            if let field = CueSheet.textWords[line.keyword] {
                set(line.text(from: 1), as: field)
            } else {
                warn("The line “\(line.rest(from: 0).prefix(60))” is not understood.")
            }
        }
    }

    private mutating func warn(_ sentence: String) {
        if sheet.warnings.count < 20 { sheet.warnings.append(sentence) }
    }

    private mutating func change(_ body: (inout CueSheet.Track) -> Void) {
        guard isInTrack else { return }
        body(&sheet.tracks[sheet.tracks.count - 1])
    }

    private mutating func set(_ text: String, as field: CDText.Field) {
        guard !text.isEmpty else { return }
        sheet.texts[sheet.tracks.last?.number ?? 0].texts[field] = text
    }

    private mutating func readFile(_ line: SheetLine) throws {
        guard let kind = Self.kind(line), line.words.count >= 3 else {
            throw error(
                "the kind of the file “\(line.word(1))”",
                line.offset,
                "is “\(line.words.last ?? "")”, which is none"
            )
        }
        let words = line.words.dropFirst().dropLast()
        sheet.files.append(
            CueSheet.File(name: words.joined(separator: " "), kind: kind, offset: line.offset)
        )
    }

    private mutating func readTrack(_ line: SheetLine) throws {
        guard let number = Int(line.word(1)), (1...99).contains(number) else {
            throw error("the number of a track", line.offset, "is “\(line.word(1))”")
        }
        guard let mode = CueMode.named(line.word(2)) else {
            throw error("the mode of track \(number)", line.offset, "is “\(line.word(2))”")
        }
        guard !sheet.files.isEmpty else {
            throw error("track \(number)", line.offset, "comes before any file")
        }
        guard sheet.tracks.count < 99 else {
            throw error("the number of tracks", line.offset, "is larger than 99")
        }
        var track = CueSheet.Track(number: number, mode: mode, session: session)
        track.offset = line.offset
        sheet.tracks.append(track)
    }

    private mutating func readIndex(_ line: SheetLine) throws {
        guard let number = Int(line.word(1)), (0...99).contains(number), isInTrack else {
            throw error("the number of an index", line.offset, "is “\(line.word(1))”")
        }
        let time = try frames(line, 2, "the time of index \(number)")
        let file = sheet.files.count - 1
        guard sheet.tracks[sheet.tracks.count - 1].indexes.count < 100 else {
            throw error("the number of indexes", line.offset, "is larger than 100")
        }
        change { $0.indexes.append(CueSheet.Index(number: number, frames: time, file: file)) }
    }

    private mutating func readGap(_ line: SheetLine) throws {
        let time = try frames(line, 1, "the length of the \(line.keyword.lowercased())")
        if line.keyword == "PREGAP" {
            change { $0.pregap = time }
        } else {
            change { $0.postgap = time }
        }
    }

    private func frames(_ line: SheetLine, _ word: Int, _ field: String) throws -> Int {
        guard let time = MSF(line.word(word)) else {
            throw error(field, line.offset, "is “\(line.word(word))”, which is not a time")
        }
        return time.frames
    }

    private mutating func readFlags(_ line: SheetLine) {
        for word in line.words.dropFirst() {
            if let flag = CueSheet.flagWords[word.uppercased()] {
                change { $0.flags.formUnion(flag) }
            } else {
                warn("The flag “\(word)” is not known.")
            }
        }
    }

    /// Remarks that have come to mean something: the sessions of Redump and ISOBuster, the areas
    /// of a GD-ROM, and texts that the sheet has no word for.
    private mutating func readRemark(_ line: SheetLine) throws {
        let word = line.word(1).uppercased()
        switch word {
        case "SESSION":
            guard let number = Int(line.word(2)), (1...99).contains(number) else { return }
            session = number
            if number > 1, sheet.gaps[number] == nil { sheet.gaps[number] = CueSheet.Gap() }
        case "LEAD-OUT":
            gap {
                $0.leadOut = $1
            } time: {
                MSF(line.word(2))?.frames
            }
        case "LEAD-IN":
            gap {
                $0.leadIn = $1
            } time: {
                MSF(line.word(2))?.frames
            }
        case "PREGAP":
            gap {
                $0.pause = $1
            } time: {
                MSF(line.word(2))?.frames
            }
        case "HIGH-DENSITY":
            guard isInTrack else { return }
            session = 2
            sheet.gaps[2] = CueSheet.Gap(start: CDGaps.highDensityArea)
        case "", "SINGLE-DENSITY", "RUN-OUT", "POSTGAP", "MSF:":
            // What these say of the files doesn't hold for others.
            break
        default:
            if let field = CueSheet.textWords[word], ![.title, .performer].contains(field) {
                set(line.text(from: 2), as: field)
            } else {
                sheet.texts.add(remark: line.whole(from: 1), to: sheet.tracks.last?.number ?? 0)
            }
        }
    }

    /// Notes a time of the gap behind the tracks so far; before the first track there is none.
    private mutating func gap(_ set: (inout CueSheet.Gap, Int) -> Void, time: () -> Int?) {
        guard isInTrack, let time = time(), let last = sheet.tracks.last?.session else { return }
        let next = last + 1
        var gap = sheet.gaps[next] ?? CueSheet.Gap()
        set(&gap, time)
        sheet.gaps[next] = gap
    }
}
