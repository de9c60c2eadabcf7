/// The blocks before the audio of a FLAC file (RFC 9639 §8).
enum FLACBlocks {
    /// What is in a block.
    enum Kind: UInt8 {
        case comments = 4
        case cueSheet = 5
    }

    /// Blocks that are looked at.
    private static let most = 128

    /// Where the comments and the cue sheets are.
    ///
    /// - Parameter file: Any file.
    /// - Returns: None of other files.
    /// - Throws: Errors of the file.
    static func of(_ file: any ByteSource) throws -> [(kind: Kind, place: Range<Int>)] {
        let tag = try AudioKind.tagSize(of: file)
        guard try file.bytes(tag..<(tag + 4)) == Array("fLaC".utf8) else { return [] }
        var blocks: [(kind: Kind, place: Range<Int>)] = []
        var at = tag + 4
        for _ in 0..<most {
            let head = try file.bytes(at..<(at + 4))
            guard head.count == 4 else { break }
            let length = Int(head[1]) << 16 | Int(head[2]) << 8 | Int(head[3])
            at += 4
            if let kind = Kind(rawValue: head[0] & 0x7F) {
                blocks.append((kind, at..<min(at + length, max(at, file.byteCount))))
            }
            guard head[0] & 0x80 == 0 else { break }
            at += length
        }
        return blocks
    }

    /// Whether a FLAC file ends with its blocks, and has no audio.
    ///
    /// - Parameter file: The file.
    /// - Returns: `false` as well if the blocks don't come to an end.
    /// - Throws: Errors of the file.
    static func endFile(_ file: any ByteSource) throws -> Bool {
        var at = try AudioKind.tagSize(of: file) + 4
        for _ in 0..<most {
            let head = try file.bytes(at..<(at + 4))
            guard head.count == 4 else { return false }
            at += 4 + (Int(head[1]) << 16 | Int(head[2]) << 8 | Int(head[3]))
            if head[0] & 0x80 != 0 { return at == file.byteCount }
        }
        return false
    }

    /// Takes the texts out of a block of comments (RFC 9639 §8.6); those that are no UTF-8 are none.
    ///
    /// What is not looked for, such as pictures, is not read.
    ///
    /// - Parameters:
    ///   - file: What the block lies in.
    ///   - place: Where it lies there.
    ///   - texts: Gets the texts.
    /// - Throws: Errors of the file.
    static func take(
        _ file: any ByteSource,
        _ place: Range<Int>,
        into texts: inout TagTexts
    ) throws {
        var at = place.lowerBound
        func number() throws -> Int? {
            guard place.upperBound - at >= 4 else { return nil }
            let bytes = try file.bytes(at..<(at + 4))
            guard bytes.count == 4 else { return nil }
            at += 4
            return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        guard let vendor = try number(), vendor <= place.upperBound - at else { return }
        at += vendor
        guard let count = try number() else { return }
        for _ in 0..<min(count, TagTexts.mostEntries) {
            guard let length = try number(), length <= place.upperBound - at else { return }
            let range = at..<(at + length)
            at += length
            let head = try file.bytes(range.prefix(TagTexts.longestName + 1))
            guard let end = head.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: head[..<end], as: UTF8.self).uppercased()
            let text = range.dropFirst(end + 1)
            guard texts.takes(name, text.count) else { continue }
            texts.add(name, utf8: try file.bytes(text))
        }
        if count > TagTexts.mostEntries { texts.cut() }
    }
}
