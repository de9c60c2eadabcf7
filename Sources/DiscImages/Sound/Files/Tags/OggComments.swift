/// The comments of an Ogg file: those of Vorbis (Vorbis I §5) and of Opus (RFC 7845 §5.2).
enum OggComments {
    private static let mark = Array("OggS".utf8)
    private static let headerSize = 27
    /// What the packet with the comments begins with.
    private static let beginnings = [[3] + Array("vorbis".utf8), Array("OpusTags".utf8)]
    /// Bytes of it that are read: pictures may be in it, after the texts as a rule.
    private static let longest = 4 << 20
    /// Pages that are looked at.
    private static let mostPages = 1024

    /// Takes the texts out of a file's comments, which are as FLAC has them.
    ///
    /// - Parameters:
    ///   - file: Any file.
    ///   - texts: Gets the texts.
    /// - Throws: Errors of the file.
    static func take(_ file: any ByteSource, into texts: inout TagTexts) throws {
        var at = try AudioKind.tagSize(of: file)
        var packets = 0
        var body: [UInt8] = []
        for _ in 0..<mostPages where packets < 2 && body.count < longest {
            let head = try file.bytes(at..<(at + headerSize))
            guard head.count == headerSize, head.starts(with: mark) else { break }
            let count = Int(head[headerSize - 1])
            let table = try file.bytes((at + headerSize)..<(at + headerSize + count))
            guard table.count == count else { break }
            at += headerSize + count
            // The first packet says what the stream is, the second one has the comments.
            for length in table.map(Int.init) where packets < 2 {
                if packets == 1 { body += try file.bytes(at..<(at + length)) }
                at += length
                if length < 255 { packets += 1 }
            }
        }
        for beginning in beginnings where body.starts(with: beginning) {
            let comments = HeldBytes(body, name: file.name)
            return try FLACBlocks.take(comments, beginning.count..<body.count, into: &texts)
        }
    }
}
