/// The tag at the end of a file of Monkey's Audio, WavPack or another one (APEv2).
enum APETag {
    private static let mark = Array("APETAGEX".utf8)
    private static let footerSize = 32
    /// The size of an ID3v1 tag, which programs put after it.
    private static let oldTagSize = 128
    /// Bytes of a name (APEv2: 2 to 255).
    private static let longestName = 255
    /// Values of an item that are looked at.
    private static let mostValues = 256

    /// Takes the texts out of a file's tag, by their names in capital letters.
    ///
    /// - Parameters:
    ///   - file: Any file; most have no such tag.
    ///   - texts: Gets the texts.
    /// - Throws: Errors of the file.
    static func take(_ file: any ByteSource, into texts: inout TagTexts) throws {
        var end = file.byteCount
        if end >= oldTagSize,
            try file.bytes((end - oldTagSize)..<end).starts(with: Array("TAG".utf8))
        {
            end -= oldTagSize
        }
        guard end >= footerSize else { return }
        let footer = try file.bytes((end - footerSize)..<end)
        guard footer.count == footerSize, footer.starts(with: mark) else { return }
        let (size, count) = (number(footer, 12), number(footer, 16))
        guard size >= footerSize, size <= end else { return }
        var at = end - size
        for _ in 0..<min(count, TagTexts.mostEntries) {
            let head = try file.bytes(at..<min(end, at + 8 + longestName + 1))
            guard head.count > 8, let zero = head[8...].firstIndex(of: 0) else { break }
            let (length, flags) = (number(head, 0), number(head, 4))
            let start = at + zero + 1
            guard length <= end - footerSize - start else { break }
            // Bits 1 and 2 say what the value is; 0 is text.
            if flags & 6 == 0,
                let name = String(validating: head[8..<zero], as: UTF8.self)?.uppercased(),
                texts.takes(name, length)
            {
                let values = try file.bytes(start..<(start + length))
                    .split(separator: 0, maxSplits: mostValues)
                for value in values.prefix(mostValues) { texts.add(name, utf8: value) }
                if values.count > mostValues { texts.cut() }
            }
            at = start + length
        }
        if count > TagTexts.mostEntries { texts.cut() }
    }

    private static func number(_ bytes: [UInt8], _ at: Int) -> Int {
        bytes[at..<(at + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
