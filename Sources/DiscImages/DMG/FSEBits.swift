/// Bits that are read from their end on, as LZFSE keeps them.
struct FSEBits {
    private var held: UInt64 = 0
    private var count: Int
    private var next: Int
    private let first: Int

    /// Takes bits; there is nothing where they are damaged.
    ///
    /// - Parameters:
    ///   - input: The bytes that hold them.
    ///   - from: The first byte that may be looked at.
    ///   - to: The byte behind the last one.
    ///   - count: How many bits of the last byte don't count, as a negative number.
    init?(_ input: Span<UInt8>, from: Int, to: Int, count: Int) {
        let bytes = count == 0 ? 7 : 8
        guard to - bytes >= from, to <= input.count else { return nil }
        first = from
        next = to - bytes
        self.count = bytes * 8 + count
        for i in 0..<bytes { held |= UInt64(input[next + i]) << UInt64(8 * i) }
        guard self.count >= 56, self.count < 64, held >> UInt64(self.count) == 0 else {
            return nil
        }
    }

    /// Takes in as many bytes as there is room for, which makes 56 bits at least.
    ///
    /// - Returns: False where there are no more bytes.
    mutating func refill(_ input: Span<UInt8>) -> Bool {
        let bytes = (63 - count) / 8
        guard next - bytes >= first, count >= 0 else { return false }
        for _ in 0..<bytes {
            next -= 1
            held = held << 8 | UInt64(input[next])
        }
        count += bytes * 8
        return true
    }

    /// Takes bits out, the highest first; no more than 56 after a refill.
    mutating func pull(_ wanted: Int) -> Int {
        count -= wanted
        guard count >= 0 else { return 0 }
        let value = held >> UInt64(count)
        held &= 1 << UInt64(count) - 1
        return Int(truncatingIfNeeded: value)
    }
}
