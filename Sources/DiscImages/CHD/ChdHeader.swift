/// The header of a CHD image of version 5.
struct ChdHeader {
    /// Bytes of the header.
    static let size = 124
    /// The bytes that every CHD image begins with.
    static let magic = Array("MComprHD".utf8)
    /// The largest hunk that is read.
    private static let largestHunk = 1 << 24
    /// Hunks of 4096 bytes for the largest BD there are four times of.
    private static let mostHunks = 1 << 25
    /// The bytes that each takes on average in files of more than ``ChdHunkSize/mostHunksAnyway``: the map
    /// holds many that are the same in a few bits, and would fill the memory.
    private static let leastBytes = 64

    /// The codecs that the map counts; empty where nothing is packed.
    var codecs: [ChdCodec]
    /// How many bytes there are when all is unpacked.
    var byteCount: Int
    /// Where the map lies.
    var mapOffset: Int
    /// Where the first piece of metadata lies; 0 where there is none.
    var metadataOffset: Int
    /// Bytes of a hunk.
    var hunk: Int
    /// Bytes of a unit: what parents are counted in.
    var unit: Int
    /// The SHA-1 of the bytes.
    var rawSum: [UInt8]
    /// The SHA-1 of that and of the metadata.
    var sum: [UInt8]
    /// The parent's, where there is one.
    var parentSum: [UInt8]?

    /// How many hunks there are.
    var hunks: Int { (byteCount - 1) / hunk + 1 }

    /// Reads a header; `nil` if the file does not begin with one.
    static func read(_ file: ImageFile, _ format: String) throws -> ChdHeader? {
        let head = try file.head(size)
        guard head.starts(with: magic) else { return nil }
        let fields = BinaryFields(file.name, format, head, order: .big)
        let version = try fields.u32(12, "the version")
        guard version == 5 else {
            throw fields.error(
                "the version",
                12,
                (1...4).contains(version)
                    ? "is \(version): only version 5 is read, which “chdman copy” makes of it"
                    : "is \(version)"
            )
        }
        let tags = try (0..<4).map { try fields.exactly(16 + 4 * $0, 4, "a codec") }
        let used = tags.prefix { $0 != [0, 0, 0, 0] }
        let codecs = try used.enumerated().map { index, tag in
            guard let codec = ChdCodec(tag) else {
                let name = fields.text(16 + 4 * index, 4)
                throw fields.error("a codec", 16 + 4 * index, "is “\(name)”, which is not read")
            }
            return codec
        }
        let parent = try fields.exactly(104, 20, "the parent's sum")
        let header = ChdHeader(
            codecs: codecs,
            byteCount: try fields.u64(32, "the size of the data"),
            mapOffset: try fields.u64(40, "the place of the map"),
            metadataOffset: try fields.u64(48, "the place of the metadata"),
            hunk: try fields.u32(56, "the size of a hunk"),
            unit: try fields.u32(60, "the size of a unit"),
            rawSum: try fields.exactly(64, 20, "the sum of the data"),
            sum: try fields.exactly(84, 20, "the sum"),
            parentSum: parent.allSatisfy { $0 == 0 } ? nil : parent
        )
        guard header.hunk > 0, header.hunk <= largestHunk else {
            throw fields.error("the size of a hunk", 56, "is \(header.hunk)")
        }
        guard header.unit > 0, header.hunk % header.unit == 0 else {
            throw fields.error("the size of a unit", 60, "is \(header.unit)")
        }
        let most = max(
            ChdHunkSize.mostHunksAnyway,
            min(mostHunks, file.bytes.byteCount / leastBytes)
        )
        guard header.byteCount > 0, header.hunks <= most else {
            throw fields.error("the size of the data", 32, "is \(header.byteCount)")
        }
        guard header.mapOffset >= size, header.mapOffset <= file.bytes.byteCount else {
            throw fields.error(
                "the place of the map",
                40,
                header.mapOffset == 0
                    ? "is 0: the image was never finished"
                    : "is \(header.mapOffset), in a file of \(file.bytes.byteCount) bytes"
            )
        }
        if codecs.contains(where: \.isCD), header.hunk % ChdCodec.frame != 0 {
            throw fields.error(
                "the size of a hunk",
                56,
                "is \(header.hunk), which are no whole sectors of \(ChdCodec.frame) bytes"
            )
        }
        return header
    }

    /// The header's bytes.
    var bytes: [UInt8] {
        var record = BinaryRecord(.big)
        record.add(Self.magic)
        record.add(Self.size, 4)
        record.add(5, 4)
        for i in 0..<4 { record.add(i < codecs.count ? codecs[i].tag : "\0\0\0\0", 4) }
        record.add(byteCount, 8)
        record.add(mapOffset, 8)
        record.add(metadataOffset, 8)
        record.add(hunk, 4)
        record.add(unit, 4)
        record.add(rawSum)
        record.add(sum)
        record.add(parentSum ?? [UInt8](repeating: 0, count: 20))
        return record.bytes
    }
}
