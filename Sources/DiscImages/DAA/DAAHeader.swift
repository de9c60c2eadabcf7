import LibCodecs

/// The header of a DAA or GBI image.
struct DAAHeader {
    /// Bytes of the header.
    static let size = 76
    /// The versions, by their numbers.
    private static let versions = [0x100, 0x110]
    /// Bits of the chunk's size that version 0x110 uses for something else.
    private enum Flag {
        static let packedTable = 0x4000
        static let hiddenBits = 0x2_0000
        static let hiddenTable = 0x800_0000
    }

    /// The format's name, for messages.
    let format: String
    let isGBI: Bool
    /// Whether lengths and kinds of chunks are packed bit by bit (version 0x110).
    let isPackedByBits: Bool
    let table: Int
    let dataOffset: Int
    let chunkSize: Int
    /// The size of the image.
    let byteCount: Int
    /// The size of the packed table; absent where it is not packed.
    let packedTableSize: Int?
    let hidesBits: Bool
    let hidesTable: Bool
    /// What two bits of a deflate block mean: stored, fixed codes, codes of its own.
    let blockKinds: [Int]
    /// How many bits of an entry are a length, and how many a kind.
    let lengthBits: Int
    let kindBits: Int
    /// Whether LZMA's output is x86 code whose jumps were made absolute.
    let hasJumps: Bool
    /// LZMA's five bytes of properties.
    let properties: [UInt8]
    /// The lowest byte of the header's checksum.
    let sumByte: UInt8

    /// Reads a header.
    ///
    /// - Returns: `nil` if there is none.
    /// - Throws: ``ImageFormatError`` that names the field that is nonsense.
    init?(_ file: ImageFile) throws {
        let head = try file.head(Self.size)
        let marks = ["DAA", "GBI"].map { Array($0.utf8) + [UInt8](repeating: 0, count: 13) }
        guard let mark = marks.firstIndex(where: { head.starts(with: $0) }) else {
            if let word = ["DAA VOL\0", "GBI VOL\0"].first(where: { head.starts(with: $0.utf8) }) {
                throw ImageFormatError(
                    file.name,
                    "a \(word.prefix(3)) image",
                    "the mark",
                    at: 0,
                    "is that of a part of a split image, whose first part is to be opened"
                )
            }
            return nil
        }
        isGBI = mark == 1
        format = isGBI ? "a GBI image" : "a DAA image"
        let fields = BinaryFields(file.name, format, head)
        let kept = try fields.u32(72, "the checksum of the header")
        var sum = RunningCRC32()
        sum.update(head.span.extracting(0..<72))
        guard sum.value == UInt32(kept) else {
            throw fields.error("the checksum of the header", 72, "is not that of the header")
        }
        sumByte = UInt8(truncatingIfNeeded: kept)
        table = try fields.u32(16, "the place of the chunk table")
        let version = try fields.u32(20, "the version")
        guard Self.versions.contains(version) else {
            throw fields.error("the version", 20, "is 0x\(String(version, radix: 16))")
        }
        isPackedByBits = version == 0x110
        let data = try fields.u32(24, "the place of the data")
        let chunk = try fields.u32(36, "the size of a chunk")
        byteCount = try fields.u64(40, "the size of the image")
        dataOffset = isPackedByBits ? data & 0xFF_FFFF : data
        chunkSize = isPackedByBits ? (chunk & 0xFFF) << 14 : chunk
        guard chunkSize > 0, chunkSize <= BlockBytes.largestBlock else {
            throw fields.error("the size of a chunk", 36, "is \(chunkSize)")
        }
        guard byteCount > 0, byteCount < 1 << 38 else {
            throw fields.error("the size of the image", 40, "is \(byteCount)")
        }
        guard table >= Self.size, table <= dataOffset, dataOffset <= file.bytes.byteCount else {
            throw fields.error(
                "the place of the chunk table",
                16,
                "is \(table), and that of the data \(dataOffset)"
            )
        }
        let order = isPackedByBits ? (chunk >> 23 & 3) ^ (isGBI ? 1 : 0) : 0
        blockKinds = [[0, 1, 2], [1, 2, 0], [0, 2, 1], [1, 0, 2]][order]
        hidesBits = isPackedByBits && chunk & Flag.hiddenBits != 0
        hidesTable = isPackedByBits && chunk & Flag.hiddenTable != 0
        packedTableSize =
            isPackedByBits && chunk & Flag.packedTable != 0
            ? try fields.u32(57, "the size of the chunk table") : nil
        let bits = try fields.u8(61, "the sizes of the table's entries")
        kindBits = bits & 7
        var length = bits >> 3
        if length > 0 {
            length += 10
        } else {
            // As many as a chunk's size has above the kinds.
            var rest = chunkSize
            while rest > kindBits {
                length += 1
                rest >>= 1
            }
        }
        lengthBits = length
        hasJumps = try fields.u8(62, "the filter") != 0
        properties = try fields.exactly(63, 5, "the properties of LZMA")
    }
}
