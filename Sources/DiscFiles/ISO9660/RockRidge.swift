/// Looks for Rock Ridge in the system use field of the root directory's first record.
///
/// IEEE P1281 (SUSP) §5: the area begins with `SP`, names the extensions in `ER` entries, and may
/// go on elsewhere through `CE`.
enum RockRidge {
    /// Continuation areas that are followed: `ER` is in the first, where it isn't in the record.
    private static let mostContinuations = 2

    /// The identifier of the extension, or `"RR"` where only entries of the old form tell.
    static func identifier(
        _ probe: ContentProbe,
        rootDirectory: Int,
        blockSize: Int
    ) throws -> String? {
        let offset = UInt64(max(0, rootDirectory)) * UInt64(max(0, blockSize))
        guard let sector = try probe.sector(Int(offset / 2048)) else { return nil }
        let record = sector.span
        let start = Int(offset % 2048)
        let length = Int(record.byte(start))
        let nameLength = Int(record.byte(start + 32))
        // A pad byte follows a name of even length (ECMA-119 §9.1.12).
        let area = 33 + nameLength + (nameLength % 2 == 0 ? 1 : 0)
        guard length > area,
            record.holds("SP", at: start + area), record.byte(start + area + 4) == 0xBE,
            record.byte(start + area + 5) == 0xEF
        else { return nil }
        var found: String?
        var next = scan(record, from: start + area, to: start + length, found: &found)
        var hops = 0
        while found == nil || found == "RR", let continuation = next, hops < mostContinuations {
            let position =
                UInt64(continuation.block) * UInt64(max(0, blockSize)) + continuation.offset
            guard let sector = try probe.sector(Int(position / 2048)) else { break }
            let start = Int(position % 2048)
            next = scan(
                sector.span,
                from: start,
                to: start + continuation.count,
                found: &found
            )
            hops += 1
        }
        return found
    }

    private static func scan(
        _ bytes: Span<UInt8>,
        from start: Int,
        to end: Int,
        found: inout String?
    ) -> (block: UInt32, offset: UInt64, count: Int)? {
        let end = min(end, bytes.count)
        var position = start
        var continuation: (block: UInt32, offset: UInt64, count: Int)?
        while position + 4 <= end {
            let length = Int(bytes.byte(position + 2))
            guard length >= 4, position + length <= end else { break }
            if bytes.holds("CE", at: position), length >= 28 {
                let offset = bytes.little32(position + 12)
                let count = bytes.little32(position + 20)
                continuation = (
                    bytes.little32(position + 4), UInt64(offset), Int(min(count, 2048))
                )
            } else if bytes.holds("ER", at: position), length >= 8 {
                let name = bytes.text(
                    at: position + 8,
                    count: min(Int(bytes.byte(position + 4)), length - 8)
                )
                if ["RRIP_1991A", "IEEE_P1282", "IEEE_1282"].contains(name) { found = name }
            } else if bytes.holds("RR", at: position), found == nil {
                found = "RR"
            } else if bytes.holds("ST", at: position) {
                break
            }
            position += length
        }
        return continuation
    }
}
