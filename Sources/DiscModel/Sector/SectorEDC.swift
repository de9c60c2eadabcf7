/// The error detection code of CD sectors: a CRC of 32 bits over x^32 + x^31 + x^16 + x^15 + x^4 +
/// x^3 + x + 1, bits reversed, without inversions (ECMA-130 §14.3).
public enum SectorEDC {
    /// What a byte makes of the code, and behind it what it makes when one to seven zeros follow: so
    /// eight bytes are taken at a time.
    private static let table: [UInt32] = {
        var table = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { sum, _ in
                sum >> 1 ^ (sum & 1 == 0 ? 0 : 0xD801_8001)
            }
        }
        for i in 256..<2048 {
            let before = table[i - 256]
            table.append(before >> 8 ^ table[Int(before & 0xFF)])
        }
        return table
    }()

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
        let table = table.span
        var sum = start
        var i = range.lowerBound
        while range.upperBound - i >= 8 {
            let low =
                sum ^ UInt32(bytes[i]) ^ UInt32(bytes[i &+ 1]) << 8 ^ UInt32(bytes[i &+ 2]) << 16
                ^ UInt32(bytes[i &+ 3]) << 24
            sum =
                table[1792 &+ Int(low & 0xFF)] ^ table[1536 &+ Int(low >> 8 & 0xFF)]
                ^ table[1280 &+ Int(low >> 16 & 0xFF)] ^ table[1024 &+ Int(low >> 24)]
                ^ table[768 &+ Int(bytes[i &+ 4])] ^ table[512 &+ Int(bytes[i &+ 5])]
                ^ table[256 &+ Int(bytes[i &+ 6])] ^ table[Int(bytes[i &+ 7])]
            i &+= 8
        }
        while i < range.upperBound {
            sum = sum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ bytes[i])]
            i &+= 1
        }
        return sum
    }
}
