/// Opens DAA and GBI images.
enum DAAReader {
    /// What stands between the header and the table, by its number.
    private enum Descriptor {
        static let split = 2
        static let password = 3
    }

    /// Bytes of the header that parts behind the first have.
    private static let partHeader = 40
    /// No image is split into more.
    private static let mostParts = 512

    private static let names =
        ImageFile.PartNames.parts("daa") + ImageFile.PartNames.parts("gbi") + [
            ImageFile.PartNames(first: ".daa") { ".d\(ImageFile.PartNames.digits($0 - 2, 2))" },
            ImageFile.PartNames(first: nil) { ".g\(ImageFile.PartNames.digits($0 - 2, 2))" },
        ]

    static func open(_ file: ImageFile) throws -> ImageDisc? {
        guard let header = try DAAHeader(file) else { return nil }
        let (parts, cipher) = try descriptors(file, header)
        let chunks = try DAATable.chunks(file, header)
        let data = try data(file, header, parts)
        let missing = chunks.end - data.byteCount
        var warnings: [String] = []
        if missing > 0 {
            warnings.append("\(file.name) is truncated: \(missing) bytes are missing at its end.")
        }
        return try Unpacked.open(
            file,
            BlockBytes(data, DAAMap(data, header, chunks, cipher)),
            format: header.format,
            evidence: [
                "It begins with \(header.isGBI ? "GBI" : "DAA"): chunks of \(header.chunkSize) bytes,"
                    + " \(header.byteCount) bytes in all."
            ],
            warnings: warnings
        )
    }

    /// What stands between the header and the table: how many parts there are, and the password.
    private static func descriptors(_ file: ImageFile, _ header: DAAHeader) throws
        -> (parts: Int, DAACipher?)
    {
        var parts = 1
        var cipher: DAACipher?
        let fields = BinaryFields(
            file.name,
            header.format,
            try file.bytes.bytes(DAAHeader.size..<header.table, limit: 1 << 20),
            origin: DAAHeader.size
        )
        var at = 0
        while at < fields.count {
            let kind = try fields.u32(at, "the kind of a descriptor")
            let size = try fields.u32(at + 4, "the size of a descriptor")
            guard size >= 8, size <= fields.count - at else {
                throw fields.error("the size of a descriptor", at + 4, "is \(size)")
            }
            switch kind {
            case Descriptor.split:
                parts = try fields.u32(at + 8, "the number of parts")
                guard (1...mostParts).contains(parts) else {
                    throw fields.error("the number of parts", at + 8, "is \(parts)")
                }
            case Descriptor.password:
                let way = try fields.u32(at + 8, "the kind of encryption")
                guard way == 0 else {
                    throw fields.error(
                        "the kind of encryption",
                        at + 8,
                        "is \(way), of which nothing is known"
                    )
                }
                let sum = UInt32(try fields.u32(at + 12, "the checksum of the password"))
                let key = try fields.exactly(at + 16, 128, "the key")
                let tried = DAACipher(try file.password(header.format))
                guard tried.isRight(key: key, sum: sum) else {
                    throw EncryptedImageError(.wrongPassword, file.name, header.format)
                }
                cipher = tried
            default: break
            }
            at += size
        }
        return (parts, cipher)
    }

    /// The data of all parts, one behind the other.
    private static func data(_ file: ImageFile, _ header: DAAHeader, _ count: Int) throws
        -> any ByteSource
    {
        let first = WindowBytes(file.bytes, header.dataOffset..<file.bytes.byteCount)
        guard count > 1 else { return first }
        var parts: [any ByteSource] = [first]
        for number in 2...count {
            let name = file.partName(number, names)
            guard let part = file.part(name) else {
                throw ImageFormatError(
                    file.name,
                    header.format,
                    "the list of its \(count) parts",
                    "has one for which there is no \(name)"
                )
            }
            let fields = BinaryFields(part.name, header.format, try part.head(partHeader))
            guard fields.text(0, 16) == (header.isGBI ? "GBI VOL" : "DAA VOL") else {
                throw fields.error("the mark", 0, "is not that of a part of \(file.name)")
            }
            let start = try fields.u32(16, "the place of the data") & 0xFF_FFFF
            guard start >= partHeader, start <= part.bytes.byteCount else {
                throw fields.error("the place of the data", 16, "is \(start)")
            }
            parts.append(WindowBytes(part.bytes, start..<part.bytes.byteCount))
        }
        return JoinedBytes(parts) ?? first
    }
}
