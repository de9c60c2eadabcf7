import LibCrypto

/// Error-correction data that dvdisaster appended to an image, found by its header.
///
/// The header's fields are little-endian. RS02 and RS03 make an image longer; RS01 makes a file of
/// its own, which people append to the image as well.
public struct ErrorCorrection: Codable, Hashable, Sendable {
    /// The method: `RS01`, `RS02` or `RS03`.
    public var method: String
    /// The sector that the header begins with.
    public var sector: Int
    /// The first sector of the data.
    public var start: Int
    /// The sector after the last one of the data; `nil` if the header doesn't say.
    public var end: Int?

    /// The text that every header begins with; the method follows it.
    private static let mark = "*dvdisaster*"
    /// Sectors of zeros that may lie between what a file system claims and the header.
    private static let usualPadding = 150
    /// Copies of an RS02 header begin at multiples of a power of two sectors; the exponents.
    private static let copySpacings = 5...12

    /// Looks for the header after what file systems and partition tables claim.
    ///
    /// A header that belongs to another image, of which the disc still holds the rest, doesn't count:
    /// it names another size, or another volume descriptor.
    ///
    /// - Parameters:
    ///   - probe: The disc or image.
    ///   - ends: The ends that are claimed, in sectors.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    init?(_ probe: ContentProbe, after ends: [Int]) throws {
        let starts = Set(ends.flatMap { [$0, $0 + Self.usualPadding] })
            .filter { $0 > 0 && probe.holds($0) }.sorted()
        var places = starts
        for start in starts where try probe.sector(start) == nil {
            // The first header is damaged.
            places += Self.copySpacings.map { (start >> $0 + 1) << $0 }
        }
        for place in places {
            guard let header = try probe.sector(place),
                let found = try ErrorCorrection(header, probe, at: place, starts: starts)
            else { continue }
            self = found
            return
        }
        return nil
    }

    private init?(
        _ sectorBytes: [UInt8],
        _ probe: ContentProbe,
        at place: Int,
        starts: [Int]
    ) throws {
        let header = sectorBytes.span
        guard header.holds(Self.mark, at: 0) else { return nil }
        method = header.text(at: 12, count: 4)
        guard ["RS01", "RS02", "RS03"].contains(method) else { return nil }
        sector = place
        let imageSectors = header.little64(68)
        guard imageSectors > 0 else {
            guard starts.contains(place) else { return nil }
            start = place
            return
        }
        guard let first = starts.first(where: { UInt64($0) == imageSectors }), place >= first,
            try Self.isOfThisImage(sectorBytes, probe)
        else { return nil }
        start = first
        end = Self.end(header, method, start: first)
    }

    /// Whether the header's fingerprint is that of the sector that it names: the MD5 of the volume
    /// descriptor.
    private static func isOfThisImage(_ header: [UInt8], _ probe: ContentProbe) throws -> Bool {
        let fingerprint = Array(header[20..<36])
        guard fingerprint.contains(where: { $0 != 0 }),
            let bytes = try probe.sector(Int(header.span.little32(92)))
        else { return true }
        let sum: Checksum
        do {
            var digest = try Digest(.md5)
            digest.update(bytes.span)
            sum = digest.finish()
        } catch {
            return true
        }
        return sum.bytes == fingerprint
    }

    private static func end(_ header: Span<UInt8>, _ method: String, start: Int) -> Int? {
        let size: UInt64
        switch method {
        case "RS02":
            // The sectors that were added, header included.
            size = header.little64(128)
        case "RS03":
            // 255 layers fill the image.
            let (all, isTooLarge) = header.little64(120).multipliedReportingOverflow(by: 255)
            guard !isTooLarge, all > UInt64(start) else { return nil }
            size = all - UInt64(start)
        default:
            // A header of 4096 bytes, a CRC-32 of each sector, and the roots of each group of sectors.
            let group = UInt64(max(1, header.little32(76)))
            let groups = (UInt64(start) + group - 1) / group
            let roots = UInt64(min(255, header.little32(80)))
            let bytes = 4096 + 4 * UInt64(start) + groups * roots * 2048
            size = bytes.roundedUp(to: 2048) / 2048
        }
        let farthest = FileSystemClaim.farthestEnd / 2048
        guard size > 0, size <= farthest, UInt64(start) + size <= farthest else { return nil }
        return start + Int(size)
    }

    /// What the header claims.
    var claim: FileSystemClaim {
        FileSystemClaim(
            kind: .errorCorrection,
            version: method,
            end: end.map { UInt64($0) * 2048 },
            decides: end != nil,
            evidence: "header in sector \(sector)"
        )
    }
}
