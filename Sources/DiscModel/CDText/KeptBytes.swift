/// Bytes of text whose encoding is not known, kept in a string.
///
/// Each byte from 80h on stands as a scalar of Unicode's private use area, so that it can be given
/// back as it was: U+F700 and the byte in text that may be ISO 8859-1, U+F600 and the byte in text
/// that can't be, because it has bytes that are no characters there.
public enum KeptBytes {
    private static let mayBeLatin: UInt32 = 0xF700
    private static let unknown: UInt32 = 0xF600

    /// Keeps bytes in a string.
    public static func text(of bytes: [UInt8]) -> String {
        let base = bytes.contains { (0x80..<0xA0).contains($0) } ? unknown : mayBeLatin
        var scalars = String.UnicodeScalarView()
        for byte in bytes {
            scalars.append(
                byte < 0x80
                    ? Unicode.Scalar(byte)
                    : Unicode.Scalar(base + UInt32(byte)) ?? "\u{FFFD}"
            )
        }
        return String(scalars)
    }

    /// The bytes of a text: those that were kept as they were, all else in UTF-8.
    public static func bytes(of text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if let byte = byte(scalar, unknown) ?? byte(scalar, mayBeLatin) {
                bytes.append(byte)
            } else {
                bytes += Array(String(scalar).utf8)
            }
        }
        return bytes
    }

    /// The text with kept bytes read as ISO 8859-1; `nil` if they can't be that.
    public static func latin(_ text: String) -> String? {
        text.unicodeScalars.contains { byte($0, unknown) != nil } ? nil : readable(text)
    }

    /// The text for people: kept bytes are read as ISO 8859-1 if they may be that, and else
    /// shown as characters that are not known (U+FFFD).
    public static func readable(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let byte = byte(scalar, mayBeLatin) {
                scalars.append(Unicode.Scalar(byte))
            } else {
                scalars.append(byte(scalar, unknown) == nil ? scalar : "\u{FFFD}")
            }
        }
        return String(scalars)
    }

    private static func byte(_ scalar: Unicode.Scalar, _ base: UInt32) -> UInt8? {
        guard scalar.value >= base + 0x80, scalar.value <= base + 0xFF else { return nil }
        return UInt8(scalar.value - base)
    }
}
