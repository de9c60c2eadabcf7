/// A way to write text as bytes, as it is recognised without knowing more than the bytes.
enum TextForm: CaseIterable {
    /// ASCII and everything that keeps its control characters: UTF-8, Latin-1, Shift JIS and others.
    case bytes
    case utf16Little
    case utf16Big
    case utf32Little
    case utf32Big

    /// Bytes of a unit.
    var width: Int {
        switch self {
        case .bytes: 1
        case .utf16Little, .utf16Big: 2
        case .utf32Little, .utf32Big: 4
        }
    }

    /// The forms in which some bytes can be text and nothing else.
    ///
    /// - Parameters:
    ///   - bytes: The bytes, which begin and end between units; zeros at their end don't count.
    ///   - isWhole: Whether all of the text is here; a piece may begin or end within a pair of UTF-16.
    /// - Returns: None if it is no text.
    static func forms(of bytes: Span<UInt8>, isWhole: Bool) -> [TextForm] {
        var end = bytes.count
        while end > 0, bytes[end - 1] == 0 { end -= 1 }
        guard end > 0 else { return [] }
        return allCases.filter { form in
            let whole = min(bytes.count, (end + form.width - 1) / form.width * form.width)
            return form.isText(bytes.extracting(0..<whole), isWhole: isWhole)
        }
    }

    private func isText(_ bytes: Span<UInt8>, isWhole: Bool) -> Bool {
        guard bytes.count % width == 0 else { return false }
        // Texts are full of blanks, digits and letters of ASCII; what only looks like characters of
        // other scripts may be anything.
        var (count, plain) = (0, 0)
        if self == .bytes {
            for index in 0..<bytes.count {
                guard Self.isPlain(UInt32(bytes[index])) else { return false }
                if bytes[index] < 0x80 { plain += 1 }
            }
            return plain * 16 >= bytes.count
        }
        var high: UInt32?
        for offset in stride(from: 0, to: bytes.count, by: width) {
            var value = unit(bytes, at: offset)
            if width == 2, 0xDC00..<0xE000 ~= value {
                guard let first = high else {
                    if isWhole || offset > 0 { return false }
                    continue
                }
                value = 0x10000 + (first - 0xD800) << 10 + (value - 0xDC00)
                high = nil
            } else {
                guard high == nil else { return false }
                if width == 2, 0xD800..<0xDC00 ~= value {
                    high = value
                    continue
                }
            }
            if offset == 0, value == 0xFEFF { continue }
            guard Self.isPlain(value), let scalar = Unicode.Scalar(value) else { return false }
            switch scalar.properties.generalCategory {
            case .unassigned, .privateUse, .surrogate: return false
            default: break
            }
            count += 1
            if value < 0x80 { plain += 1 }
        }
        if high != nil, isWhole { return false }
        return count > 0 && plain * 4 >= count
    }

    private func unit(_ bytes: Span<UInt8>, at offset: Int) -> UInt32 {
        switch self {
        case .bytes: UInt32(bytes.byte(offset))
        case .utf16Little: UInt32(bytes.little16(offset))
        case .utf16Big: UInt32(bytes.big16(offset))
        case .utf32Little: bytes.little32(offset)
        case .utf32Big: bytes.big32(offset)
        }
    }

    /// Whether a character is none that steers a device, or one of those that texts have.
    private static func isPlain(_ value: UInt32) -> Bool {
        value >= 0x20 ? value != 0x7F : [9, 10, 12, 13, 26, 27].contains(value)
    }
}
