/// A way of packing bytes that a well-kept C library undoes.
public enum Codec: String, Sendable, CaseIterable {
    /// Deflate without a frame (RFC 1951).
    case deflate
    /// Deflate in zlib's frame (RFC 1950).
    case zlib
    /// Deflate in gzip's frame (RFC 1952), one member or several.
    case gzip
    /// bzip2, one stream or several.
    case bzip2
    /// xz, one stream or several.
    case xz
    /// LZMA with the 13 bytes of header that `.lzma` files have.
    case lzma
    /// Zstandard (RFC 8878), one frame or several.
    case zstd
    /// A block of LZ4 without a frame.
    case lz4

    /// The name that is used in print.
    public var displayName: String {
        switch self {
        case .deflate: "deflate"
        case .zlib: "zlib"
        case .gzip: "gzip"
        case .bzip2: "bzip2"
        case .xz: "xz"
        case .lzma: "LZMA"
        case .zstd: "zstd"
        case .lz4: "LZ4"
        }
    }
}
