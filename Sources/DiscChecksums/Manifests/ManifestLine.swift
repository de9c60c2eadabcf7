import LibCrypto
import LinuxCalls

/// What one line of a manifest says.
enum ManifestLine: Hashable {
    /// A sum, and the file that it is of where the line names one.
    case sum(Checksum, name: String?)
    /// A checksum of a kind that is not made here, such as CRC-32, by the kind's name.
    case foreignSum(String)
    /// A comment that gives a file's size: `# name: 123 bytes`.
    case size(name: String, bytes: Int)
    /// Nothing that matters: empty, or a comment.
    case nothing
    /// Something else.
    case malformed
}

extension ManifestLine {
    /// The kinds of sums by the names that lines in the BSD form begin with: those of coreutils, of
    /// the BSDs and of OpenSSL's `dgst`.
    private static let tags: [String: DigestAlgorithm] = [
        "md5": .md5, "sha1": .sha1, "sha224": .sha224, "sha256": .sha256, "sha384": .sha384,
        "sha512": .sha512, "sha-1": .sha1, "sha-224": .sha224, "sha-256": .sha256,
        "sha-384": .sha384, "sha-512": .sha512, "sha2-224": .sha224, "sha2-256": .sha256,
        "sha2-384": .sha384, "sha2-512": .sha512, "sha3-224": .sha3With224Bits,
        "sha3-256": .sha3With256Bits, "sha3-384": .sha3With384Bits, "sha3-512": .sha3With512Bits,
        "crc32": .crc32, "crc-32": .crc32, "blake2b": .blake2b, "blake2b512": .blake2b,
        "blake2b-512": .blake2b,
    ]

    /// Reads a line, without its end.
    ///
    /// The forms are those of coreutils (*cksum output modes* in its manual): digits, a blank, a
    /// blank or an asterisk, and the name; or `SHA256 (name) = digits`; either with a backslash in
    /// front where the name is escaped. Beyond these a sum alone, and one blank or a tab before the
    /// name; the form of SFV (the name and eight digits); and, to be named, that of POSIX's `cksum`.
    init(_ line: ArraySlice<UInt8>, _ family: ChecksumFamily = .usual) {
        var text = line.drop(while: Self.isBlank)
        if text.last == UInt8(ascii: "\r") { text.removeLast() }
        guard let first = text.first else {
            self = .nothing
            return
        }
        guard !text.contains(0) else {
            self = .malformed
            return
        }
        if first == UInt8(ascii: "#") || first == UInt8(ascii: ";") {
            self = Self.comment(text.dropFirst())
            return
        }
        let isEscaped = first == UInt8(ascii: "\\")
        if isEscaped { text = text.dropFirst() }
        let digits = text.prefix { Character(UnicodeScalar($0)).isHexDigit && $0 < 0x80 }
        let rest = text[digits.endIndex...]
        let isSum = digits.count >= 32 || digits.count == 8 && family == .crc
        if isSum, rest.first.map(Self.isBlank) ?? true {
            self = Self.plain(digits, rest, family, isEscaped: isEscaped)
        } else {
            self = Self.tagged(text, isEscaped: isEscaped)
            guard self == .malformed else { return }
            if let sum = Self.simple(text) {
                self = sum
            } else if Self.isPOSIX(text) {
                self = .foreignSum("cksum's CRC")
            }
        }
    }

    /// A line of an SFV list: a name and eight hexadecimal digits.
    private static func simple(_ line: ArraySlice<UInt8>) -> ManifestLine? {
        let words = line.split(whereSeparator: isBlank)
        guard words.count >= 2, let last = words.last, last.count == 8,
            let sum = Checksum(.crc32, hexadecimal: String(decoding: last, as: UTF8.self))
        else { return nil }
        var name = line[..<last.startIndex]
        while name.last.map(isBlank) ?? false { name.removeLast() }
        return .sum(sum, name: PathText.text(of: Array(name)))
    }

    /// Whether a line gives POSIX's CRC: two numbers and a name.
    private static func isPOSIX(_ line: ArraySlice<UInt8>) -> Bool {
        let words = line.split(whereSeparator: isBlank)
        let numbers = words.prefix(2).allSatisfy { word in
            word.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        }
        return words.count >= 3 && numbers && words[0].count <= 10
    }

    /// Digits first, then the name.
    private static func plain(
        _ digits: ArraySlice<UInt8>,
        _ rest: ArraySlice<UInt8>,
        _ family: ChecksumFamily,
        isEscaped: Bool
    ) -> ManifestLine {
        guard let kind = family.kind(ofDigits: digits.count) else { return .malformed }
        guard let algorithm = kind.algorithm else { return .foreignSum(kind.name) }
        guard
            let sum = Checksum(algorithm, hexadecimal: String(decoding: digits, as: UTF8.self)),
            let name = name(plainName(rest), isEscaped: isEscaped)
        else { return .malformed }
        // What was read from a pipe is called “-”, which names nothing.
        return .sum(sum, name: name.isEmpty || name == "-" ? nil : name)
    }

    /// The name behind digits: behind two separators, the second of which may be an asterisk, or
    /// behind one; more blanks belong to the name, unless there is nothing else.
    private static func plainName(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        if rest.allSatisfy(isBlank) { return [] }
        var name = rest.dropFirst()
        if rest.first == UInt8(ascii: "\t") { name = name.drop(while: isBlank) }
        if name.first == UInt8(ascii: " ") || name.first == UInt8(ascii: "*") {
            name = name.dropFirst()
        }
        return name
    }

    /// `SHA256 (name) = digits`; OpenSSL writes it without the first two blanks.
    private static func tagged(_ text: ArraySlice<UInt8>, isEscaped: Bool) -> ManifestLine {
        guard
            let open = text.firstIndex(of: UInt8(ascii: "(")),
            let close = text.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return .malformed }
        let tag = String(decoding: text[..<open], as: UTF8.self)
            .split(separator: " ").joined(separator: " ").lowercased()
        let value = text[(close + 1)...].drop(while: isBlank)
        guard value.first == UInt8(ascii: "="), !tag.isEmpty else { return .malformed }
        let digits = value.dropFirst().split(whereSeparator: isBlank)
        guard digits.count == 1, let digits = digits.first,
            let name = name(text[(open + 1)..<close], isEscaped: isEscaped), !name.isEmpty
        else { return .malformed }
        guard let algorithm = tags[tag] else { return .foreignSum(tag.uppercased()) }
        guard let sum = Checksum(algorithm, hexadecimal: String(decoding: digits, as: UTF8.self))
        else {
            // `b2sum -l` names shorter ones alike.
            return algorithm == .blake2b ? .foreignSum("BLAKE2b") : .malformed
        }
        return .sum(sum, name: name == "-" ? nil : name)
    }

    /// `# name: 123 bytes`, as Fedora's manifests have it, or any other comment.
    private static func comment(_ text: ArraySlice<UInt8>) -> ManifestLine {
        let words = text.split(separator: UInt8(ascii: " "))
        guard words.count >= 3, words.last.map({ Array($0) == Array("bytes".utf8) }) == true,
            let bytes = Int(String(decoding: words[words.count - 2], as: UTF8.self)), bytes >= 0,
            let colon = text.lastIndex(of: UInt8(ascii: ":"))
        else { return .nothing }
        let name = PathText.text(of: Array(text[..<colon].drop(while: isBlank)))
        return .size(name: name, bytes: bytes)
    }

    /// A name, with `\n`, `\r` and `\\` taken back where the line is escaped.
    ///
    /// - Returns: `nil` if a backslash stands before anything else.
    private static func name(_ text: ArraySlice<UInt8>, isEscaped: Bool) -> String? {
        guard isEscaped else { return PathText.text(of: Array(text)) }
        var name: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                name.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "n"): name.append(0x0A)
            case UInt8(ascii: "r"): name.append(0x0D)
            case UInt8(ascii: "\\"): name.append(UInt8(ascii: "\\"))
            default: return nil
            }
        }
        return PathText.text(of: name)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
