import FoundationEssentials

/// Reads a property list: a few elements of XML, no entities of its own, nothing from elsewhere.
///
/// It is made by hand because `PropertyListDecoder` of swift-foundation overflows the stack on arrays
/// that lie some 9,000 deep in one another, and these lists come from strangers.
struct PropertyListParser {
    /// Lists lie in one another no deeper than this.
    private static let deepest = 16
    /// The most elements that are read.
    private static let most = 1 << 16

    private let bytes: [UInt8]
    private var at = 0
    private var elements = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads a list.
    ///
    /// - Returns: `nil` if it can't be understood.
    static func parse(_ bytes: [UInt8]) -> PropertyList? {
        var parser = PropertyListParser(bytes)
        guard let tag = parser.nextTag(), tag == "plist", let first = parser.nextTag() else {
            return nil
        }
        return parser.value(first, depth: 0)
    }

    /// The next tag's name, with its slash where it is an end, or ends itself.
    ///
    /// Comments, declarations and text between are passed over.
    private mutating func nextTag() -> String? {
        while let open = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
            if bytes[open...].starts(with: Array("<!--".utf8)) {
                at = open + 4
                while at < bytes.count, !bytes[at...].starts(with: Array("-->".utf8)) { at += 1 }
                continue
            }
            guard let close = bytes[open...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
            at = close + 1
            let inside = bytes[(open + 1)..<close]
            guard let first = inside.first, first != UInt8(ascii: "?"), first != UInt8(ascii: "!")
            else { continue }
            let name = inside.prefix { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
            let ends = inside.last == UInt8(ascii: "/") && name.last != UInt8(ascii: "/")
            return String(decoding: name, as: UTF8.self) + (ends ? "/" : "")
        }
        return nil
    }

    /// What lies before the next tag, which must end the element.
    private mutating func content(of tag: String) -> ArraySlice<UInt8>? {
        guard let open = bytes[at...].firstIndex(of: UInt8(ascii: "<")) else { return nil }
        let content = bytes[at..<open]
        return nextTag() == "/\(tag)" ? content : nil
    }

    private mutating func value(_ tag: String, depth: Int) -> PropertyList? {
        elements += 1
        guard elements <= Self.most, depth < Self.deepest else { return nil }
        switch tag {
        case "dict/": return .dictionary([:])
        case "array/": return .array([])
        case "string/": return .text("")
        case "data/": return .data([])
        case "true/", "false/", "integer/", "real/", "date/": return .other
        case "dict":
            var entries: [String: PropertyList] = [:]
            while let next = nextTag() {
                if next == "/dict" { return .dictionary(entries) }
                guard next == "key", let key = content(of: "key"), let tag = nextTag(),
                    let value = value(tag, depth: depth + 1)
                else { return nil }
                entries[Self.text(key)] = value
            }
            return nil
        case "array":
            var list: [PropertyList] = []
            while let next = nextTag() {
                if next == "/array" { return .array(list) }
                guard let value = value(next, depth: depth + 1) else { return nil }
                list.append(value)
            }
            return nil
        case "string": return content(of: tag).map { .text(Self.text($0)) }
        case "data": return content(of: tag).flatMap { Self.data($0) }
        case "integer":
            return content(of: tag).map { Int(Self.text($0)).map { .number($0) } ?? .other }
        case "real", "date": return content(of: tag).map { _ in .other }
        default: return nil
        }
    }

    /// The bytes of Base64 (RFC 4648) with blanks between the letters; `nil` for anything else in it.
    private static func data(_ text: ArraySlice<UInt8>) -> PropertyList? {
        let letters = text.filter { ![0x09, 0x0A, 0x0D, 0x20].contains($0) }
        return Data(base64Encoded: Data(letters)).map { .data(Array($0)) }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var text = ""
        for (index, piece) in String(decoding: bytes, as: UTF8.self)
            .split(separator: "&", omittingEmptySubsequences: false).enumerated()
        {
            guard index > 0 else {
                text += piece
                continue
            }
            let entities = [
                "amp;": "&", "lt;": "<", "gt;": ">", "quot;": "\"", "apos;": "'",
            ]
            if let known = entities.first(where: { piece.hasPrefix($0.key) }) {
                text += known.value + piece.dropFirst(known.key.count)
            } else {
                text += "&" + piece
            }
        }
        return text
    }
}
