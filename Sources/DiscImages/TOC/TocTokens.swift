/// The words of a cdrdao TOC file.
struct TocTokens {
    /// A word.
    struct Token {
        enum Kind { case word, string, brace }
        var kind: Kind
        /// The word; the text between quotation marks in its bytes.
        var bytes: [UInt8]
        /// Where it begins in the text, in bytes of UTF-8.
        var offset: Int
        /// Whether a byte from 80h on is written in octal digits, as cdrdao writes bytes of any
        /// encoding.
        var hasEscapes = false

        var text: String { String(decoding: bytes, as: UTF8.self) }
        func isBrace(_ text: String) -> Bool { kind == .brace && self.text == text }
    }

    let tokens: [Token]

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var tokens: [Token] = []
        var i = 0
        while i < bytes.count {
            let byte = bytes[i]
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D, 0x1A, 0x2C:
                i += 1
            case 0x2F where i + 1 < bytes.count && bytes[i + 1] == 0x2F:
                while i < bytes.count, bytes[i] != 0x0A { i += 1 }
            case 0x7B, 0x7D:
                tokens.append(Token(kind: .brace, bytes: [byte], offset: i))
                i += 1
            case 0x22:
                let (string, end, hasEscapes) = Self.string(bytes, i + 1)
                tokens.append(
                    Token(kind: .string, bytes: string, offset: i, hasEscapes: hasEscapes)
                )
                i = end
            default:
                let start = i
                while i < bytes.count, bytes[i] > 0x20,
                    ![0x22, 0x2C, 0x7B, 0x7D].contains(bytes[i])
                {
                    i += 1
                }
                // A byte that is none of these still takes the reader on.
                i = max(i, start + 1)
                tokens.append(Token(kind: .word, bytes: Array(bytes[start..<i]), offset: start))
            }
        }
        self.tokens = tokens
    }

    /// A text in quotation marks: a backslash before one of these, before itself, or before three
    /// octal digits.
    private static func string(_ bytes: [UInt8], _ start: Int) -> ([UInt8], Int, Bool) {
        var result: [UInt8] = []
        var hasEscapes = false
        var i = start
        while i < bytes.count, bytes[i] != 0x22 {
            if bytes[i] == 0x5C, i + 1 < bytes.count {
                let digits = bytes[(i + 1)..<min(bytes.count, i + 4)]
                if digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) }) {
                    let value = digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
                    result.append(UInt8(truncatingIfNeeded: value))
                    if value >= 0x80 { hasEscapes = true }
                    i += 4
                } else {
                    result.append(bytes[i + 1])
                    i += 2
                }
            } else {
                result.append(bytes[i])
                i += 1
            }
        }
        return (result, min(bytes.count, i + 1), hasEscapes)
    }
}
