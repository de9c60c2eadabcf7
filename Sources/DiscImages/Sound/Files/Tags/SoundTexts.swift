/// What a file of any kind says of itself in words.
///
/// Texts are found by the names that Vorbis comments have; what they are called in the file makes no
/// difference.
struct SoundTexts {
    private var texts: [String: [String]] = [:]

    /// Other names of the same, in capital letters.
    private static let synonyms = [
        "ALBUMARTIST": ["ALBUM ARTIST"], "BARCODE": ["EAN/UPC", "UPC", "EAN"],
    ]
    /// Names that are looked for where comments are a list.
    private static let names = [
        "TITLE", "ARTIST", "ALBUM", "ALBUMARTIST", "ALBUM ARTIST", "ISRC", "MCN", "BARCODE",
        "EAN/UPC", "UPC", "EAN",
    ]

    /// Reads them.
    ///
    /// - Parameter file: The file; of kinds that keep them elsewhere there are none.
    /// - Throws: Errors of the file.
    init(_ file: any ByteSource) throws {
        let tag = try AudioKind.tagSize(of: file)
        let head = try file.bytes(tag..<(tag + 12))
        if head.starts(with: Array("fLaC".utf8)) {
            for block in try FLACBlocks.of(file) where block.kind == .comments { add(block.body) }
        } else if head.starts(with: Array("OggS".utf8)) {
            if let body = try OggComments.body(of: file) { add(body) }
        } else if head.dropFirst(4).starts(with: Array("ftyp".utf8)) {
            texts = try MPEG4Tags.texts(of: file)
        } else {
            // Of files that have both, the one at the beginning comes first.
            texts = try ID3Tag.texts(of: file)
            texts.merge(try APETag.texts(of: file)) { $0 + $1 }
        }
    }

    /// Adds a list of comments as FLAC has it.
    private mutating func add(_ comments: [UInt8]) {
        for name in Self.names {
            texts[name, default: []] += FLACBlocks.texts(name, in: comments)
        }
    }

    /// The texts under a name, but for empty ones.
    subscript(name: String) -> [String] {
        ([name] + (Self.synonyms[name] ?? [])).flatMap { texts[$0] ?? [] }.filter { !$0.isEmpty }
    }
}
