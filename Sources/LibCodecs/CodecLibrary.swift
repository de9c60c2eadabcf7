internal import CLibBZ2
internal import CLibFLAC
internal import CLibLZ4
internal import CLibLZMA
internal import CLibZ
internal import CLibZstd

/// A library that packs and unpacks.
public struct CodecLibrary: Sendable, Hashable {
    /// Its name, such as “zlib”.
    public let name: String
    /// The version that is loaded, such as “1.2.13”.
    public let version: String

    /// All of them, by name.
    ///
    /// The corresponding C functions are `BZ2_bzlibVersion`, `lzma_version_string`,
    /// `LZ4_versionString`, `zlibVersion` and `ZSTD_versionString`; FLAC's version is
    /// `FLAC__VERSION_STRING`.
    public static var all: [CodecLibrary] {
        // What follows is the date.
        let bzip2 = unsafe String(cString: BZ2_bzlibVersion()).prefix { $0 != "," }
        return [
            CodecLibrary(name: "bzip2", version: String(bzip2)),
            CodecLibrary(name: "flac", version: unsafe String(cString: spindle_flac_version())),
            CodecLibrary(name: "liblzma", version: unsafe String(cString: lzma_version_string())),
            CodecLibrary(name: "lz4", version: unsafe String(cString: LZ4_versionString())),
            CodecLibrary(name: "zlib", version: unsafe String(cString: zlibVersion())),
            CodecLibrary(name: "zstd", version: unsafe String(cString: ZSTD_versionString())),
        ]
    }
}
