/// The texts of an MPEG-4 file, where iTunes has them.
enum MPEG4Tags {
    /// Items of a list, and what they are called here.
    private static let names = [
        "\u{A9}nam": "TITLE", "\u{A9}ART": "ARTIST", "\u{A9}alb": "ALBUM", "aART": "ALBUMARTIST",
    ]
    /// Bytes of a text that are read.
    private static let longestText = 1 << 16

    /// The texts, by the names that Vorbis comments have, or by their own in capital letters.
    ///
    /// - Parameter file: Any file.
    /// - Returns: None if it has no such list, or none that can be read.
    /// - Throws: Errors of the file.
    static func texts(of file: any ByteSource) throws -> [String: [String]] {
        do {
            let whole = 0..<file.byteCount
            guard
                let meta = try MPEG4Boxes.first(["moov", "udta", "meta"], of: file, in: whole)
            else { return [:] }
            // Four bytes of version and flags come first, but not in files of QuickTime.
            let head = try file.bytes(meta.lowerBound..<(meta.lowerBound + 8))
            let isBare = head.dropFirst(4).elementsEqual(Array("hdlr".utf8))
            let start = min(meta.lowerBound + (isBare ? 0 : 4), meta.upperBound)
            guard
                let list = try MPEG4Boxes.first(["ilst"], of: file, in: start..<meta.upperBound)
            else { return [:] }
            var texts: [String: [String]] = [:]
            for item in try MPEG4Boxes.of(file, in: list) {
                let parts = try MPEG4Boxes.of(file, in: item.body)
                var name = names[item.kind]
                if item.kind == "----" {
                    // A name's text follows four bytes of version and flags.
                    name = try parts.first { $0.kind == "name" }
                        .flatMap { try text(file, $0.body, after: 4) }?.uppercased()
                }
                for part in parts where part.kind == "data" {
                    // So does a value's, after what kind it is and its language.
                    guard let value = try text(file, part.body, after: 8) else { continue }
                    if item.kind == "xid " {
                        // A vendor, what kind of name it is, and the name.
                        let words = value.split(separator: ":")
                        guard words.count == 3, words[1].lowercased() == "isrc" else { continue }
                        texts["ISRC", default: []].append(String(words[2]))
                    } else if let name {
                        texts[name, default: []].append(value)
                    }
                }
            }
            return texts
        } catch is SoundProblem {
            // What the audio lacks is said elsewhere; a damaged list has no texts.
            return [:]
        }
    }

    private static func text(
        _ file: any ByteSource,
        _ body: Range<Int>,
        after skipped: Int
    ) throws -> String? {
        guard body.count > skipped, body.count <= longestText else { return nil }
        let bytes = try file.bytes((body.lowerBound + skipped)..<body.upperBound)
        return String(validating: bytes, as: UTF8.self)
    }
}
