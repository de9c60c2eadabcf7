/// The CRC of 16 bits over x^16 + x^12 + x^5 + 1, high bit first and without inversions.
///
/// Q and CD-TEXT (ECMA-130 §22.3.4), UDF's descriptors (ECMA-167 1/7.2.6) and CHD images have it; what
/// it begins with and whether its bits are inverted at the end differs.
public enum CRC16 {
    private static let table: [UInt16] = (0..<256).map { byte in
        (0..<8).reduce(UInt16(byte) << 8) { sum, _ in
            sum << 1 ^ (sum & 0x8000 == 0 ? 0 : 0x1021)
        }
    }

    /// The sum over bytes.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - start: The sum over what came before, where it goes on.
    /// - Returns: The sum.
    public static func sum(of bytes: Span<UInt8>, continuing start: UInt16 = 0) -> UInt16 {
        let table = table
        var sum = start
        for i in bytes.indices {
            sum = sum << 8 ^ table[Int(UInt8(truncatingIfNeeded: sum >> 8) ^ bytes[i])]
        }
        return sum
    }

    /// The sum over bytes, one after the other.
    public static func sum(of bytes: some Sequence<UInt8>) -> UInt16 {
        let table = table
        return bytes.reduce(0) { sum, byte in
            sum << 8 ^ table[Int(UInt8(truncatingIfNeeded: sum >> 8) ^ byte)]
        }
    }
}
