/// Finds the elements of an XML text with their attributes, and nothing else of it.
///
/// Contents, comments, declarations and processing instructions are passed over; no entity is looked up
/// but the five of XML and those by number; elements are not nested here, so that none can be too deep.
struct MarkupScanner {
    /// The start of an element.
    struct Element: Hashable {
        var name: String
        var attributes: [String: String]
        /// Whether it has no end of its own.
        var isEmpty: Bool
    }

    /// What comes next.
    enum Token: Hashable {
        case start(Element)
        case end(String)
    }

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next start or end of an element; `nil` if there is none.
    ///
    /// - Throws: ``AnswerProblem`` if the text breaks off within one, or one is malformed.
    mutating func next() throws(AnswerProblem) -> Token? {
        while let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            place = open + 1
            if skip("!--", to: "-->") || skip("?", to: "?>") || skip("![CDATA[", to: "]]>") {
                guard place <= bytes.count else { throw .truncated }
                continue
            }
            guard place < bytes.count else { throw .truncated }
            if bytes[place] == UInt8(ascii: "!") { throw .malformed("it has a document type") }
            return bytes[place] == UInt8(ascii: "/") ? try end() : try start()
        }
        return nil
    }

    /// Passes over something that begins here, and leaves the place behind the bytes if it does not end.
    private mutating func skip(_ begin: String, to end: String) -> Bool {
        guard bytes[place...].starts(with: begin.utf8) else { return false }
        place += begin.utf8.count
        let end = Array(end.utf8)
        while place < bytes.count, !bytes[place...].starts(with: end) { place += 1 }
        place += end.count
        return true
    }

    private mutating func end() throws(AnswerProblem) -> Token {
        place += 1
        let name = name()
        skipBlanks()
        guard place < bytes.count else { throw .truncated }
        guard bytes[place] == UInt8(ascii: ">") else { throw .malformed("a tag is malformed") }
        place += 1
        return .end(name)
    }

    private mutating func start() throws(AnswerProblem) -> Token {
        var element = Element(name: name(), attributes: [:], isEmpty: false)
        guard !element.name.isEmpty else { throw .malformed("a tag has no name") }
        while true {
            skipBlanks()
            guard place < bytes.count else { throw .truncated }
            if bytes[place] == UInt8(ascii: ">") { break }
            if bytes[place] == UInt8(ascii: "/") {
                element.isEmpty = true
                place += 1
                continue
            }
            let name = name()
            skipBlanks()
            guard place < bytes.count else { throw .truncated }
            guard !name.isEmpty, bytes[place] == UInt8(ascii: "="), !element.isEmpty else {
                throw .malformed("the tag “\(element.name)” is malformed")
            }
            place += 1
            skipBlanks()
            guard place < bytes.count else { throw .truncated }
            let quote = bytes[place]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
                throw .malformed("an attribute of “\(element.name)” has no quotes")
            }
            guard let close = bytes[(place + 1)...].firstIndex(of: quote) else { throw .truncated }
            element.attributes[name] = Self.text(bytes[(place + 1)..<close])
            place = close + 1
        }
        place += 1
        return .start(element)
    }

    private mutating func name() -> String {
        let start = place
        while place < bytes.count, Self.isName(bytes[place]) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func skipBlanks() {
        while place < bytes.count, [0x09, 0x0A, 0x0D, 0x20].contains(bytes[place]) { place += 1 }
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        default: "_:.-".utf8.contains(byte)
        }
    }

    /// The text of an attribute, with what stands for other characters replaced.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            rest = rest[start...]
            guard let end = rest.prefix(12).firstIndex(of: ";"),
                let character = character(rest[rest.index(after: start)..<end])
            else {
                result.append("&")
                rest = rest.dropFirst()
                continue
            }
            result.append(character)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func character(_ name: Substring) -> Character? {
        let known: [Substring: Character] = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
        ]
        if let character = known[name] { return character }
        let number =
            name.hasPrefix("#x")
            ? UInt32(name.dropFirst(2), radix: 16)
            : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
        return number.flatMap(Unicode.Scalar.init).map(Character.init)
    }
}
