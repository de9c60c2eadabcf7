import DiscModel
import LinuxCalls

/// The text of a sheet, and in what encoding it was.
struct SheetText {
    /// The text; bytes whose encoding isn't known stand in it as ``KeptBytes``.
    let text: String
    /// What the user should know of the encoding: one sentence; `nil` if the encoding is known.
    let warning: String?

    /// The longest sheet that is read: 99 tracks with all they can have take a tenth.
    static let longest = 1 << 20
    /// Bytes that are looked at before all of a file is read as text.
    private static let tellingBytes = 512

    /// Reads a file as text.
    ///
    /// UTF-8, UTF-16 and UTF-32 with or without their marks, else the encoding that the user names.
    /// Without that, bytes that aren't ASCII are kept as they are.
    ///
    /// - Returns: `nil` if the file is too long, or has bytes that no text has.
    /// - Throws: Errors of the file; ``ImageFormatError`` if the text isn't valid in the encoding
    ///   that the user names.
    init?(_ file: ImageFile) throws {
        guard file.bytes.byteCount > 0, file.bytes.byteCount <= Self.longest else { return nil }
        // The first bytes of most other files tell; those may have to be unpacked.
        let beginning = try file.head(Self.tellingBytes)
        let unit = WideUnit(beginning)
        guard unit != nil || !beginning.contains(where: Self.isForeign) else { return nil }
        let bytes = try file.head(Self.longest)
        if let unit {
            guard let text = unit.text(bytes) else { return nil }
            self.init(text: text, warning: nil)
            return
        }
        guard !bytes.contains(where: Self.isForeign) else { return nil }
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let body = hasMark ? Array(bytes.dropFirst(3)) : bytes
        let utf8 = String(validating: body, as: UTF8.self)
        if let encoding = file.secrets?.encoding, !hasMark, body.contains(where: { $0 >= 0x80 }) {
            guard let text = encoding.text(body) else {
                throw ImageFormatError(
                    file.name,
                    "a text",
                    "the text",
                    "is not valid in the encoding \(encoding.name)"
                )
            }
            self.init(text: text, warning: nil)
            return
        }
        if let utf8 {
            self.init(text: utf8, warning: nil)
            return
        }
        let mayBeLatin = !body.contains { (0x80..<0xA0).contains($0) }
        self.init(
            text: KeptBytes.text(of: body),
            warning: "The encoding of \(file.name) is not known"
                + (mayBeLatin ? ", and is taken for ISO 8859-1" : "")
                + ": its bytes are kept as they are. Name the encoding with --encoding, such as CP1251 or SHIFT_JIS."
        )
    }

    /// Takes a text that lies in no file of its own.
    init(text: String, warning: String?) {
        self.text = text
        self.warning = warning
    }

    /// Whether a sheet can have a text in one of its lines, and can still be read as a text then.
    static func fitsIntoLine(_ text: String) -> Bool {
        !text.isEmpty && !text.utf8.contains { $0 == 0x0A || $0 == 0x0D || isForeign($0) }
    }

    /// Whether a byte is one that texts don't have.
    fileprivate static func isForeign(_ byte: UInt8) -> Bool {
        byte < 0x20 && ![9, 10, 12, 13, 26].contains(byte)
    }
}

/// The unit of a text whose characters have two or four bytes, and the order of the bytes.
private struct WideUnit {
    private let size: Int
    private let isBigEndian: Bool
    private let mark: Int

    /// Finds it by the mark at the beginning, or by the zeros beside ASCII; `nil` if the text has
    /// characters of one byte.
    init?(_ bytes: [UInt8]) {
        let marks: [([UInt8], Int, Bool)] = [
            ([0xFF, 0xFE, 0, 0], 4, false), ([0, 0, 0xFE, 0xFF], 4, true),
            ([0xFF, 0xFE], 2, false), ([0xFE, 0xFF], 2, true),
        ]
        if let (mark, size, isBig) = marks.first(where: { bytes.starts(with: $0.0) }) {
            self.init(size: size, isBigEndian: isBig, mark: mark.count)
            return
        }
        // A sheet begins with a word in ASCII.
        let zeros = bytes.prefix(8).map { $0 == 0 }
        let patterns: [([Bool], Int, Bool)] = [
            ([false, true, true, true], 4, false), ([true, true, true, false], 4, true),
            ([false, true], 2, false), ([true, false], 2, true),
        ]
        guard zeros.count == 8,
            let (_, size, isBig) = patterns.first(where: { pattern, size, _ in
                zeros == Array((0..<(8 / size)).map { _ in pattern }.joined())
            })
        else { return nil }
        self.init(size: size, isBigEndian: isBig, mark: 0)
    }

    private init(size: Int, isBigEndian: Bool, mark: Int) {
        self.size = size
        self.isBigEndian = isBigEndian
        self.mark = mark
    }

    /// The text; `nil` if the bytes are not valid, or have characters that no text has.
    func text(_ bytes: [UInt8]) -> String? {
        let units = stride(from: mark, to: bytes.count - size + 1, by: size).map { start in
            (0..<size).reduce(UInt32(0)) { value, index in
                let byte = UInt32(bytes[start + index])
                return isBigEndian ? value << 8 | byte : value | byte << UInt32(8 * index)
            }
        }
        let text =
            size == 4
            ? String(validating: units, as: UTF32.self)
            : String(validating: units.map { UInt16($0) }, as: UTF16.self)
        guard let text,
            !text.unicodeScalars.contains(where: {
                $0.value < 0x20 && SheetText.isForeign(UInt8($0.value))
            })
        else { return nil }
        return text
    }
}
