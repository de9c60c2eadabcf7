import LibCrypto

/// Opens ISZ images.
enum ISZReader {
    static let format = "an ISZ image"
    /// More chunks than any disc makes: BDXL has two million of the usual size.
    private static let mostChunks = 1 << 23
    /// The tables are hidden with the mark, all its bits turned.
    private static let mask = ISZHeader.mark.map { ~$0 }
    /// Bytes of an entry of the table of segments.
    private static let segmentEntry = 24
    /// No image is split into more.
    private static let mostSegments = 100

    private static let names =
        ImageFile.PartNames.parts("isz") + [
            ImageFile.PartNames(first: nil) { ".i\(ImageFile.PartNames.digits($0 - 1, 2))" }
        ]

    /// A part of a split image: which chunks begin in it.
    private struct Segment {
        var chunks: Range<Int>
        /// The bytes of its last chunk that lie in the next part.
        var left: Int
        /// Where its first chunk begins.
        var start: Int
    }

    static func open(_ file: ImageFile) throws -> ImageDisc? {
        let head = try file.head(ISZHeader.size)
        guard head.starts(with: ISZHeader.mark) else { return nil }
        let fields = BinaryFields(file.name, format, head)
        let header = try ISZHeader(fields)
        guard header.segment == 0 else {
            throw fields.error(
                "the number of the segment",
                34,
                "is \(header.segment): this is a part of a split image, whose first part is to be"
                    + " opened"
            )
        }
        let chunks = try chunks(of: file, header, fields)
        let data = try data(of: file, header, chunks, fields)
        let map = try ISZMap(
            data,
            header,
            chunks,
            decipher: decipher(for: file, header, fields)
        )
        if header.encryption != 0 {
            guard try map.canUnpackFirst() else {
                throw EncryptedImageError(.wrongPasswordOrDamaged, file.name, format)
            }
        }
        var warnings: [String] = []
        let missing = chunks.end - data.byteCount
        if missing > 0 {
            warnings.append(
                "\(file.name) is truncated: \(missing == 1 ? "1 byte is" : "\(missing) bytes are") missing at its end."
            )
        }
        let check = header.sum.map { sum in
            InOrderCheck([
                InOrderCheck.Part(
                    range: 0..<header.byteCount,
                    sum: sum,
                    error: ImageFormatError(
                        file.name,
                        format,
                        "the content",
                        "has another checksum than it should"
                    )
                )
            ])
        }
        return try Unpacked.open(
            file,
            BlockBytes(data, map, check: check),
            format: format,
            evidence: [
                "It begins with IsZ!: \(header.chunkCount) chunks of \(header.chunkSize) bytes,"
                    + " \(header.byteCount) bytes in all."
            ],
            warnings: warnings
        )
    }

    private static func decipher(for file: ImageFile, _ header: ISZHeader, _ fields: BinaryFields)
        throws -> ISZMap.Cipher?
    {
        guard header.encryption != 0 else { return nil }
        guard let size = ISZHeader.keySizes[header.encryption] else {
            throw fields.error(
                "the kind of encryption",
                16,
                "is \(header.encryption), of which nothing is known"
            )
        }
        // The password itself is the key, cut off or filled up with zeros.
        let password = try file.password(format).prefix(size)
        let key = Array(password) + [UInt8](repeating: 0, count: size - password.count)
        return ISZMap.Cipher(try Decipher(.aesECB, key: key))
    }

    private static func table(_ file: ImageFile, _ range: Range<Int>) throws -> [UInt8] {
        var bytes = try file.bytes.bytes(range, limit: 1 << 26)
        for i in bytes.indices { bytes[i] ^= mask[i % 4] }
        return bytes
    }

    /// Where the chunks begin in the data, and of what kind each is.
    private static func chunks(of file: ImageFile, _ header: ISZHeader, _ fields: BinaryFields)
        throws -> ISZMap.Chunks
    {
        let count = header.chunkCount
        guard count <= mostChunks else {
            throw fields.error("the number of chunks", 25, "is \(count)")
        }
        guard header.chunkTable > 0 else {
            // Not packed: all chunks but the last are whole.
            var chunks = ISZMap.Chunks(reserving: count)
            for index in 0..<count {
                let start = index * header.chunkSize
                chunks.append(.plain, min(header.chunkSize, header.byteCount - start))
            }
            return chunks
        }
        let width = header.pointerSize
        guard (1...8).contains(width) else {
            throw fields.error("the size of a pointer", 33, "is \(width) bytes")
        }
        let start = header.chunkTable
        guard start <= file.bytes.byteCount, count * width <= file.bytes.byteCount - start else {
            throw fields.error(
                "the place of the chunk table",
                35,
                "is \(start): its \(count) entries would lie past the end of the file"
            )
        }
        let table = try table(file, start..<(start + count * width))
        var chunks = ISZMap.Chunks(reserving: count)
        for index in 0..<count {
            var value: UInt64 = 0
            for i in 0..<width { value |= UInt64(table[index * width + i]) << UInt64(8 * i) }
            let bits = UInt64(8 * width - 2)
            let length = Int(value & (1 << bits - 1))
            // Nothing is packed into much more than it was.
            let most = header.chunkSize + header.chunkSize / 8 + 4096
            let kind = ISZMap.Kind(rawValue: UInt8(value >> bits)) ?? .zeros
            guard kind == .zeros || length <= most else {
                throw fields.error(
                    "entry \(index) of the chunk table",
                    start + index * width,
                    "is \(length) bytes for a chunk of \(header.chunkSize)"
                )
            }
            chunks.append(kind, kind == .zeros ? 0 : length)
        }
        return chunks
    }

    /// The data of all parts, one behind the other.
    private static func data(
        of file: ImageFile,
        _ header: ISZHeader,
        _ chunks: ISZMap.Chunks,
        _ fields: BinaryFields
    ) throws -> any ByteSource {
        guard header.dataOffset <= file.bytes.byteCount else {
            throw fields.error(
                "the place of the data",
                43,
                "is \(header.dataOffset), past the end of the file"
            )
        }
        var windows: [Range<Int>] = []
        if header.segmentTable > 0 {
            windows = try segmentWindows(of: file, header, chunks, fields)
        } else if header.chunkTable == 0, header.segmentSize > header.dataOffset {
            let each = header.segmentSize - header.dataOffset
            let count = (chunks.end - 1) / each + 1
            guard count <= mostSegments else {
                throw fields.error("the size of a segment", 17, "is \(header.segmentSize)")
            }
            windows = (0..<count).map { index in
                let size = min(each, chunks.end - index * each)
                return header.dataOffset..<(header.dataOffset + size)
            }
        }
        guard windows.count > 1 else {
            let start = windows.first?.lowerBound ?? header.dataOffset
            let end = min(file.bytes.byteCount, start + chunks.end)
            return WindowBytes(file.bytes, min(start, end)..<end)
        }
        return try join(file, header, windows)
    }

    private static func segmentWindows(
        of file: ImageFile,
        _ header: ISZHeader,
        _ chunks: ISZMap.Chunks,
        _ fields: BinaryFields
    ) throws -> [Range<Int>] {
        let start = header.segmentTable
        let bytes = try table(file, start..<(start + segmentEntry * mostSegments))
        let entries = BinaryFields(file.name, format, bytes, origin: start)
        var windows: [Range<Int>] = []
        var first = 0
        var left = 0
        for index in 0..<mostSegments where first < header.chunkCount {
            let at = index * segmentEntry
            let what = "segment \(index)"
            let count = try entries.u32(at + 8, "the number of chunks of \(what)")
            guard count > 0, count <= header.chunkCount - first else {
                throw entries.error("the number of chunks of \(what)", at + 8, "is \(count)")
            }
            let number = try entries.u32(at + 12, "the first chunk of \(what)")
            guard number == first else {
                throw entries.error(
                    "the first chunk of \(what)",
                    at + 12,
                    "is \(number) instead of \(first)"
                )
            }
            let place = try entries.u32(at + 16, "the place of the data of \(what)")
            let next = try entries.u32(at + 20, "the rest in the next part of \(what)")
            let size = left + chunks.start(first + count) - chunks.start(first) - next
            guard place >= left, size >= 0 else {
                throw entries.error("the rest in the next part of \(what)", at + 20, "is \(next)")
            }
            windows.append((place - left)..<(place - left + size))
            first += count
            left = next
        }
        guard first == header.chunkCount, left == 0 else {
            throw fields.error(
                "the place of the segment table",
                39,
                "leads to a table for \(first) of \(header.chunkCount) chunks"
            )
        }
        return windows
    }

    private static func join(_ file: ImageFile, _ header: ISZHeader, _ windows: [Range<Int>])
        throws -> any ByteSource
    {
        var parts: [any ByteSource] = []
        for (index, window) in windows.enumerated() {
            let part: ImageFile
            if index == 0 {
                part = file
            } else {
                let name = file.partName(index + 1, names)
                guard let other = file.part(name) else {
                    throw ImageFormatError(
                        file.name,
                        format,
                        "the list of its \(windows.count) parts",
                        "has one for which there is no \(name)"
                    )
                }
                part = other
                let fields = BinaryFields(part.name, format, try part.head(ISZHeader.size))
                guard fields.slice(0, 4) == ISZHeader.mark,
                    try fields.u32(6, "the serial number") == header.serial,
                    try fields.u8(34, "the number of the segment") == index
                else {
                    throw fields.error(
                        "the header",
                        0,
                        "is not that of part \(index) of \(file.name)"
                    )
                }
            }
            guard window.upperBound <= part.bytes.byteCount else {
                throw ImageFormatError(
                    part.name,
                    format,
                    "the data",
                    at: window.lowerBound,
                    "are to be \(window.count) bytes, more than the file has"
                )
            }
            parts.append(WindowBytes(part.bytes, window))
        }
        guard let joined = JoinedBytes(parts) else {
            throw ImageFormatError(file.name, format, "the list of its parts", "is empty")
        }
        return joined
    }
}
