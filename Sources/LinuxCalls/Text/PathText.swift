import Glibc

/// Names of files in strings, whatever their bytes are.
///
/// A name is bytes, which need not be UTF-8. Swift replaces what is none when it makes a string of them, and the string
/// then names another file. So each byte that belongs to no character stands in the string as a scalar of Unicode's last
/// private use plane: U+10FE00 and the byte. In a name that has one of these scalars itself, its four bytes stand in the
/// same way, so every name comes back as it was.
///
/// Such a string is for going through code that takes strings; what is shown goes through `ShownText`, which knows these
/// scalars.
public enum PathText {
    private static let base: UInt32 = 0x10FE00

    /// A name as a string.
    public static func text(of bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !hasBytes(text) { return text }
        var scalars = String.UnicodeScalarView()
        func keep(_ bytes: ArraySlice<UInt8>) {
            for byte in bytes {
                scalars.append(Unicode.Scalar(base + UInt32(byte)) ?? "\u{FFFD}")
            }
        }
        var parser = Unicode.UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        var place = 0
        while true {
            switch parser.parseScalar(from: &rest) {
            case .emptyInput:
                return String(scalars)
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                let end = place + encoded.count
                if byte(scalar) == nil { scalars.append(scalar) } else { keep(bytes[place..<end]) }
                place = end
            case .error(let length):
                keep(bytes[place..<(place + length)])
                place += length
            }
        }
    }

    /// A name that C has as a string, as a string of Swift.
    static func text(ofCString name: UnsafePointer<CChar>) -> String {
        if let text = unsafe String(validatingCString: name), !hasBytes(text) { return text }
        return unsafe text(
            of: UnsafeBufferPointer(start: name, count: strlen(name)).map {
                UInt8(bitPattern: $0)
            }
        )
    }

    /// The bytes of a name that was made a string.
    public static func bytes(of text: String) -> [UInt8] {
        guard hasBytes(text) else { return Array(text.utf8) }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if let byte = byte(scalar) {
                bytes.append(byte)
            } else {
                bytes += Array(String(scalar).utf8)
            }
        }
        return bytes
    }

    /// Whether a string has bytes in it that belong to no character.
    public static func hasBytes(_ text: String) -> Bool {
        text.unicodeScalars.contains { byte($0) != nil }
    }

    private static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        guard scalar.value >= base + 0x80, scalar.value <= base + 0xFF else { return nil }
        return UInt8(scalar.value - base)
    }
}
