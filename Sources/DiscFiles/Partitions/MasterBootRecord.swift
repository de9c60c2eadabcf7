/// The partition table in a PC's boot sector, in units of 512 bytes; UEFI 2.10 §5.2.
public struct MasterBootRecord: Codable, Hashable, Sendable {
    /// One of the four entries.
    public struct Partition: Codable, Hashable, Sendable {
        /// Its place in the table, 1 to 4.
        public var number: Int
        /// Whether a PC starts from it.
        public var isActive: Bool
        /// What it holds: 0x17 for isohybrid's own, 0xEF for EFI, 0xEE for the protection of GPT.
        public var type: Int
        /// The first block of 512 bytes; 0 for isohybrid's own.
        public var start: Int
        /// The number of its blocks.
        public var count: Int

        /// The byte behind the last one.
        public var end: UInt64 {
            FileSystemClaim.end(start: UInt64(start), count: UInt64(count), unit: 512)
        }

        /// Whether it only keeps programs that don't know GPT from taking the disc for empty.
        public var isProtective: Bool { type == 0xEE }
    }

    /// The entries that say something.
    public var partitions: [Partition]

    /// Reads a boot sector; `nil` if it holds no table.
    ///
    /// The signature alone says little, since boot sectors without a table have it too: each entry
    /// must also begin with 0x00 or 0x80.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.byte(510) == 0x55, bytes.byte(511) == 0xAA else { return nil }
        partitions = []
        for index in 0..<4 {
            let offset = 446 + index * 16
            let status = bytes.byte(offset)
            guard status == 0 || status == 0x80 else { return nil }
            let partition = Partition(
                number: index + 1,
                isActive: status == 0x80,
                type: Int(bytes.byte(offset + 4)),
                start: Int(bytes.little32(offset + 8)),
                count: Int(bytes.little32(offset + 12))
            )
            if partition.count > 0, partition.type != 0 || partition.isActive {
                partitions.append(partition)
            }
        }
        if partitions.isEmpty { return nil }
    }

    /// What the table claims: the farthest end of an entry.
    ///
    /// A protective entry claims nothing where it covers "the whole disc, however long", which is
    /// written as 0xFFFFFFFF, or reaches behind the source's end, or stands before a valid GPT that
    /// speaks for itself.
    func claim(sectorCount: Int?, hasGPT: Bool) -> FileSystemClaim {
        let sourceEnd = sectorCount.map { UInt64(max(0, $0)) * 2048 }
        var ends: [UInt64] = []
        var parts: [String] = []
        for partition in partitions {
            let type = String(partition.type, radix: 16, uppercase: true)
            var part = "type 0x\(type) from \(partition.start), \(partition.count) blocks"
            let isEndless = partition.count == Int(UInt32.max)
            let isTooLong = sourceEnd.map { partition.end.roundedUp(to: 2048) > $0 } ?? false
            if isEndless || (partition.isProtective && (hasGPT || isTooLong)) {
                part += " (claims nothing)"
            } else {
                ends.append(partition.end)
            }
            parts.append(part)
        }
        return FileSystemClaim(
            kind: .masterBootRecord,
            end: ends.max()?.roundedUp(to: 2048),
            evidence: parts.joined(separator: "; ")
        )
    }
}
