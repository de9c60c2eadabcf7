/// The texts of an MPEG-4 file, where iTunes has them.
enum MPEG4Tags {
    /// Items of a list, and what they are called here.
    private static let names = [
        "\u{A9}nam": "TITLE", "\u{A9}ART": "ARTIST", "\u{A9}alb": "ALBUM", "aART": "ALBUMARTIST",
    ]
    /// Bytes of a name or a text that are read.
    private static let longest = (name: 256, text: 1 << 16)

    /// Takes the texts out of a file's list, by the names that Vorbis comments have, or by their own in
    /// capital letters.
    ///
    /// - Parameters:
    ///   - file: Any file; one that has no such list, or a damaged one, has no texts.
    ///   - texts: Gets the texts.
    /// - Throws: Errors of the file.
    static func take(_ file: any ByteSource, into texts: inout TagTexts) throws {
        do {
            let whole = 0..<file.byteCount
            guard
                let meta = try MPEG4Boxes.first(["moov", "udta", "meta"], of: file, in: whole)
            else { return }
            // Four bytes of version and flags come first, but not in files of QuickTime.
            let head = try file.bytes(meta.lowerBound..<(meta.lowerBound + 8))
            let isBare = head.dropFirst(4).elementsEqual(Array("hdlr".utf8))
            let start = min(meta.lowerBound + (isBare ? 0 : 4), meta.upperBound)
            guard
                let list = try MPEG4Boxes.first(["ilst"], of: file, in: start..<meta.upperBound)
            else { return }
            for item in try MPEG4Boxes.of(file, in: list) {
                let parts = try MPEG4Boxes.of(file, in: item.body)
                var name = names[item.kind]
                if item.kind == "----" {
                    // A name's text follows four bytes of version and flags.
                    name = try parts.first { $0.kind == "name" }
                        .flatMap { try text(file, $0.body, after: 4, upTo: longest.name) }?
                        .uppercased()
                }
                if item.kind == "xid " { name = "ISRC" }
                guard let name else { continue }
                for part in parts where part.kind == "data" {
                    // So does a value's, after what kind it is and its language.
                    guard texts.takes(name, part.body.count - 8),
                        let value = try text(file, part.body, after: 8, upTo: longest.text)
                    else { continue }
                    guard item.kind == "xid " else {
                        texts.add(name, value)
                        continue
                    }
                    // A vendor, what kind of name it is, and the name.
                    let words = value.split(separator: ":")
                    guard words.count == 3, words[1].lowercased() == "isrc" else { continue }
                    texts.add(name, String(words[2]))
                }
            }
        } catch is SoundProblem {
            // What the audio lacks is said elsewhere; a damaged list has no texts.
        }
    }

    private static func text(
        _ file: any ByteSource,
        _ body: Range<Int>,
        after skipped: Int,
        upTo longest: Int
    ) throws -> String? {
        guard body.count > skipped, body.count <= longest else { return nil }
        let bytes = try file.bytes((body.lowerBound + skipped)..<body.upperBound)
        return String(validating: bytes, as: UTF8.self)
    }
}
