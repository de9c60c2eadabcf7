/// Bytes that the generators write structures into.
struct Image {
    var bytes: [UInt8]

    init(sectors: Int) {
        bytes = [UInt8](repeating: 0, count: sectors * 2048)
    }

    mutating func put(_ values: [UInt8], at offset: Int) {
        for (index, value) in values.enumerated() where offset + index < bytes.count {
            bytes[offset + index] = value
        }
    }

    mutating func put(_ text: String, at offset: Int, padded width: Int = 0) {
        let text = Array(text.utf8)
        put(text + [UInt8](repeating: 0x20, count: max(0, width - text.count)), at: offset)
    }

    mutating func putUCS2(_ text: String, at offset: Int, padded width: Int) {
        var values = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        while values.count < width { values += [0, 0x20] }
        put(values, at: offset)
    }

    mutating func putLittle<T: FixedWidthInteger>(_ value: T, at offset: Int) {
        put((0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }, at: offset)
    }

    mutating func putBig<T: FixedWidthInteger>(_ value: T, at offset: Int) {
        putLittle(value.byteSwapped, at: offset)
    }

    /// ECMA-119's numbers in both orders.
    mutating func putBoth<T: FixedWidthInteger>(_ value: T, at offset: Int) {
        putLittle(value, at: offset)
        putBig(value, at: offset + T.bitWidth / 8)
    }

    /// The image, cut to a number of bytes.
    func cut(to count: Int) -> [UInt8] {
        Array(bytes[..<min(count, bytes.count)])
    }
}
