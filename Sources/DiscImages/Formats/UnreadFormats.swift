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

    /// Whether a file is the table of contents that `readom -clone` writes beside the sectors: the
    /// drive's answer to READ TOC of format 2 (MMC-6 §6.26.3.4), and two bytes behind it.
    private static func isCloneTable(_ head: [UInt8], size: Int) -> Bool {
        // Its length, the first session, the last one, then eleven bytes for each entry: the first of
        // them has the number of the first track.
        guard head.count >= 15 else { return false }
        let length = Int(head[0]) << 8 | Int(head[1])
        return size == length + 4 && length > 2 && (length - 2) % 11 == 0 && head[2] == 1
            && (1...99).contains(head[3]) && head[4] == 1 && head[5] >> 4 == 1
            && head[6] == 0 && head[7] == 0xA0
    }

    /// Names what a file is, where it is of one of these formats.
    ///
    /// - Throws: ``ImageFormatError`` then.
    static func refuse(_ file: ImageFile) throws {
        let head = try file.head(128)
        let tail = try file.tail(64)
        if isCloneTable(head, size: file.bytes.byteCount) {
            throw ImageFormatError(
                file.name,
                "a table of contents as readom -clone writes it",
                "the content",
                at: 0,
                "only says what lies in the file of sectors beside it, and is not read"
            )
        }
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
