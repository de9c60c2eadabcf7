/// The checksum of GPT's structures: the CRC-32 of Ethernet; UEFI 2.10 §5.3.2.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 {
            value = value & 1 != 0 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
        }
        return value
    }

    /// The checksum of some bytes, taking some of them as zeros.
    static func of(_ bytes: Span<UInt8>, _ range: Range<Int>, zeroing: Range<Int> = 0..<0)
        -> UInt32
    {
        var value = UInt32.max
        for offset in range {
            let byte = zeroing.contains(offset) ? 0 : bytes.byte(offset)
            value = value >> 8 ^ table[Int((value ^ UInt32(byte)) & 0xFF)]
        }
        return ~value
    }
}
