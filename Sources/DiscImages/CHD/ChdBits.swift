/// Bits of a byte run, from the highest of each byte on; behind the end there are zeros.
struct ChdBits {
    private let bytes: [UInt8]
    private var place = 0

    /// Whether more was read than there is.
    var isBehindEnd: Bool { place > 8 * bytes.count }
    /// How many bits there are.
    var count: Int { 8 * bytes.count }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next bits, at most 32, without going on.
    func peek(_ count: Int) -> Int {
        guard count > 0 else { return 0 }
        var value: UInt64 = 0
        let first = place >> 3
        for i in first..<(first + 5) {
            value = value << 8 | UInt64(i < bytes.count ? bytes[i] : 0)
        }
        let shift = UInt64(40 - (place & 7) - count)
        return Int(value >> shift & (1 << UInt64(count) - 1))
    }

    /// Goes on by some bits.
    mutating func skip(_ count: Int) {
        // As far as this goes, it is behind the end.
        place = min(place + count, 8 * bytes.count + 64)
    }

    /// The next bits, at most 32.
    mutating func read(_ count: Int) -> Int {
        let value = peek(count)
        skip(count)
        return value
    }
}
