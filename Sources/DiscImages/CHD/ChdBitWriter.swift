/// Makes a byte run of bits, from the highest of each byte on.
struct ChdBitWriter {
    /// The bytes that are full.
    private(set) var bytes: [UInt8] = []
    private var rest: UInt64 = 0
    private var count = 0

    /// Adds the low bits of a number, at most 32.
    mutating func write(_ value: Int, _ bits: Int) {
        guard bits > 0 else { return }
        rest = rest << UInt64(bits) | UInt64(truncatingIfNeeded: value) & (1 << UInt64(bits) - 1)
        count += bits
        while count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: rest >> UInt64(count)))
        }
    }

    /// Fills the last byte up with zeros.
    mutating func flush() {
        if count > 0 { write(0, 8 - count) }
    }
}
