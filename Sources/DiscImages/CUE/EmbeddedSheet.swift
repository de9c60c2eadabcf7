import DiscModel
import Transfer

/// A cue sheet that lies in a FLAC file: in a tag, as CUETools and XLD put it there, or in a block of its
/// own (RFC 9639 §8.7).
struct EmbeddedSheet {
    /// The sheet; its only file is the one that it lies in.
    private let sheet: CueSheet

    /// Blocks before the audio that are looked at.
    private static let mostBlocks = 128
    /// No block with a sheet in it is longer.
    private static let longest = 4 << 20

    /// The disc that a FLAC file with a sheet in it is.
    ///
    /// - Returns: `nil` if it is no FLAC file, has no sheet, or has one that is of more than this file, as
    ///   files of single tracks do at times.
    /// - Throws: ``ImageFormatError`` if the disc can't be right; the file's errors.
    static func disc(of file: ImageFile) throws -> ImageDisc? {
        // Of a file that is not of a CD's form nothing is made here: it is decoded as a whole.
        guard let embedded = try EmbeddedSheet(file),
            let sound = (try? SoundFile.open(file.bytes)) ?? nil, sound.isWhole
        else { return nil }
        let sectors = sound.claimedByteCount / RawSector.size
        let last = embedded.sheet.tracks.flatMap(\.indexes).map(\.frames).max() ?? 0
        guard last < sectors else { return nil }
        return try CueReader.disc(of: embedded.sheet, file, sound: sound)
    }

    private init?(_ file: ImageFile) throws {
        let tag = try AudioKind.tagSize(of: file.bytes)
        guard try file.bytes.bytes(tag..<tag + 4) == Array("fLaC".utf8) else { return nil }
        var texts: [String] = []
        var at = tag + 4
        for _ in 0..<Self.mostBlocks {
            let head = try file.bytes.bytes(at..<at + 4)
            guard head.count == 4 else { break }
            let length = Int(head[1]) << 16 | Int(head[2]) << 8 | Int(head[3])
            at += 4
            if length <= Self.longest, [4, 5].contains(head[0] & 0x7F) {
                let body = try file.bytes.bytes(at..<at + length)
                let text = head[0] & 0x7F == 4 ? Self.tag(in: body) : Self.text(of: body)
                // A tag says more than a block, which has no titles.
                if let text { texts.insert(text, at: head[0] & 0x7F == 4 ? 0 : texts.count) }
            }
            guard head[0] & 0x80 == 0 else { break }
            at += length
        }
        for text in texts {
            guard let sheet = try? Self.parsed(text, file.name), sheet.files.count == 1,
                sheet.tracks.allSatisfy({ $0.mode.mode == .audio })
            else { continue }
            self.sheet = sheet
            return
        }
        return nil
    }

    private static func parsed(_ text: String, _ name: String) throws -> CueSheet? {
        let hasFile = SheetLine.lines(of: text).contains { $0.keyword == "FILE" }
        let whole = hasFile ? text : "FILE \"embedded\" WAVE\n" + text
        return try CueParser.parse(SheetText(text: whole, warning: nil), name: name)
    }

    /// The sheet in a block of Vorbis comments (RFC 9639 §8.6).
    private static func tag(in body: [UInt8]) -> String? {
        var at = 0
        func number() -> Int? {
            guard at + 4 <= body.count else { return nil }
            defer { at += 4 }
            return (0..<4).reduce(0) { $0 | Int(body[at + $1]) << (8 * $1) }
        }
        guard let vendor = number(), vendor <= body.count - at else { return nil }
        at += vendor
        guard let count = number() else { return nil }
        for _ in 0..<min(count, body.count / 4) {
            guard let length = number(), length <= body.count - at else { return nil }
            let name = String(decoding: body[at..<at + min(9, length)], as: UTF8.self)
            if name.uppercased() == "CUESHEET=" {
                return String(validating: body[at + 9..<at + length], as: UTF8.self)
            }
            at += length
        }
        return nil
    }

    /// A block with a sheet, as a text; `nil` if it is of no CD.
    private static func text(of body: [UInt8]) -> String? {
        var at = 0
        func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard at + count <= body.count else { return nil }
            defer { at += count }
            return body[at..<at + count]
        }
        func number(_ count: Int) -> Int? {
            take(count).flatMap { bytes in
                Int(exactly: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
            }
        }
        func characters(_ count: Int) -> String? {
            take(count).map {
                String(decoding: $0.prefix { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
            }
        }
        guard let catalog = characters(128), number(8) != nil, let kind = take(259)?.first,
            kind & 0x80 != 0, let count = number(1)
        else { return nil }
        var lines = catalog.isEmpty ? [] : ["CATALOG \(catalog)"]
        for _ in 0..<count {
            guard let offset = number(8), let track = number(1), let isrc = characters(12),
                let flags = take(14)?.first, let indexes = number(1)
            else { return nil }
            // The last one is the lead-out.
            let isTrack = (1...99).contains(track)
            guard !isTrack || flags & 0x80 == 0 else { return nil }
            if isTrack {
                lines.append("TRACK \(track) AUDIO")
                if flags & 0x40 != 0 { lines.append("FLAGS PRE") }
                if isrc.count == 12 { lines.append("ISRC \(isrc)") }
            }
            for _ in 0..<indexes {
                guard let place = number(8), let index = number(1), take(3) != nil else {
                    return nil
                }
                let (sample, overflow) = offset.addingReportingOverflow(place)
                guard !overflow, sample % 588 == 0, sample / 588 < 1 << 20 else { return nil }
                if isTrack { lines.append("INDEX \(index) \(MSF(frames: sample / 588))") }
            }
        }
        return lines.joined(separator: "\n")
    }
}
