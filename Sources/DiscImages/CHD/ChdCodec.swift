/// A codec of CHD images, by the four letters that their headers name it with.
struct ChdCodec: Hashable {
    /// How bytes are packed.
    enum Packing: Hashable {
        case deflate, lzma, huffman, flac, zstd
    }

    /// Bytes of a CD's sector with its subchannel.
    static let frame = 2448

    /// The four letters.
    let tag: String
    /// How the bytes are packed, and of CDs the sectors.
    let packing: Packing
    /// Whether sectors and subchannel of a CD are taken apart first.
    let isCD: Bool

    private init(_ tag: String, _ packing: Packing, isCD: Bool = false) {
        self.tag = tag
        self.packing = packing
        self.isCD = isCD
    }

    static let zlib = ChdCodec("zlib", .deflate)
    static let lzma = ChdCodec("lzma", .lzma)
    static let huffman = ChdCodec("huff", .huffman)
    static let flac = ChdCodec("flac", .flac)
    static let zstd = ChdCodec("zstd", .zstd)
    static let cdZlib = ChdCodec("cdzl", .deflate, isCD: true)
    static let cdLZMA = ChdCodec("cdlz", .lzma, isCD: true)
    static let cdFLAC = ChdCodec("cdfl", .flac, isCD: true)
    static let cdZstd = ChdCodec("cdzs", .zstd, isCD: true)

    /// Every codec that is known.
    static let table = [
        zlib, lzma, huffman, flac, zstd, cdZlib, cdLZMA, cdFLAC, cdZstd,
    ]

    /// The codec of four letters.
    init?(_ tag: [UInt8]) {
        guard let known = Self.table.first(where: { Array($0.tag.utf8) == tag }) else {
            return nil
        }
        self = known
    }
}
