import DiscModel
import LinuxCalls
import SystemPackage
import Transfer

/// Writes a TOC file of cdrdao and its file of sectors.
struct TocWriter {
    private let disc: any DiscSource
    /// The name of the file of sectors, as `PathText`.
    private let name: String
    private let keepsSubchannel: Bool
    private let keepsUserDataOnly: Bool
    private var lines: [String] = []
    private var readable = ReadableTexts(DiscLayout())
    private var sheetTexts: SheetTexts?
    private var placements: [Placement] = []
    private var offset = 0

    /// Begins an image.
    static func begin(_ disc: any DiscSource, _ path: FilePath, _ options: ImageOptions) throws
        -> any DiscSink
    {
        try TooLongForCD.check(disc, "A TOC file of cdrdao")
        let hasSubchannel = disc.stretches().contains { $0.storage.subchannel == .full }
        var writer = TocWriter(
            disc: disc,
            name: "\(path.stemText ?? "image").bin",
            keepsSubchannel: options.keepsSubchannel ?? hasSubchannel,
            keepsUserDataOnly: options.keepsUserDataOnly
        )
        writer.plan()
        return try PlannedImage(
            paths: [path.removingLastComponent().appending(text: writer.name), path],
            placements: writer.placements,
            texts: [
                PlannedImage.Text(
                    file: 1,
                    bytes: KeptBytes.bytes(of: writer.lines.joined(separator: "\n") + "\n")
                )
            ],
            options: options
        )
    }

    private init(
        disc: any DiscSource,
        name: String,
        keepsSubchannel: Bool,
        keepsUserDataOnly: Bool
    ) {
        self.disc = disc
        self.name = name
        self.keepsSubchannel = keepsSubchannel
        self.keepsUserDataOnly = keepsUserDataOnly
    }

    private static let fields: [(CDText.Field, String)] = [
        (.title, "TITLE"), (.performer, "PERFORMER"), (.songwriter, "SONGWRITER"),
        (.composer, "COMPOSER"), (.arranger, "ARRANGER"), (.message, "MESSAGE"),
    ]

    private mutating func plan() {
        let layout = disc.layout
        let hasData = layout.tracks.contains { $0.mode.isData }
        let kind =
            switch layout.sessions.first?.kind ?? .cdROM {
            case .cdROM: hasData ? "CD_ROM" : "CD_DA"
            case .cdROMXA: "CD_ROM_XA"
            case .cdI: "CD_I"
            }
        lines.append(kind)
        lines.append("")
        if let catalog = layout.catalog { lines.append("CATALOG \"\(catalog)\"") }
        var text = CDText(packs: layout.cdText)
        readable = ReadableTexts(layout)
        sheetTexts = layout.sheetTexts
        let hasSheetTexts = sheetTexts?.entries.values.contains { !$0.texts.isEmpty } ?? false
        if text.blocks.isEmpty, hasSheetTexts { text.blocks = [CDText.Block()] }
        if !text.blocks.isEmpty {
            lines.append("CD_TEXT {")
            lines.append("  LANGUAGE_MAP {")
            for (i, block) in text.blocks.enumerated() {
                lines.append("    \(i) : \(block.language)")
            }
            lines.append("  }")
            lines += blocks(text, track: 0)
            lines.append("}")
        }
        for session in layout.sessions {
            for (index, track) in session.tracks.enumerated() {
                plan(track, isFirst: index == 0, text)
            }
        }
    }

    private func blocks(_ text: CDText, track: Int) -> [String] {
        var lines: [String] = []
        for (i, block) in text.blocks.enumerated() {
            var own: [String] = []
            if track == 0, block.characterCode == 0x80 { own.append("    ENCODING_MS_JIS") }
            if track == 0, block.characterCode == 1 { own.append("    ENCODING_ASCII") }
            for (field, word) in Self.fields {
                if let bytes = block.texts[field]?[track] {
                    own.append("    \(word) \(Self.quoted(bytes))")
                } else if i == 0, readable.isOnlyInSheet(field, track: track),
                    let text = sheetTexts?[track].texts[field]
                {
                    own.append("    \(word) \(Self.quoted(text))")
                }
            }
            if let code = block.texts[.code]?[track] {
                own.append("    \(track == 0 ? "UPC_EAN" : "ISRC") \(Self.quoted(code))")
            }
            if track == 0 {
                if let identifier = block.texts[.discIdentifier]?[0] {
                    own.append("    DISC_ID \(Self.quoted(identifier))")
                }
                if let genre = block.texts[.genre]?[0] {
                    own.append("    GENRE { \(genre.map(String.init).joined(separator: ", ")) }")
                }
            }
            if own.isEmpty, track > 0 { continue }
            lines += ["  LANGUAGE \(i) {"] + own + ["  }"]
        }
        return lines
    }

    /// A text in quotation marks; what would end the text, or is no text, is written in octal digits.
    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\", "\0"..<" ", "\u{7F}": octal(UInt8(truncatingIfNeeded: scalar.value))
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }

    /// A file's name in quotation marks: bytes that are no UTF-8, and characters that such bytes are kept
    /// as elsewhere, in octal digits.
    private static func quoted(name: String) -> String {
        let bytes = PathText.bytes(of: name)
        let isPlain = !PathText.hasBytes(name) && KeptBytes.bytes(of: name) == bytes
        return isPlain ? quoted(name) : quoted(bytes)
    }

    private static func octal(_ byte: UInt8) -> String {
        "\\" + [byte >> 6, byte >> 3 & 7, byte & 7].map { String($0) }.joined()
    }

    /// A text in quotation marks; what is not plain ASCII is written in octal digits.
    private static func quoted(_ bytes: [UInt8]) -> String {
        var text = "\""
        for byte in bytes {
            switch byte {
            case 0x22: text += "\\\""
            case 0x20..<0x7F where byte != 0x5C: text += String(Unicode.Scalar(byte))
            default: text += octal(byte)
            }
        }
        return text + "\""
    }

    private mutating func plan(_ track: Track, isFirst: Bool, _ text: CDText) {
        // Only mode 1 loses nothing without sync and header; the subheaders of XA would be lost.
        let isCooked = keepsUserDataOnly && track.mode == .mode1 && !keepsSubchannel
        let form: SectorForm = isCooked ? .user : .raw
        let word =
            track.mode == .audio
            ? "AUDIO" : isCooked ? "MODE1" : track.mode == .mode1 ? "MODE1_RAW" : "MODE2_RAW"
        let side = keepsSubchannel ? SubchannelQ.interleavedSize : 0
        let stride = form.size + side
        let begin = track.extent.lowerBound + (isFirst ? min(track.pregap, CDGaps.firstPause) : 0)
        let count = track.end.rawValue - begin
        lines.append("")
        lines.append("// Track \(track.number)")
        lines.append("TRACK \(word)\(keepsSubchannel ? " RW_RAW" : "")")
        lines.append(track.flags.contains(.copyPermitted) ? "COPY" : "NO COPY")
        if track.mode == .audio {
            lines.append(track.flags.contains(.preEmphasis) ? "PRE_EMPHASIS" : "NO PRE_EMPHASIS")
            lines.append(
                track.flags.contains(.fourChannels) ? "FOUR_CHANNEL_AUDIO" : "TWO_CHANNEL_AUDIO"
            )
            if let isrc = track.isrc { lines.append("ISRC \"\(isrc)\"") }
        }
        let texts = blocks(text, track: track.number)
        if !texts.isEmpty { lines += ["CD_TEXT {"] + texts + ["}"] }
        let time = MSF(frames: count)
        lines.append(
            // cdrdao takes audio with subchannel as data.
            track.mode == .audio && side == 0
                ? "FILE \(Self.quoted(name: name)) #\(offset) 0 \(time)"
                : "DATAFILE \(Self.quoted(name: name)) #\(offset) \(time)"
        )
        let pregap = track.start.rawValue - begin
        if pregap > 0 { lines.append("START \(MSF(frames: pregap))") }
        for index in track.laterIndexes {
            lines.append("INDEX \(MSF(frames: index - track.start))")
        }
        var place = Placement(
            begin..<track.end.rawValue,
            form,
            offset: offset,
            stride: stride,
            with: side > 0 ? .interleaved : nil
        )
        place.isBigEndian = track.mode == .audio
        placements.append(place)
        offset += count * stride
    }
}
