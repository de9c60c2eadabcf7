/// The partition table of older Macs; Inside Macintosh: Devices, chapter 3.
public struct ApplePartitionMap: Codable, Hashable, Sendable {
    /// One entry of the map.
    public struct Partition: Codable, Hashable, Sendable {
        /// Its name.
        public var name: String
        /// What it holds, such as `"Apple_HFS"`.
        public var type: String
        /// Its first block.
        public var start: Int
        /// The number of its blocks.
        public var count: Int
    }

    /// Entries that are read: hybrids have a handful.
    private static let mostEntries = 62

    /// Bytes in a block: 512, or 2048 where made for discs.
    public var blockSize: Int
    /// The entries in the map's order.
    public var partitions: [Partition]

    /// Looks for the first entry in the second block; `nil` if there is none.
    init?(_ probe: ContentProbe, blockSize: Int) throws {
        self.blockSize = blockSize
        partitions = []
        let unit = UInt64(blockSize)
        var count = 1
        var index = 0
        while index < min(count, Self.mostEntries) {
            let offset = unit * UInt64(index + 1)
            guard let entry = try probe.bytes(at: offset, count: 512) else { break }
            let bytes = entry.span
            guard bytes.holds("PM", at: 0) else { break }
            if index == 0 { count = Int(bytes.big32(4)) }
            partitions.append(
                Partition(
                    name: bytes.text(at: 16, count: 32),
                    type: bytes.text(at: 48, count: 32),
                    start: Int(bytes.big32(8)),
                    count: Int(bytes.big32(12))
                )
            )
            index += 1
        }
        if partitions.isEmpty { return nil }
    }

    /// What the map says, which never decides: hybrids often carry one whose sizes are made up.
    var claim: FileSystemClaim {
        let ends = partitions.map {
            FileSystemClaim.end(
                start: UInt64($0.start),
                count: UInt64($0.count),
                unit: UInt64(blockSize)
            )
        }
        let names = partitions.map { "\($0.type) from \($0.start), \($0.count) blocks" }
        return FileSystemClaim(
            kind: .applePartitionMap,
            end: ends.max()?.roundedUp(to: 2048),
            decides: false,
            evidence: "blocks of \(blockSize) bytes; " + names.joined(separator: "; ")
        )
    }
}
