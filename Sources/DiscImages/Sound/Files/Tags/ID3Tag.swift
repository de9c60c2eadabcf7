/// The ID3v2 tag at the beginning of a file (ID3v2.2, ID3v2.3 and ID3v2.4 structure §3 and §4).
enum ID3Tag {
    /// A frame's name, and what it is called here.
    private static let names = [
        "TIT2": "TITLE", "TT2": "TITLE", "TPE1": "ARTIST", "TP1": "ARTIST", "TALB": "ALBUM",
        "TAL": "ALBUM", "TPE2": "ALBUMARTIST", "TP2": "ALBUMARTIST", "TSRC": "ISRC",
        "TRC": "ISRC",
    ]
    /// Frames whose text begins with its own name.
    private static let named: Set<String> = ["TXXX", "TXX"]
    /// Bytes of a tag that are read: texts come before pictures as a rule.
    private static let longest = 4 << 20
    /// Bytes of a text that are kept.
    private static let longestText = 4096

    /// Takes the texts out of a file's tag, by the names that Vorbis comments have.
    ///
    /// - Parameters:
    ///   - file: Any file; most have no such tag.
    ///   - texts: Gets the texts.
    /// - Throws: Errors of the file.
    static func take(_ file: any ByteSource, into texts: inout TagTexts) throws {
        let head = try file.bytes(0..<10)
        guard head.count == 10, head.starts(with: Array("ID3".utf8)),
            (2...4).contains(head[3]), head[6...9].allSatisfy({ $0 < 0x80 })
        else { return }
        let version = Int(head[3])
        let size = head[6...9].reduce(0) { $0 << 7 | Int($1) }
        var body = try file.bytes(10..<(10 + min(size, longest)))
        // ID3v2.4 says that of each frame.
        if head[5] & 0x80 != 0, version < 4 { body = synchronised(body) }
        if head[5] & 0x40 != 0, version > 2 {
            guard let length = number(body, 0, 4, syncSafe: version == 4) else { return }
            // ID3v2.3 leaves the four bytes of the length out of it.
            body = Array(body.dropFirst(version == 4 ? length : length + 4))
        }
        take(body, version, into: &texts)
    }

    private static func take(_ body: [UInt8], _ version: Int, into texts: inout TagTexts) {
        let (nameSize, headSize) = version == 2 ? (3, 6) : (4, 10)
        var at = 0
        var frames = 0
        while at + headSize < body.count, body[at] != 0 {
            guard frames < TagTexts.mostEntries else { return texts.cut() }
            frames += 1
            let name = String(decoding: body[at..<(at + nameSize)], as: UTF8.self)
            guard
                let size = number(body, at + nameSize, nameSize, syncSafe: version == 4),
                size <= body.count - at - headSize
            else { break }
            let flags = version == 2 ? 0 : body[at + 9]
            let start = at + headSize
            at = start + size
            // Others, such as pictures, are of no use here.
            guard names[name] != nil || named.contains(name) else { continue }
            guard size <= longestText else {
                texts.cut()
                continue
            }
            var content = Array(body[start..<at])
            if version == 4 {
                // Packed and encrypted ones are passed over.
                guard flags & 0x0C == 0 else { continue }
                if flags & 0x01 != 0 { content = Array(content.dropFirst(4)) }
                if flags & 0x02 != 0 { content = synchronised(content) }
            } else if flags & 0xC0 != 0 {
                continue
            }
            guard let encoding = content.first else { continue }
            let values = strings(content.dropFirst(), encoding).filter { !$0.isEmpty }
            if let own = names[name] {
                for value in values { texts.add(own, value) }
            } else if let own = values.first?.uppercased() {
                for value in values.dropFirst() { texts.add(own, value) }
            }
        }
    }

    /// The strings of a text frame, which zeros part.
    private static func strings(_ bytes: ArraySlice<UInt8>, _ encoding: UInt8) -> [String] {
        switch encoding {
        case 0:
            return bytes.split(separator: 0).map { text in
                String(String.UnicodeScalarView(text.map { Unicode.Scalar($0) }))
            }
        case 3: return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        case 1, 2:
            let bytes = Array(bytes)
            let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
                UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
            }
            var isLittle = false
            return units.split(separator: 0).map { text in
                var text = text
                // Each string has a mark of its byte order; some programs write only the first.
                if text.first == 0xFEFF || text.first == 0xFFFE {
                    isLittle = text.removeFirst() == 0xFFFE
                }
                return String(
                    decoding: isLittle ? text.map(\.byteSwapped) : Array(text),
                    as: UTF16.self
                )
            }
        default: return []
        }
    }

    /// Bytes without the zeros that keep them from looking like MPEG audio (§6.1).
    private static func synchronised(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (i, byte) in bytes.enumerated() where byte != 0 || i == 0 || bytes[i - 1] != 0xFF {
            result.append(byte)
        }
        return result
    }

    private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int, syncSafe: Bool) -> Int? {
        guard at + count <= bytes.count else { return nil }
        return bytes[at..<(at + count)].reduce(0) { $0 << (syncSafe ? 7 : 8) | Int($1) }
    }
}
