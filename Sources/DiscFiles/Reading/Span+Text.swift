/// Names in structures that strangers wrote, without what could steer a terminal.
extension Span where Element == UInt8 {
    /// A field of single bytes, read as Latin-1, without the blanks and zeros behind the text.
    func text(at offset: Int, count length: Int) -> String {
        var units: [UInt16] = []
        for index in 0..<Swift.max(0, length) {
            units.append(UInt16(byte(offset + index)))
        }
        return Self.printable(units)
    }

    /// A field of big-endian UTF-16, as Joliet and UDF have it.
    func bigEndianText(at offset: Int, count length: Int) -> String {
        var units: [UInt16] = []
        for index in 0..<Swift.max(0, length / 2) {
            units.append(big16(offset + index * 2))
        }
        return Self.printable(units)
    }

    /// A field of little-endian UTF-16 that ends at a zero, as GPT has it.
    func littleEndianText(at offset: Int, count length: Int) -> String {
        var units: [UInt16] = []
        for index in 0..<Swift.max(0, length / 2) {
            let unit = little16(offset + index * 2)
            if unit == 0 { break }
            units.append(unit)
        }
        return Self.printable(units)
    }

    /// A GUID in its usual spelling: three little-endian parts and eight bytes.
    ///
    /// UEFI 2.10, appendix A.
    func guid(at offset: Int) -> String {
        var digits = ""
        for position in [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] {
            let value = byte(offset + position)
            digits += (value < 16 ? "0" : "") + String(value, radix: 16, uppercase: true)
            if [0, 4, 6, 9].contains(position) { digits += "-" }
        }
        return digits
    }

    private static func printable(_ units: [UInt16]) -> String {
        var units = units[...]
        while let last = units.last, last == 0 || last == 0x20 { units.removeLast() }
        var scalars = String.UnicodeScalarView()
        for scalar in String(decoding: units, as: UTF16.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
                scalars.append("\u{FFFD}")
            default:
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
