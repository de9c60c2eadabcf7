/// The descriptors from a session's 17th sector on, of ISO 9660 and of UDF alike.
///
/// Both keep theirs in one sequence: those of ISO 9660 up to a terminator (ECMA-119 §6.7.1), those
/// of UDF between BEA01 and TEA01 (ECMA-167 2/8.3), often behind each other.
struct VolumeRecognition {
    /// Descriptors after which the walk ends: no real disc has a dozen.
    static let longestWalk = 64

    /// The descriptors that lead to directories.
    private(set) var descriptors: [VolumeDescriptor] = []
    /// The first sector of the boot catalogue, where El Torito's boot record names one.
    private(set) var bootCatalog: Int?
    /// `NSR02` or `NSR03`, and where it stands: the sign of UDF.
    private(set) var udf: (standard: String, sector: Int)?
    /// Whether some sectors couldn't be read, so that more may be there.
    private(set) var isIncomplete = false

    /// Walks from a session's beginning.
    init(_ probe: ContentProbe, sessionStart: Int) throws {
        var (isISOEnded, isExtended) = (false, false)
        var lastDescriptor = sessionStart
        let first = sessionStart + 16
        for number in first..<first + Self.longestWalk {
            if (number - first) % 16 == 0 { try probe.prepare(number, count: 16) }
            guard let sector = try probe.sector(number) else {
                guard probe.holds(number) else { return }
                isIncomplete = true
                if isExtended || probe.isAbandoned { return }
                continue
            }
            let bytes = sector.span
            if bytes.holds("CD001", at: 1) || bytes.holds("CDROM", at: 9) {
                let type = bytes.byte(bytes.holds("CD001", at: 1) ? 0 : 8)
                if type == 255 {
                    isISOEnded = true
                } else if let descriptor = VolumeDescriptor(bytes, sector: number) {
                    descriptors.append(descriptor)
                } else if type == 0, bootCatalog == nil,
                    bytes.holds("EL TORITO SPECIFICATION", at: 7)
                {
                    bootCatalog = Int(bytes.little32(0x47))
                }
                lastDescriptor = number
                continue
            }
            switch bytes.text(at: 1, count: 5) {
            case "BEA01": isExtended = true
            case "NSR02": udf = ("NSR02", number)
            case "NSR03": udf = ("NSR03", number)
            case "BOOT2", "CDW02": break
            case "TEA01": return
            default:
                // On media with sectors of 4096 bytes a descriptor fills one (ECMA-167 2/8.1).
                if isExtended, number == lastDescriptor + 1 { continue }
                // Some writers leave a gap, or a note of their own, before the part of UDF.
                if isISOEnded || isExtended || number - first >= 16 { return }
                continue
            }
            lastDescriptor = number
        }
    }
}
