import LibCodecs

/// Opens CSO and ZSO images.
enum CSOReader {
    /// Bytes of the header.
    static let headerSize = 24

    static func open(_ file: ImageFile, magic: String = "CISO") throws -> ImageDisc? {
        let head = try file.head(headerSize)
        guard head.starts(with: Array(magic.utf8)) else { return nil }
        let isZSO = magic == "ZISO"
        let format = isZSO ? "a ZSO image" : "a CSO image"
        let fields = BinaryFields(file.name, format, head)
        guard isZSO || !isGameCube(fields) else {
            throw ImageFormatError(
                file.name,
                "a CISO image of a GameCube or Wii disc",
                "the content",
                at: 0,
                "is packed in a way that is not read"
            )
        }
        let size = try fields.u64(8, "the size of the data")
        let block = try fields.u32(16, "the size of a block")
        let version = try fields.u8(20, "the version")
        let shift = try fields.u8(21, "the shift of the index")
        // Byte 4, the size of the header, is 0 or wrong in most images.
        guard version <= 2 else { throw fields.error("the version", 20, "is \(version)") }
        guard shift < 32 else { throw fields.error("the shift of the index", 21, "is \(shift)") }
        guard block >= 512, block <= BlockBytes.largestBlock, block & (block - 1) == 0 else {
            throw fields.error(
                "the size of a block",
                16,
                "is \(block), which is not a power of two from 512 to \(BlockBytes.largestBlock)"
            )
        }
        guard size > 0 else { throw fields.error("the size of the data", 8, "is 0") }
        let count = (size - 1) / block + 1
        guard count < (file.bytes.byteCount - headerSize) / 4 else {
            throw fields.error(
                "the size of the data",
                8,
                "is \(size): the index of \(count) blocks would lie past the end of the file"
            )
        }
        let map = try CSOMap(
            file.bytes,
            format: format,
            size: size,
            block: block,
            shift: shift,
            kind: isZSO ? .zso : version == 2 ? .version2 : .version1
        )
        return try Unpacked.open(
            file,
            BlockBytes(file.bytes, map),
            format: format,
            evidence: [
                "It begins with \(magic): \(count) packed blocks of \(block) bytes, \(size) bytes in all."
            ],
            warnings: warnings(file, map, count)
        )
    }

    /// Whether a file with the same mark is of the other kind: behind the size of a block, of 32 KiB
    /// at least, it has a byte for each block that says whether that is there.
    private static func isGameCube(_ fields: BinaryFields) -> Bool {
        guard let block = try? fields.u32(4, "the size of a block"), block >= 1 << 15,
            block & (block - 1) == 0
        else { return false }
        return fields.slice(8, headerSize - 8).allSatisfy { $0 <= 1 }
    }

    /// What is odd about the file's end, by the last entry of the index.
    private static func warnings(_ file: ImageFile, _ map: CSOMap, _ count: Int) throws -> [String]
    {
        let behind = try file.bytes.byteCount - map.entry(count).offset
        if behind == 0 { return [] }
        if behind > 0 { return ["After the packed data lie \(behind) more bytes."] }
        return [
            // Some programs count what would fill up the last block.
            try map.isLastReadable()
                ? "The index counts \(-behind) bytes more than \(file.name) has; the last block is whole without them."
                : "\(file.name) is truncated: \(-behind) bytes are missing at its end."
        ]
    }
}
