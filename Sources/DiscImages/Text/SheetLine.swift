/// A line of a sheet, in words.
struct SheetLine {
    /// The words; what stands in quotation marks is one.
    let words: [String]
    /// Where the line begins in the text, in bytes of UTF-8.
    let offset: Int

    /// The line as it stands, without blanks around it.
    let whole: String

    /// The first word in capitals.
    var keyword: String { words.first?.uppercased() ?? "" }

    /// A word by its place, empty where there is none.
    func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }

    /// The words from one on, as they stood, with single blanks between them.
    func rest(from index: Int) -> String { words.dropFirst(index).joined(separator: " ") }

    /// The line from a word on, as it stands; empty if it has no such word.
    func whole(from index: Int) -> String {
        var rest = whole.utf8[...]
        for _ in 0..<index {
            rest = rest.drop { $0 != 0x20 && $0 != 0x09 }.drop { $0 == 0x20 || $0 == 0x09 }
        }
        return String(decoding: rest, as: UTF8.self)
    }

    /// The text of the line from a word on: what is between its first and its last quotation mark,
    /// for some programs put quotation marks into a text; without any, all of it.
    func text(from index: Int) -> String {
        let rest = whole(from: index).utf8
        guard rest.first == 0x22, let end = rest.lastIndex(of: 0x22), end > rest.startIndex else {
            return self.rest(from: index)
        }
        return String(decoding: rest[rest.index(after: rest.startIndex)..<end], as: UTF8.self)
    }

    /// The lines of a text that are not empty.
    static func lines(of text: String) -> [SheetLine] {
        var lines: [SheetLine] = []
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            let words = split(bytes[start..<end])
            if !words.isEmpty {
                let whole = bytes[start..<end].drop { isBlank($0) }
                let last = whole.lastIndex { !isBlank($0) } ?? whole.startIndex
                lines.append(
                    SheetLine(
                        words: words,
                        offset: start,
                        whole: String(decoding: whole[...last], as: UTF8.self)
                    )
                )
            }
            start = end + 1
        }
        return lines
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func split(_ line: ArraySlice<UInt8>) -> [String] {
        var words: [String] = []
        var i = line.startIndex
        while i < line.endIndex {
            if line[i] == 0x20 || line[i] == 0x09 {
                i += 1
                continue
            }
            var end = i
            if line[i] == 0x22 {
                end = line[(i + 1)...].firstIndex(of: 0x22) ?? line.endIndex
                words.append(String(decoding: line[(i + 1)..<end], as: UTF8.self))
                i = end + 1
            } else {
                while end < line.endIndex, line[end] != 0x20, line[end] != 0x09 { end += 1 }
                words.append(String(decoding: line[i..<end], as: UTF8.self))
                i = end
            }
        }
        return words
    }
}
