/// The error detection code of CD sectors: a CRC of 32 bits over x^32 + x^31 + x^16 + x^15 + x^4 +
/// x^3 + x + 1, bits reversed, without inversions (ECMA-130 §14.3).
public enum SectorEDC {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { sum, _ in
            sum >> 1 ^ (sum & 1 == 0 ? 0 : 0xD801_8001)
        }
    }

    /// The code over a range of a buffer.
    ///
    /// - Parameters:
    ///   - bytes: The buffer.
    ///   - range: The bytes of it that count.
    ///   - start: The code over what came before, where it goes on.
    /// - Returns: The code.
    public static func sum(
        of bytes: Span<UInt8>,
        in range: Range<Int>,
        continuing start: UInt32 = 0
    ) -> UInt32 {
        let table = table
        var sum = start
        for i in range {
            sum = sum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ bytes[i])]
        }
        return sum
    }
}
