import LibCodecs

/// UEFI's partition table; UEFI 2.10 §5.3.
public struct GUIDPartitionTable: Codable, Hashable, Sendable {
    /// One entry of the table.
    public struct Partition: Codable, Hashable, Sendable {
        /// Its place in the table, from 1.
        public var number: Int
        /// What it holds, as a GUID.
        public var type: String
        /// Its own GUID.
        public var identifier: String
        /// Its name.
        public var name: String
        /// The first block.
        public var first: UInt64
        /// The last block.
        public var last: UInt64
    }

    /// The entries whose checksum is asked for are at most this many bytes; 16 KiB are usual.
    static let longestArray = 128 * 1024

    /// Bytes in a block: 512 in images for USB sticks too, 2048 where made for discs alone.
    public var blockSize: Int
    /// The disc's GUID.
    public var identifier: String
    /// The first block that partitions may use.
    public var firstUsable: UInt64
    /// The last block that partitions may use.
    public var lastUsable: UInt64
    /// The block of the other header, at the end.
    public var alternate: UInt64
    /// Whether that header is there and valid.
    public var hasAlternate: Bool
    /// Whether the entries' checksum is right; none is listed where it isn't.
    public var hasValidEntries: Bool
    /// The entries in use.
    public var partitions: [Partition]

    /// Looks for a header in the second block; `nil` if there is none, or a damaged one.
    init?(_ probe: ContentProbe, blockSize: Int) throws {
        let unit = UInt64(blockSize)
        guard let header = try probe.bytes(at: unit, count: blockSize),
            Self.isHeader(header.span, block: 1)
        else { return nil }
        let bytes = header.span
        self.blockSize = blockSize
        identifier = bytes.guid(at: 56)
        firstUsable = bytes.little64(40)
        lastUsable = bytes.little64(48)
        alternate = bytes.little64(32)
        hasAlternate = false
        hasValidEntries = false
        partitions = []
        let (count, size) = (Int(bytes.little32(80)), Int(bytes.little32(84)))
        let array = FileSystemClaim.end(start: 0, count: bytes.little64(72), unit: unit)
        if size >= 128, size <= 4096, count > 0, count <= Self.longestArray / size,
            let entries = try probe.bytes(at: array, count: count * size),
            entries.count >= count * size,
            Self.sum(of: entries.span.extracting(0..<count * size)) == bytes.little32(88)
        {
            hasValidEntries = true
            partitions = Self.partitions(entries.span, count: count, size: size)
        }
        let other = FileSystemClaim.end(start: 0, count: alternate, unit: unit)
        if alternate > 1, let header = try probe.bytes(at: other, count: blockSize) {
            hasAlternate = Self.isHeader(header.span, block: alternate)
        }
    }

    private static func isHeader(_ bytes: Span<UInt8>, block: UInt64) -> Bool {
        let size = Int(bytes.little32(12))
        return bytes.holds("EFI PART", at: 0) && size >= 92 && size <= bytes.count
            && bytes.little64(24) == block
            && sum(of: bytes.extracting(0..<size), zeroing: 16..<20) == bytes.little32(16)
    }

    /// The CRC-32 of bytes, taking some of them as zeros (UEFI 2.10 §5.3.2).
    private static func sum(of bytes: Span<UInt8>, zeroing zeros: Range<Int> = 0..<0) -> UInt32 {
        var sum = RunningCRC32()
        sum.update(bytes.extracting(..<zeros.lowerBound))
        sum.update([UInt8](repeating: 0, count: zeros.count).span)
        sum.update(bytes.extracting(zeros.upperBound...))
        return sum.value
    }

    private static func partitions(_ bytes: Span<UInt8>, count: Int, size: Int) -> [Partition] {
        var result: [Partition] = []
        for index in 0..<count {
            let offset = index * size
            guard bytes.little64(offset) != 0 || bytes.little64(offset + 8) != 0 else { continue }
            result.append(
                Partition(
                    number: index + 1,
                    type: bytes.guid(at: offset),
                    identifier: bytes.guid(at: offset + 16),
                    name: bytes.littleEndianText(at: offset + 56, count: 72),
                    first: bytes.little64(offset + 32),
                    last: bytes.little64(offset + 40)
                )
            )
        }
        return result
    }

    /// What the table claims.
    ///
    /// Where the other header is in its place, that is the table's last block. Where it isn't, the
    /// image was cut or has grown, and the last block that partitions may use is all that is
    /// claimed, or the last one that a partition does use.
    var claim: FileSystemClaim {
        let unit = UInt64(blockSize)
        let last: UInt64
        var evidence = "header at byte \(blockSize)"
        if hasAlternate {
            last = alternate
            evidence += ", the other one in block \(alternate)"
        } else {
            last = max(lastUsable, partitions.map(\.last).max() ?? 0)
            evidence += ", none in block \(alternate); usable up to block \(lastUsable)"
        }
        if !hasValidEntries { evidence += "; the entries' checksum is wrong" }
        return FileSystemClaim(
            kind: .guidPartitionTable,
            name: identifier,
            end: FileSystemClaim.end(start: last, count: 1, unit: unit).roundedUp(to: 2048),
            evidence: evidence
        )
    }
}
