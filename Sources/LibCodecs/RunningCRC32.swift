internal import CLibZ

/// The CRC-32 of IEEE 802.3, as zlib counts it.
public struct RunningCRC32: Hashable, Sendable {
    /// The sum of what was given so far.
    public private(set) var value: UInt32 = 0

    /// Begins a sum.
    public init() {}

    /// Takes more bytes in.
    ///
    /// The corresponding C function is `crc32_z`.
    public mutating func update(_ bytes: Span<UInt8>) {
        let before = uLong(value)
        value = unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return UInt32(truncatingIfNeeded: before) }
            return unsafe UInt32(truncatingIfNeeded: crc32_z(before, start, bytes.count))
        }
    }
}
