/// Names of files as strangers wrote them.
public enum FileName {
    /// A name or path for a person or a script: on one line, without anything that steers a terminal.
    ///
    /// Control characters and what changes the direction of writing become `\x..` or `\u{…}`, and a
    /// backslash is doubled, so that no two names look the same.
    public static func shown(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x5C }
        if isPlain { return name }
        var text = ""
        for scalar in name.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned,
                .privateUse:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                text +=
                    scalar.value < 0x100
                    ? "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
            case _ where scalar == "\\":
                text += "\\\\"
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Bytes that a file system calls characters without saying which: UTF-8 where they are that,
    /// else Latin-1, in which every byte is one.
    package static func decoded(_ bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return latin1(bytes)
    }

    /// Where a link leads, with no slash more than it needs.
    ///
    /// Rock Ridge and UDF keep a target as names: several slashes in a row, one at the end, and in UDF the
    /// dot that stands for that one, make no difference to where the link leads, and not every tree has them.
    package static func plainTarget(_ target: String) -> String {
        let isAbsolute = target.utf8.first == 0x2F
        var names = parts(of: target)
        if names.count > 1 || isAbsolute, names.last == "." { names.removeLast() }
        return (isAbsolute ? "/" : "") + names.joined(separator: "/")
    }

    /// The names of a path, without those that mean nothing.
    package static func names(of path: String) -> [String] { parts(of: path).filter { $0 != "." } }

    /// What lies between slashes, where there is something.
    ///
    /// A slash ends a name whatever follows it, also a mark that makes one character with it.
    private static func parts(of path: String) -> [String] {
        path.utf8.split(separator: 0x2F).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Bytes of ISO 8859-1.
    static func latin1(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes.map(UInt16.init), as: UTF16.self)
    }

    /// Big-endian UTF-16; half of a pair becomes U+FFFD, and an odd last byte is left.
    static func bigEndian(_ bytes: some Collection<UInt8>) -> String {
        var units: [UInt16] = []
        var high: UInt8?
        for byte in bytes {
            if let first = high {
                units.append(UInt16(first) << 8 | UInt16(byte))
                high = nil
            } else {
                high = byte
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}
