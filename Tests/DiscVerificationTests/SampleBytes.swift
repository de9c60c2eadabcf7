/// Bytes that look like data: no sector is zero, and none is like another.
func data(sectors: Int, seed: UInt64 = 1) -> [UInt8] {
    data(bytes: sectors * 2048, seed: seed)
}

/// Bytes that look like data.
func data(bytes count: Int, seed: UInt64 = 1) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + pattern.count)
    // The number of the sector makes it unlike all others.
    for sector in 0..<(count + pattern.count - 1) / pattern.count {
        var number = (UInt64(sector) &+ seed << 32 &+ 1) &* 0x9E37_79B9_7F4A_7C15
        bytes += pattern
        for index in bytes.count - 8..<bytes.count {
            bytes[index] ^= UInt8(truncatingIfNeeded: number)
            number >>= 8
        }
    }
    bytes.removeSubrange(count...)
    return bytes
}

/// A sector without a zero.
private let pattern = (0..<2048).map { UInt8(truncatingIfNeeded: $0 &* 37 >> 2) | 1 }

/// Sectors of zeros.
func zeros(sectors: Int) -> [UInt8] { Array(repeating: 0, count: sectors * 2048) }
