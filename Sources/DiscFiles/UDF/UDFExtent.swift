/// Neighbouring blocks of a UDF volume, counted from the beginning of the disc; ECMA-167 3/7.1.
public struct UDFExtent: Codable, Hashable, Sendable {
    /// The first block.
    public var start: Int
    /// The length in bytes.
    public var length: Int

    /// Creates an extent.
    public init(start: Int, length: Int) {
        self.start = start
        self.length = length
    }

    /// Reads an extent.
    init(_ bytes: Span<UInt8>, at offset: Int) {
        length = Int(bytes.little32(offset))
        start = Int(bytes.little32(offset + 4))
    }

    /// The block behind the last one.
    func end(blockSize: Int) -> UInt64 {
        length == 0 ? 0 : UInt64(start) + UInt64((length + blockSize - 1) / blockSize)
    }
}
