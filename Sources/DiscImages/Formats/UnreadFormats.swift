/// Formats that are known by their marks and not read: without them such files would pass for plain
/// images, and be burned as they are.
enum UnreadFormats {
    private struct Known {
        /// The format, as messages call it.
        var name: String
        /// The bytes that it is known by.
        var mark: [UInt8]
        /// Where they lie; from the file's end where negative.
        var place: Int
        /// Why it is not read, as the rest of a sentence.
        var problem = "is packed in a way that is not read"
    }

    private static let table = [
        Known(name: "a CHD image (MAME)", mark: Array("MComprHD".utf8), place: 0),
        Known(name: "an Aaru image", mark: Array("AARUFRMT".utf8), place: 0),
        Known(name: "an Aaru image", mark: Array("DICMFRMT".utf8), place: 0),
        // A file with the type and the creator of classic Mac OS before it (MacBinary).
        Known(name: "a Disk Copy image (NDIF)", mark: Array("rohdddsk".utf8), place: 65),
        Known(name: "a UIF image (MagicISO)", mark: Array("bbis".utf8), place: -64),
        Known(
            name: "a BlindWrite image",
            mark: Array("BLINDWRITE TOC FILE".utf8),
            place: 0,
            problem: "is of version 4, which is not read"
        ),
    ]

    /// Names what a file is, where it is of one of these formats.
    ///
    /// - Throws: ``ImageFormatError`` then.
    static func refuse(_ file: ImageFile) throws {
        let head = try file.head(128)
        let tail = try file.tail(64)
        for known in table {
            let start = known.place < 0 ? known.place + tail.count : known.place
            guard start >= 0 else { continue }
            let bytes = known.place < 0 ? tail : head
            guard bytes.dropFirst(start).starts(with: known.mark) else { continue }
            throw ImageFormatError(
                file.name,
                known.name,
                "the content",
                at: known.place < 0 ? file.bytes.byteCount + known.place : 0,
                known.problem
            )
        }
    }
}
