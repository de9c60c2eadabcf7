/// Bits that are read from their end on, as LZFSE keeps them.
struct FSEWriter {
    private(set) var bytes: [UInt8]
    private var held: UInt64 = 0
    private var count = 0

    /// Begins behind so many bytes of zeros.
    init(padding: Int = 0) {
        bytes = [UInt8](repeating: 0, count: padding)
    }

    /// Adds bits above those before; no more than 32 at once.
    mutating func push(_ value: Int, _ wanted: Int) {
        held |= UInt64(truncatingIfNeeded: value) << UInt64(count)
        count += wanted
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: held))
            held >>= 8
            count -= 8
        }
    }

    /// Ends them.
    ///
    /// - Returns: How many bits of the last byte count, less eight, or 0 where all do.
    mutating func finish() -> Int {
        guard count > 0 else { return 0 }
        bytes.append(UInt8(truncatingIfNeeded: held))
        defer { count = 0 }
        return count - 8
    }
}
