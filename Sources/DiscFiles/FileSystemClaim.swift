/// A file system or partition table, and the end that it claims for the disc.
public struct FileSystemClaim: Codable, Hashable, Sendable {
    /// What makes the claim.
    public enum Kind: String, Codable, CaseIterable, Sendable {
        /// ECMA-119.
        case iso9660 = "iso9660"
        /// The draft that ISO 9660 came from.
        case highSierra = "high-sierra"
        /// ECMA-167 as OSTA restricts it.
        case udf = "udf"
        /// The partition table of a PC's boot sector.
        case masterBootRecord = "mbr"
        /// UEFI's partition table.
        case guidPartitionTable = "gpt"
        /// The partition table of older Macs.
        case applePartitionMap = "apple-partition-map"
        /// Apple's older file system.
        case hfs = "hfs"
        /// Apple's HFS Plus.
        case hfsPlus = "hfs+"
        /// HFS Plus with case-sensitive names.
        case hfsX = "hfsx"
        /// dvdisaster's error-correction data, after everything else.
        case errorCorrection = "dvdisaster"

        /// The name that people use.
        public var displayName: String {
            switch self {
            case .iso9660: "ISO 9660"
            case .highSierra: "High Sierra"
            case .udf: "UDF"
            case .masterBootRecord: "MBR"
            case .guidPartitionTable: "GPT"
            case .applePartitionMap: "Apple partition map"
            case .hfs: "HFS"
            case .hfsPlus: "HFS+"
            case .hfsX: "HFSX"
            case .errorCorrection: "dvdisaster"
            }
        }
    }

    /// What makes the claim.
    public var kind: Kind
    /// The volume's name, where it has one.
    public var name: String?
    /// The version, as people write it: `"1.02"` for UDF, `"Joliet 3, Rock Ridge"` for ISO 9660.
    public var version: String?
    /// The byte behind the last one that it claims, from the beginning of the disc.
    public var end: UInt64?
    /// Whether ``end`` counts when ``DiscContent/claimedEnd`` is decided.
    public var decides: Bool
    /// Where the claim was read, and what is odd about it.
    public var evidence: String

    /// An end behind this byte is nonsense: 256 TiB, a thousand times what discs hold.
    public static let farthestEnd: UInt64 = 1 << 48

    /// The sector behind the last one that it claims, a piece of one counted as one.
    public var endSector: Int? { end.map { Int($0.roundedUp(to: 2048) / 2048) } }

    /// Creates a claim; an end that no disc can have, or 0, never decides.
    public init(
        kind: Kind,
        name: String? = nil,
        version: String? = nil,
        end: UInt64? = nil,
        decides: Bool = true,
        evidence: String
    ) {
        self.kind = kind
        self.name = name
        self.version = version
        self.end = end
        self.evidence = evidence
        let isSensible = end.map { $0 > 0 && $0 <= Self.farthestEnd } ?? false
        self.decides = decides && isSensible
        if let end, end > Self.farthestEnd {
            self.evidence += "; no disc is that long"
        }
    }

    /// The byte behind an extent of blocks; `UInt64.max` where it can't be counted.
    static func end(start: UInt64, count: UInt64, unit: UInt64) -> UInt64 {
        let (blocks, isTooFar) = start.addingReportingOverflow(count)
        let (bytes, isTooLong) = blocks.multipliedReportingOverflow(by: unit)
        return isTooFar || isTooLong ? .max : bytes
    }
}
