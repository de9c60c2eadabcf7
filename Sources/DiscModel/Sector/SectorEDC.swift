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
        var sum = start
        var place = range.lowerBound
        while range.upperBound - place > shortest {
            let end = min(range.upperBound, place + longest)
            sum = folded(bytes.extracting(place..<end), sum)
            place = end
        }
        return tabled(bytes, place..<range.upperBound, sum)
    }

    private static func tabled(_ bytes: Span<UInt8>, _ range: Range<Int>, _ start: UInt32) -> UInt32
    {
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

    // MARK: Folding

    /// The most bytes that are folded at once: a sector's.
    private static let longest = 2352
    /// With fewer, folding does not pay.
    private static let shortest = 768

    /// The code over as many bytes as a sector has, or fewer.
    ///
    /// The code's polynomial divides x^62 + x^30 + x^6 + 1, and so, in a field of two elements, that
    /// with all exponents times any power of 2. With 64 times, a byte may be added to those 256, 448
    /// and 496 places behind it instead of being counted itself, and with 16 times, 64, 112 and 124
    /// places: work that is the same for many bytes at a time. The last 124 are left for the table.
    private static func folded(_ bytes: Span<UInt8>, _ start: UInt32) -> UInt32 {
        guard bytes.count <= longest, bytes.count >= 4 else {
            return tabled(bytes, 0..<bytes.count, start)
        }
        // Zeros before a message count for nothing.
        var buffer = InlineArray<2352, UInt8>(repeating: 0)
        var all = buffer.mutableSpan
        let first = longest - bytes.count
        var message = all._mutatingExtracting(first..<longest)
        for i in 0..<min(message.count, bytes.count) { message[i] = bytes[i] }
        for i in 0..<4 { message[i] ^= UInt8(truncatingIfNeeded: start >> (8 * UInt32(i))) }
        for i in 0..<1856 {
            let byte = all[i]
            all[i &+ 256] ^= byte
            all[i &+ 448] ^= byte
            all[i &+ 496] ^= byte
        }
        for i in 1856..<2228 {
            let byte = all[i]
            all[i &+ 64] ^= byte
            all[i &+ 112] ^= byte
            all[i &+ 124] ^= byte
        }
        return tabled(all.span, 2228..<longest, 0)
    }
}
