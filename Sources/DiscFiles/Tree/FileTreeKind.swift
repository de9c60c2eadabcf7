/// A set of names that the files of a disc have; a disc may have several over the same files.
///
/// In the order in which they are preferred where they show the same files.
public enum FileTreeKind: String, Codable, CaseIterable, Sendable {
    /// ISO 9660 with the POSIX names and permissions of IEEE P1282.
    case rockRidge = "rock-ridge"
    /// ECMA-167 as OSTA restricts it.
    case udf
    /// The UCS-2 names of Microsoft's Joliet specification.
    case joliet
    /// The long names of ISO 9660:1999.
    case iso1999 = "iso-1999"
    /// ECMA-119's own names, or those of its High Sierra draft.
    case iso
    /// Apple's HFS or HFS Plus.
    case hfs

    /// The name that people use.
    public var displayName: String {
        switch self {
        case .rockRidge: "Rock Ridge"
        case .udf: "UDF"
        case .joliet: "Joliet"
        case .iso1999: "ISO 9660:1999"
        case .iso: "ISO 9660"
        case .hfs: "HFS"
        }
    }
}
