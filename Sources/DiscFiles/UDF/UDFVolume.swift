/// A UDF volume as its volume descriptor sequence describes it.
public struct UDFVolume: Codable, Hashable, Sendable {
    /// `NSR02` or `NSR03`: the edition of ECMA-167.
    public var standard: String?
    /// The revision of OSTA's specification, such as `"1.02"`.
    public var revision: String?
    /// Bytes in a block: 2048 on discs.
    public var blockSize: Int
    /// The name that is shown for the volume.
    public var logicalVolumeIdentifier: String?
    /// The name of the medium.
    public var volumeIdentifier: String?
    /// The name of the set of media.
    public var volumeSetIdentifier: String?
    /// When the volume was made, in ISO 8601.
    public var recordingDate: String?
    /// The parts that hold files.
    public var partitions: [UDFPartition]
    /// How blocks are found in them: `physical`, `virtual`, `sparable`, `metadata` or `other`.
    public var partitionMaps: [String]
    /// The blocks with a valid anchor, in rising order.
    public var anchors: [Int]
    /// The volume descriptor sequences, and the integrity sequence where there is one.
    public var sequences: [UDFExtent]
    /// What its integrity descriptor says of its state.
    public var integrity: UDFIntegrity?

    /// Whether its last writer left it in the middle of its work.
    ///
    /// Where a virtual allocation table is in use, the integrity descriptor never changes, and tells
    /// nothing (UDF 2.60 §2.2.6).
    public var isLeftOpen: Bool {
        integrity?.isClosed == false && !partitionMaps.contains("virtual")
    }

    /// A revision of OSTA's specification: decimal digits in hexadecimal places.
    static func revision(_ digits: UInt16) -> String {
        let minor = String(digits & 0xFF, radix: 16)
        return String(digits >> 8, radix: 16) + "." + (minor.utf8.count < 2 ? "0" : "") + minor
    }

    /// The byte behind the farthest structure: partition, sequence or anchor; nil if none was found.
    public var end: UInt64? {
        var blocks = partitions.map(\.end) + sequences.map { $0.end(blockSize: blockSize) }
        blocks += anchors.map { UInt64($0) + 1 }
        return blocks.max().map {
            FileSystemClaim.end(start: 0, count: $0, unit: UInt64(blockSize))
        }
    }

    /// What the volume claims.
    var claim: FileSystemClaim {
        var parts: [String] = []
        if let standard { parts.append(standard) }
        if anchors.isEmpty {
            parts.append("no valid anchor found")
        } else {
            parts.append("anchors at \(anchors.map(String.init).joined(separator: ", "))")
        }
        for partition in partitions {
            parts.append("partition of \(partition.count) blocks from \(partition.start)")
        }
        if partitions.isEmpty, !anchors.isEmpty { parts.append("no valid partition found") }
        let maps = partitionMaps.filter { $0 != "physical" }
        if !maps.isEmpty { parts.append("partition map: \(maps.joined(separator: ", "))") }
        if isLeftOpen { parts.append("left open by its last writer") }
        if blockSize != 2048 { parts.append("blocks of \(blockSize) bytes") }
        let names = [logicalVolumeIdentifier, volumeIdentifier].compactMap(\.self)
        return FileSystemClaim(
            kind: .udf,
            name: names.first { !$0.isEmpty },
            version: revision,
            end: end,
            // With a virtual partition, as packets on a disc that is written once have it, the partition
            // covers the whole disc, however much of it is recorded (UDF 2.60 §2.2.10).
            decides: !partitionMaps.contains("virtual"),
            evidence: parts.joined(separator: "; ")
        )
    }
}
