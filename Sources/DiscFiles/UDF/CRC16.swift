/// The checksum of UDF's descriptors: x^16 + x^12 + x^5 + 1, beginning with 0; ECMA-167 1/7.2.6.
enum CRC16 {
    private static let table: [UInt16] = (0..<256).map { index in
        var value = UInt16(index) << 8
        for _ in 0..<8 {
            value = value & 0x8000 != 0 ? value << 1 ^ 0x1021 : value << 1
        }
        return value
    }

    /// The checksum of some bytes; those outside the span count as zeros.
    static func of(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt16 {
        var value: UInt16 = 0
        for offset in range {
            value = value << 8 ^ table[Int(value >> 8 ^ UInt16(bytes.byte(offset)))]
        }
        return value
    }
}
