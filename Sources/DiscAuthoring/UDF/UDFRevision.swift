/// A revision of OSTA's UDF that can be written.
public enum UDFRevision: String, CaseIterable, Sendable {
    /// 1.02, the file system of DVD-Video and of Windows' installation media.
    case v1_02 = "1.02"
    /// 2.01, the newest one that Linux, Windows and macOS write, too.
    case v2_01 = "2.01"
    /// 2.50, with the metadata partition of Blu-ray.
    case v2_50 = "2.50"

    /// The digits as UDF's entity identifiers have them (UDF 2.1.5.3).
    var digits: UInt16 {
        switch self {
        case .v1_02: 0x0102
        case .v2_01: 0x0201
        case .v2_50: 0x0250
        }
    }

    /// The edition of ECMA-167 that it builds on: the descriptor tags' version (3/7.2.2).
    var descriptorVersion: UInt16 { self == .v1_02 ? 2 : 3 }

    /// The identifier in the volume recognition sequence (ECMA-167 3/9.1).
    var standardIdentifier: String { self == .v1_02 ? "NSR02" : "NSR03" }

    /// Whether files have extended file entries, which keep when a file was made (ECMA-167 4/14.17).
    var hasExtendedEntries: Bool { self != .v1_02 }

    /// Whether directories and file entries lie in a metadata partition, with a copy (UDF 2.50 2.2.10).
    var hasMetadataPartition: Bool { self == .v2_50 }
}
