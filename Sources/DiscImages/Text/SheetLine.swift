/// A line of a sheet, in words.
struct SheetLine {
    /// The words; what stands in quotation marks is one.
    let words: [String]
    /// Where the line begins in the text, in bytes of UTF-8.
    let offset: Int

    /// The first word in capitals.
    var keyword: String { words.first?.uppercased() ?? "" }

    /// A word by its place, empty where there is none.
    func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }

    /// The words from one on, as they stood, with single blanks between them.
    func rest(from index: Int) -> String { words.dropFirst(index).joined(separator: " ") }

    /// The lines of a text that are not empty.
    static func lines(of text: String) -> [SheetLine] {
        var lines: [SheetLine] = []
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            let words = split(bytes[start..<end])
            if !words.isEmpty { lines.append(SheetLine(words: words, offset: start)) }
            start = end + 1
        }
        return lines
    }

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
