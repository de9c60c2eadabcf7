/// What a file of any kind says of itself in words.
///
/// Texts are found by the names that Vorbis comments have; what they are called in the file makes no
/// difference.
struct SoundTexts {
    private var texts = TagTexts()

    /// Other names of the same, in capital letters.
    private static let synonyms = [
        "ALBUMARTIST": ["ALBUM ARTIST"], "BARCODE": ["EAN/UPC", "UPC", "EAN"],
    ]

    /// Reads them.
    ///
    /// - Parameter file: The file; of kinds that keep them elsewhere there are none.
    /// - Throws: Errors of the file.
    init(_ file: any ByteSource) throws {
        let tag = try AudioKind.tagSize(of: file)
        let head = try file.bytes(tag..<(tag + 12))
        if head.starts(with: Array("fLaC".utf8)) {
            for block in try FLACBlocks.of(file) where block.kind == .comments {
                try FLACBlocks.take(file, block.place, into: &texts)
            }
        } else if head.starts(with: Array("OggS".utf8)) {
            try OggComments.take(file, into: &texts)
        } else if head.dropFirst(4).starts(with: Array("ftyp".utf8)) {
            try MPEG4Tags.take(file, into: &texts)
        } else {
            // Of files that have both, the one at the beginning comes first.
            try ID3Tag.take(file, into: &texts)
            try APETag.take(file, into: &texts)
        }
    }

    /// Whether the file has more of them than were read.
    var isCut: Bool { texts.isCut }

    /// The texts under a name, but for empty ones.
    subscript(name: String) -> [String] {
        ([name] + (Self.synonyms[name] ?? [])).flatMap { texts[$0] }.filter { !$0.isEmpty }
    }
}
