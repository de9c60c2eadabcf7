import DiscModel
import LinuxCalls

/// Reads the text of a TOC file of cdrdao.
struct TocParser {
    private let name: String
    private let tokens: [TocTokens.Token]
    private var next = 0
    private var sheet = TocSheet()

    private static let kinds: [String: SessionKind] = [
        "CD_DA": .cdROM, "CD_ROM": .cdROM, "CD_ROM_XA": .cdROMXA, "CD_I": .cdI,
    ]

    /// Reads a text; `nil` if it is no TOC file: one begins with the kind of disc, or another
    /// of its words, and has a track of a mode that only it names.
    static func parse(_ text: SheetText, name: String) throws -> TocSheet? {
        let tokens = TocTokens(text.text).tokens
        guard let first = tokens.first?.text,
            kinds[first] != nil || ["CATALOG", "CD_TEXT", "TRACK"].contains(first),
            let track = tokens.firstIndex(where: { $0.kind == .word && $0.text == "TRACK" }),
            tokens.indices.contains(track + 1),
            kinds[first] != nil || TocMode.named(tokens[track + 1].text) != nil
        else { return nil }
        var parser = TocParser(name: name, tokens: tokens)
        if let warning = text.warning { parser.warn(warning) }
        while parser.next < tokens.count { try parser.readStatement() }
        return parser.sheet
    }

    private init(name: String, tokens: [TocTokens.Token]) {
        self.name = name
        self.tokens = tokens
    }

    // MARK: Words

    private func peek(_ ahead: Int = 0) -> TocTokens.Token? {
        tokens.indices.contains(next + ahead) ? tokens[next + ahead] : nil
    }

    private mutating func take(_ field: String) throws -> TocTokens.Token {
        guard let token = peek() else { throw error(field, nil, "is missing at the end") }
        next += 1
        return token
    }

    private mutating func string(_ field: String) throws -> TocTokens.Token {
        let token = try take(field)
        guard token.kind == .string else {
            throw error(
                field,
                token.offset,
                "is “\(token.text.prefix(40))”, not in quotation marks"
            )
        }
        return token
    }

    private func error(_ field: String, _ offset: Int?, _ problem: String) -> ImageFormatError {
        ImageFormatError(name, "a TOC file", field, at: offset, problem)
    }

    private static func length(_ text: String) -> TocLength? {
        if text.contains(":") { return MSF(text).map { .sectors($0.frames) } }
        guard let number = Int(text), number >= 0, number < 1 << 40 else { return nil }
        return .units(number)
    }

    private mutating func length(_ field: String) throws -> TocLength {
        let token = try take(field)
        guard token.kind == .word, let length = Self.length(token.text) else {
            throw error(field, token.offset, "is “\(token.text.prefix(40))”, which is not a length")
        }
        return length
    }

    private mutating func lengthIfAny() -> TocLength? {
        guard let token = peek(), token.kind == .word, let length = Self.length(token.text) else {
            return nil
        }
        next += 1
        return length
    }

    private mutating func sectors(_ field: String) throws -> Int {
        let offset = peek()?.offset
        switch try length(field) {
        case .sectors(let count): return count
        case .units(let samples):
            guard samples % 588 == 0 else {
                throw error(field, offset, "is \(samples) samples, which are no whole sectors")
            }
            return samples / 588
        }
    }

    // MARK: Statements

    private mutating func change(_ token: TocTokens.Token, _ body: (inout TocSheet.Track) -> Void)
        throws
    {
        guard !sheet.tracks.isEmpty else {
            throw error(token.text, token.offset, "comes before any track")
        }
        body(&sheet.tracks[sheet.tracks.count - 1])
    }

    private mutating func readStatement() throws {
        let token = try take("a statement")
        if let kind = Self.kinds[token.text] {
            sheet.kind = kind
            return
        }
        switch token.text {
        case "CATALOG":
            let text = try string("the catalogue number")
            sheet.catalog = CatalogNumber(text.text)?.text
            if sheet.catalog == nil { warn("“\(text.text)” is not a valid catalogue number.") }
        case "CD_TEXT":
            let number = sheet.tracks.isEmpty ? 0 : sheet.firstTrack + sheet.tracks.count - 1
            try readTexts(track: number)
        case "FIRST_TRACK_NO":
            let number = try take("the number of the first track")
            guard let first = Int(number.text), (1...99).contains(first), sheet.tracks.isEmpty
            else {
                throw error(
                    "the number of the first track",
                    number.offset,
                    sheet.tracks.isEmpty
                        ? "is “\(number.text.prefix(40))”" : "comes after a track"
                )
            }
            sheet.firstTrack = first
        case "TRACK": try readTrack(token)
        case "NO":
            let word = try take("a flag")
            let flags: [String: TrackFlags] = [
                "COPY": .copyPermitted, "PRE_EMPHASIS": .preEmphasis,
            ]
            guard let flag = flags[word.text] else {
                throw error("the flag", word.offset, "is “\(word.text.prefix(40))”")
            }
            try change(token) { $0.flags.subtract(flag) }
        case "COPY": try change(token) { $0.flags.formUnion(.copyPermitted) }
        case "PRE_EMPHASIS": try change(token) { $0.flags.formUnion(.preEmphasis) }
        case "TWO_CHANNEL_AUDIO": try change(token) { $0.flags.subtract(.fourChannels) }
        case "FOUR_CHANNEL_AUDIO": try change(token) { $0.flags.formUnion(.fourChannels) }
        case "ISRC":
            let text = try string("the recording code")
            let code = RecordingCode(text.text)?.text
            if code == nil { warn("“\(text.text)” is not a valid ISRC.") }
            try change(token) { $0.isrc = code }
        case "SILENCE", "ZERO": try readZeros(token)
        case "FILE", "AUDIOFILE", "DATAFILE": try readFile(token)
        case "START":
            let time = lengthIfAny()
            try change(token) { track in
                track.start = time
                if time == nil { track.startAfterPieces = track.pieces.count }
            }
        case "PREGAP":
            let count = try sectors("the length of the pregap")
            try change(token) { $0.pregap = count }
        case "INDEX":
            let time = try length("the time of an index")
            try change(token) { if $0.indexes.count < 98 { $0.indexes.append(time) } }
        case "END":
            // The end of a piece within a track; it changes nothing for one that is written whole.
            _ = lengthIfAny()
        default:
            throw error(
                "the word “\(token.text.prefix(40))”",
                token.offset,
                "is not one of the format"
            )
        }
    }

    private mutating func warn(_ sentence: String) {
        if sheet.warnings.count < 20 { sheet.warnings.append(sentence) }
    }

    private mutating func readTrack(_ token: TocTokens.Token) throws {
        let word = try take("the mode of a track")
        guard let mode = TocMode.named(word.text) else {
            throw error(
                "the mode of track \(sheet.firstTrack + sheet.tracks.count)",
                word.offset,
                "is “\(word.text.prefix(40))”"
            )
        }
        guard sheet.firstTrack + sheet.tracks.count <= 99 else {
            throw error("the number of tracks", token.offset, "is larger than 99")
        }
        var track = TocSheet.Track(mode: mode)
        track.offset = token.offset
        if let side = peek()?.text, side == "RW" || side == "RW_RAW" {
            next += 1
            track.hasSubchannel = true
        }
        sheet.tracks.append(track)
    }

    private mutating func readZeros(_ token: TocTokens.Token) throws {
        // The kinds of zeros may be told; they are those of the track.
        while let word = peek()?.text,
            TocMode.named(word) != nil || word == "RW" || word == "RW_RAW"
        {
            next += 1
        }
        var piece = TocSheet.Piece(offset: token.offset)
        piece.length = try length("the length of the silence")
        try change(token) { track in
            piece.isData = track.mode.mode.isData
            if track.pieces.count < 10_000 { track.pieces.append(piece) }
        }
    }

    private mutating func readFile(_ token: TocTokens.Token) throws {
        let name = try string("the name of the file")
        // Octal digits stand for the name's bytes, whatever their encoding.
        var piece = TocSheet.Piece(
            file: name.hasEscapes ? PathText.text(of: name.bytes) : name.text
        )
        piece.offset = token.offset
        piece.isData = token.text == "DATAFILE"
        if peek()?.text == "SWAP" {
            next += 1
            piece.isSwapped = true
        }
        if let word = peek(), word.kind == .word, word.bytes.first == 0x23 {
            next += 1
            guard let skipped = Int(word.text.dropFirst()), (0..<(1 << 40)).contains(skipped) else {
                throw error("the offset in the file", word.offset, "is “\(word.text.prefix(40))”")
            }
            piece.skipped = skipped
        }
        if !piece.isData { piece.start = try length("the beginning of the piece") }
        piece.length = lengthIfAny()
        try change(token) { if $0.pieces.count < 10_000 { $0.pieces.append(piece) } }
    }

    // MARK: Texts

    private static let fields: [String: CDText.Field] = [
        "TITLE": .title, "PERFORMER": .performer, "SONGWRITER": .songwriter,
        "COMPOSER": .composer, "ARRANGER": .arranger, "MESSAGE": .message,
        "DISC_ID": .discIdentifier, "GENRE": .genre, "UPC_EAN": .code, "ISRC": .code,
    ]

    /// The languages that cdrdao has words for.
    private static let languages: [String: UInt8] = ["EN": 9]
    /// Japanese (EBU Tech 3264, Annex 3).
    private static let japanese: UInt8 = 0x69

    /// The encodings that cdrdao has words for, by their character codes.
    ///
    /// Korean and Mandarin have none here: no disc with them is known.
    private static let encodings: [String: UInt8] = [
        "ENCODING_ISO_8859_1": 0, "ENCODING_ASCII": 1, "ENCODING_MS_JIS": 0x80,
    ]

    private mutating func readTexts(track: Int) throws {
        let open = try take("the texts")
        guard open.isBrace("{") else { throw error("the texts", open.offset, "have no brace") }
        while let token = peek(), !token.isBrace("}") {
            next += 1
            if token.text == "LANGUAGE_MAP" {
                try readLanguages()
            } else if token.text == "LANGUAGE" {
                let number = try take("the number of a language")
                guard let index = Int(number.text), (0..<8).contains(index) else {
                    throw error(
                        "the number of a language",
                        number.offset,
                        "is “\(number.text.prefix(40))”"
                    )
                }
                while sheet.text.blocks.count <= index { sheet.text.blocks.append(CDText.Block()) }
                try readBlock(index, track)
            } else {
                throw error("the texts", token.offset, "have “\(token.text.prefix(40))” among them")
            }
        }
        next += 1
    }

    private mutating func readLanguages() throws {
        let open = try take("the map of languages")
        guard open.isBrace("{") else {
            throw error("the map of languages", open.offset, "has no brace")
        }
        var words: [(text: String, offset: Int)] = []
        while let token = peek(), !token.isBrace("}") {
            next += 1
            words += token.text.split(separator: ":").map { (String($0), token.offset) }
        }
        next += 1
        for pair in stride(from: 0, to: words.count, by: 2) {
            let (number, offset) = words[pair]
            guard let index = Int(number), (0..<8).contains(index) else {
                throw error("the number of a language", offset, "is “\(number.prefix(40))”")
            }
            let word = words.indices.contains(pair + 1) ? words[pair + 1].text : ""
            guard let code = UInt8(word) ?? Self.languages[word.uppercased()] else {
                throw error(
                    "the language with number \(index)",
                    offset,
                    "is “\(word.prefix(40))”, and a TOC has EN or a number from 0 to 255 there"
                )
            }
            while sheet.text.blocks.count <= index { sheet.text.blocks.append(CDText.Block()) }
            sheet.text.blocks[index].language = code
        }
    }

    private mutating func readBlock(_ index: Int, _ track: Int) throws {
        let open = try take("a block of texts")
        guard open.isBrace("{") else {
            throw error("a block of texts", open.offset, "has no brace")
        }
        while let token = peek(), !token.isBrace("}") {
            next += 1
            if let code = Self.encodings[token.text] {
                sheet.text.blocks[index].characterCode = code
                continue
            }
            guard !token.text.hasPrefix("ENCODING") else {
                warn("CD-TEXT in \(token.text.prefix(40)) is not written as such.")
                continue
            }
            var bytes: [UInt8] = []
            if let value = peek(), value.kind == .string {
                next += 1
                guard let field = Self.fields[token.text] else { continue }
                set(value, as: field, index, track)
                continue
            }
            if let brace = peek(), brace.isBrace("{") {
                next += 1
                while let number = peek(), !number.isBrace("}") {
                    next += 1
                    bytes.append(UInt8(number.text) ?? 0)
                }
                next += 1
            }
            // SIZE_INFO and TOC_INFO are made again.
            if let field = Self.fields[token.text], !bytes.isEmpty {
                sheet.text.blocks[index].texts[field, default: [:]][track] = bytes
            }
        }
        next += 1
    }

    /// Sets a text in the bytes of its block's encoding.
    ///
    /// In octal digits it has these; else it is in that of the file, which is UTF-8 as a rule.
    private mutating func set(
        _ value: TocTokens.Token,
        as field: CDText.Field,
        _ index: Int,
        _ track: Int
    ) {
        var value = value
        if let zero = value.bytes.firstIndex(of: 0) {
            // On a disc a zero is the end of a text.
            value.bytes.removeSubrange(zero...)
            warn(
                "The text “\(KeptBytes.readable(value.text).prefix(60))” has a zero after it; what follows is left out."
            )
        }
        let text = value.text
        guard !value.bytes.isEmpty else { return }
        if value.hasEscapes {
            // The token's other bytes are ASCII as a rule.
            sheet.text.blocks[index].texts[field, default: [:]][track] = value.bytes
            return
        }
        let isASCII = value.bytes.allSatisfy { $0 < 0x80 }
        let isJapanese = sheet.text.blocks[index].language == Self.japanese
        if !isASCII, isJapanese, sheet.text.blocks[index].characterCode == 0 {
            // The encoding may be left out; that of the language is meant.
            sheet.text.blocks[index].characterCode = 0x80
        }
        if sheet.text.blocks[index].characterCode == 0x80 {
            let kept = KeptBytes.bytes(of: text)
            // A file in MS-JIS has the bytes already.
            let bytes = kept == value.bytes ? TextEncoding.msJIS.bytes(text) : kept
            if let bytes {
                sheet.text.blocks[index].texts[field, default: [:]][track] = bytes
                return
            }
        } else if let latin = KeptBytes.latin(text),
            sheet.text.blocks[index].set(latin, as: field, track: track)
        {
            return
        }
        // What no CD-TEXT of the disc keeps must be such that a sheet can.
        if index == 0, SheetTexts.hasWords(for: field), SheetText.fitsIntoLine(text) {
            sheet.sheetTexts[track].texts[field] = text
        } else {
            warn(
                "The text “\(KeptBytes.readable(text).prefix(60))” in language \(index) has characters that neither its encoding nor a line of a sheet has; it is left out."
            )
        }
    }
}
