/// A name or the target of a link in a tree that is written to a disc, as the bytes that its source has.
public struct AuthoredName: Hashable, Sendable {
    /// The bytes: UTF-8 on most systems, though none of them checks that.
    public let bytes: [UInt8]

    /// Creates a name from text.
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// Creates a name from bytes, which need not be UTF-8.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// The text; `nil` if the bytes are not UTF-8.
    public var text: String? { String(validating: bytes, as: UTF8.self) }

    /// The text, or each byte as the character of ISO 8859-1 if the bytes are not UTF-8.
    public var readableText: String {
        text ?? String(decoding: bytes.map(UInt16.init), as: UTF16.self)
    }

    /// Whether an entry of a directory can have the name: POSIX allows any bytes but a slash and a zero.
    public var isUsable: Bool {
        !bytes.isEmpty && !bytes.contains(0x2F) && !bytes.contains(0)
            && bytes != [0x2E] && bytes != [0x2E, 0x2E]
    }
}

extension AuthoredName: Comparable {
    /// Orders names by their bytes.
    public static func < (a: AuthoredName, b: AuthoredName) -> Bool {
        a.bytes.lexicographicallyPrecedes(b.bytes)
    }
}

extension AuthoredName: CustomStringConvertible {
    /// The readable text.
    public var description: String { readableText }
}
