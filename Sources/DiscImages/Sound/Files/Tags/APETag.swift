/// The tag at the end of a file of Monkey's Audio, WavPack or another one (APEv2).
enum APETag {
    private static let mark = Array("APETAGEX".utf8)
    private static let footerSize = 32
    /// The size of an ID3v1 tag, which programs put after it.
    private static let oldTagSize = 128
    /// Items that are looked at.
    private static let mostItems = 512
    /// Bytes of a name (APEv2: 2 to 255).
    private static let longestName = 255
    /// Bytes of a text that are read: a cue sheet has fewer.
    private static let longestText = 1 << 20

    /// The texts, by their names in capital letters.
    ///
    /// - Parameter file: Any file.
    /// - Returns: None if it has no such tag.
    /// - Throws: Errors of the file.
    static func texts(of file: any ByteSource) throws -> [String: [String]] {
        var end = file.byteCount
        if end >= oldTagSize,
            try file.bytes((end - oldTagSize)..<end).starts(with: Array("TAG".utf8))
        {
            end -= oldTagSize
        }
        guard end >= footerSize else { return [:] }
        let footer = try file.bytes((end - footerSize)..<end)
        guard footer.count == footerSize, footer.starts(with: mark) else { return [:] }
        let (size, count) = (number(footer, 12), number(footer, 16))
        guard size >= footerSize, size <= end else { return [:] }
        var texts: [String: [String]] = [:]
        var at = end - size
        for _ in 0..<min(count, mostItems) {
            let head = try file.bytes(at..<min(end, at + 8 + longestName + 1))
            guard head.count > 8, let zero = head[8...].firstIndex(of: 0) else { break }
            let (length, flags) = (number(head, 0), number(head, 4))
            let start = at + zero + 1
            guard length <= end - footerSize - start else { break }
            // Bits 1 and 2 say what the value is; 0 is text.
            if flags & 6 == 0, length <= longestText,
                let name = String(validating: head[8..<zero], as: UTF8.self)
            {
                let values = try file.bytes(start..<(start + length)).split(separator: 0)
                texts[name.uppercased(), default: []] += values.compactMap {
                    String(validating: $0, as: UTF8.self)
                }
            }
            at = start + length
        }
        return texts
    }

    private static func number(_ bytes: [UInt8], _ at: Int) -> Int {
        bytes[at..<(at + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
