/// The blocks before the audio of a FLAC file (RFC 9639 §8).
enum FLACBlocks {
    /// What is in a block.
    enum Kind: UInt8 {
        case comments = 4
        case cueSheet = 5
    }

    /// Blocks that are looked at.
    private static let most = 128
    /// No block that is of use is longer.
    private static let longest = 4 << 20

    /// The comments and the cue sheets.
    ///
    /// - Parameter file: Any file.
    /// - Returns: None of other files.
    /// - Throws: Errors of the file.
    static func of(_ file: any ByteSource) throws -> [(kind: Kind, body: [UInt8])] {
        let tag = try AudioKind.tagSize(of: file)
        guard try file.bytes(tag..<(tag + 4)) == Array("fLaC".utf8) else { return [] }
        var blocks: [(kind: Kind, body: [UInt8])] = []
        var at = tag + 4
        for _ in 0..<most {
            let head = try file.bytes(at..<(at + 4))
            guard head.count == 4 else { break }
            let length = Int(head[1]) << 16 | Int(head[2]) << 8 | Int(head[3])
            at += 4
            if length <= longest, let kind = Kind(rawValue: head[0] & 0x7F) {
                blocks.append((kind, try file.bytes(at..<(at + length))))
            }
            guard head[0] & 0x80 == 0 else { break }
            at += length
        }
        return blocks
    }

    /// Whether a FLAC file has nothing behind its blocks, as one of a track without a sample.
    ///
    /// - Parameter file: The file, without a tag before it.
    /// - Returns: Whether that is so.
    /// - Throws: Errors of the file.
    static func areAll(of file: any ByteSource) throws -> Bool {
        var at = 4
        for _ in 0..<most {
            let head = try file.bytes(at..<(at + 4))
            guard head.count == 4 else { return false }
            at += 4 + (Int(head[1]) << 16 | Int(head[2]) << 8 | Int(head[3]))
            if head[0] & 0x80 != 0 { return at == file.byteCount }
        }
        return false
    }

    /// The texts under a name in a block of comments (RFC 9639 §8.6); those that are no UTF-8 are none.
    static func texts(_ name: String, in body: [UInt8]) -> [String] {
        let mark = Array((name + "=").utf8)
        var at = 0
        func number() -> Int? {
            guard at + 4 <= body.count else { return nil }
            defer { at += 4 }
            return (0..<4).reduce(0) { $0 | Int(body[at + $1]) << (8 * $1) }
        }
        var texts: [String] = []
        guard let vendor = number(), vendor <= body.count - at else { return [] }
        at += vendor
        guard let count = number() else { return [] }
        for _ in 0..<min(count, body.count / 4) {
            guard let length = number(), length <= body.count - at else { break }
            let text = body[at..<(at + length)]
            let own = String(decoding: text.prefix(mark.count), as: UTF8.self)
            if own.uppercased().utf8.elementsEqual(mark),
                let value = String(validating: text.dropFirst(mark.count), as: UTF8.self)
            {
                texts.append(value)
            }
            at += length
        }
        return texts
    }
}
