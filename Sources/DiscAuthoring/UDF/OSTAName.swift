import DiscModel

/// Names in OSTA's compressed Unicode: a byte that tells the width of the characters, and characters of
/// one byte or of two (UDF 2.1.1).
enum OSTAName {
    /// The longest name of an entry in bytes, the first one included (ECMA-167 4/14.4.4).
    static let longest = 255

    /// The bytes of a text.
    static func bytes(_ text: String) -> [UInt8] { bytes(Array(text.utf16)) }

    private static func bytes(_ units: [UInt16]) -> [UInt8] {
        if units.allSatisfy({ $0 < 0x100 }) {
            return [8] + units.map { UInt8(truncatingIfNeeded: $0) }
        }
        return [16]
            + units.flatMap {
                [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)]
            }
    }

    /// The bytes of as much of a text as a field can hold.
    static func field(_ text: String, count: Int) -> [UInt8] {
        var units = Array(text.utf16.prefix(count))
        while bytes(units).count > count { units = dropLast(units) }
        return bytes(units)
    }

    /// Whether a field can hold a text.
    static func fits(_ text: String, count: Int) -> Bool { bytes(text).count <= count }

    /// The name of an entry as it goes onto the disc.
    struct Entry {
        /// The bytes.
        var bytes: [UInt8]
        /// Why it is not the name that the source has; `nil` if it is.
        var change: UDFImage.Rename.Reason?
        /// Whether it has characters that take two units, which Unicode 2.0 did not have.
        var hasPairs = false
    }

    /// The name of an entry.
    ///
    /// - Parameters:
    ///   - name: The name that the source has.
    ///   - number: A number to tell it from another one that looks the same when shortened.
    /// - Returns: The name for the disc.
    static func entry(_ name: AuthoredName, number: Int = 0) -> Entry {
        var entry = Entry(bytes: [])
        var units: [UInt16] = []
        if let text = name.text {
            units = Array(text.utf16)
        } else {
            units = name.bytes.map(UInt16.init)
            entry.change = .notUnicode
        }
        if units.contains(where: { $0 == 0xFEFF || $0 == 0xFFFE }) {
            // UDF 2.1.1 takes these two out of Unicode, because they tell the order of bytes.
            units = units.map { $0 == 0xFEFF || $0 == 0xFFFE ? 0x5F : $0 }
            entry.change = entry.change ?? .forbiddenCharacter
        }
        entry.hasPairs = units.contains { UTF16.isLeadSurrogate($0) }
        entry.bytes = bytes(units)
        if entry.bytes.count > longest {
            entry.bytes = shortened(units, of: name, number: 0)
            entry.change = .tooLong
        }
        if number > 0 {
            entry.bytes = shortened(units, of: name, number: number)
            entry.change = entry.change ?? .sameName
        }
        return entry
    }

    /// Shortens a name as UDF 4.2.2.1.4 does: a mark with a checksum of the name stands before the
    /// extension.
    private static func shortened(
        _ units: [UInt16],
        of name: AuthoredName,
        number: Int
    ) -> [UInt8] {
        var stem = units
        var ending: [UInt16] = []
        if let dot = units.lastIndex(of: 0x2E), dot > 0, units.count - dot <= 6 {
            stem = Array(units[..<dot])
            ending = Array(units[dot...])
        }
        let sum = String(CRC16.sum(of: name.bytes), radix: 16, uppercase: true)
        var mark = "#" + String(repeating: "0", count: 4 - sum.utf8.count) + sum
        if number > 0 { mark += "-\(number)" }
        let tail = Array(mark.utf16) + ending
        stem = Array(stem.prefix(2 * longest))
        while bytes(stem + tail).count > longest { stem = dropLast(stem) }
        return bytes(stem + tail)
    }

    /// Drops the last character, with both of its units if it has two.
    private static func dropLast(_ units: [UInt16]) -> [UInt16] {
        var units = units
        if let last = units.popLast(), UTF16.isTrailSurrogate(last),
            let lead = units.last, UTF16.isLeadSurrogate(lead)
        {
            units.removeLast()
        }
        return units
    }

    /// The text of a name's bytes.
    static func text(_ bytes: [UInt8]) -> String {
        guard bytes.first == 16 else {
            return String(decoding: bytes.dropFirst().map(UInt16.init), as: UTF16.self)
        }
        let units = stride(from: 1, to: bytes.count - 1, by: 2).map {
            UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
        }
        return String(decoding: units, as: UTF16.self)
    }
}
