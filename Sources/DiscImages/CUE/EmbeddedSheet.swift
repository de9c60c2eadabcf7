import DiscModel
import Reports
import Transfer

/// A cue sheet that lies in a file of audio: in a tag, as CUETools and XLD put it into FLAC, and others into
/// WavPack and Monkey's Audio, or in a block of its own in FLAC (RFC 9639 §8.7).
struct EmbeddedSheet {
    /// The sheet; its only file is the one that it lies in.
    private let sheet: CueSheet

    /// Blocks with a sheet that are looked at.
    private static let mostBlocks = 4
    /// Bytes of such a block: 255 tracks of 255 indexes have fewer.
    private static let longestBlock = 1 << 20

    /// Whether a file has a sheet that names no other file.
    ///
    /// - Throws: The file's errors.
    static func isIn(_ file: ImageFile) throws -> Bool {
        var isLeftAside = false
        return try EmbeddedSheet(file, &isLeftAside) != nil
    }

    /// The disc that a file with a sheet in it is.
    ///
    /// - Returns: No disc if it is another file, or has no sheet that can be used; then a warning says of
    ///   one that is left aside why, such as that of an album in the file of a single track.
    /// - Throws: ``ImageFormatError`` if the disc can't be right; the file's errors.
    static func disc(of file: ImageFile) throws -> (disc: ImageDisc?, warning: String?) {
        var isLeftAside = false
        guard let embedded = try EmbeddedSheet(file, &isLeftAside) else {
            return (nil, isLeftAside ? ofMore(file) : nil)
        }
        var oddities: [String] = []
        let plain = (try? SoundFile.open(file.bytes)) ?? nil
        guard let sound = try plain ?? decoded(file, &oddities) else {
            return (
                nil,
                "The cue sheet in \(file.name) is left aside, as the file is not of a CD's form: it is decoded as a whole."
            )
        }
        // One that is cut off is refused as a file of audio.
        guard sound.isWhole else { return (nil, nil) }
        let sectors = sound.claimedByteCount / RawSector.size
        let last = embedded.sheet.tracks.flatMap(\.indexes).map(\.frames).max() ?? 0
        guard last < sectors else { return (nil, ofMore(file)) }
        let disc = try CueReader.disc(of: embedded.sheet, file, sound: sound)
        disc.describe(before: [], warnings: oddities)
        return (disc, nil)
    }

    /// The audio of a file of WavPack or Monkey's Audio.
    ///
    /// - Returns: `nil` of other files, and of those that can't be decoded: what is wrong with them is
    ///   said where they are opened as files of audio.
    private static func decoded(_ file: ImageFile, _ oddities: inout [String]) throws -> SoundFile?
    {
        guard try hasTag(file), let bytes = file.bytes as? FileBytes else { return nil }
        do {
            let track = try file.decoded(bytes)
            let plan = track.plan
            oddities = track.warnings
            if !plan.exact || plan.resampler != nil {
                let clipped = plan.clippedSamples ?? 0
                oddities.append(
                    "“\(file.name)” is no audio as a CD has it (\(plan.format), \(plan.rate) Hz): it was decoded\(clipped > 0 ? ", and \(clipped) samples were clipped" : "")."
                )
            }
            return SoundFile(decoded: track.bytes)
        } catch is SoundProblem {
            return nil
        }
    }

    /// Whether a file is of a kind that has a sheet in its APE tag.
    private static func hasTag(_ file: ImageFile) throws -> Bool {
        ["WavPack", "Monkey's Audio"].contains(try AudioKind.name(of: file.bytes))
    }

    private static func ofMore(_ file: ImageFile) -> String {
        "The cue sheet in \(file.name) is of more than this file, and is left aside."
    }

    private init?(_ file: ImageFile, _ isLeftAside: inout Bool) throws {
        var tagged = TagTexts()
        var blocks: [String] = []
        for (kind, place) in try FLACBlocks.of(file.bytes) {
            switch kind {
            case .comments: try FLACBlocks.take(file.bytes, place, into: &tagged)
            case .cueSheet:
                guard blocks.count < Self.mostBlocks, place.count <= Self.longestBlock else {
                    continue
                }
                blocks += [Self.text(of: try file.bytes.bytes(place))].compactMap(\.self)
            }
        }
        if try Self.hasTag(file) { try APETag.take(file.bytes, into: &tagged) }
        // A tag says more than a block, which has no titles.
        let texts = tagged["CUESHEET"].prefix(1) + blocks
        for text in texts {
            guard let sheet = try? Self.parsed(text, file.name), sheet.files.count == 1,
                sheet.tracks.allSatisfy({ $0.mode.mode == .audio })
            else {
                isLeftAside = true
                continue
            }
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
