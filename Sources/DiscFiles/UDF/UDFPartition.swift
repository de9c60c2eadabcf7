/// The part of a UDF volume that holds files; ECMA-167 3/10.5.
public struct UDFPartition: Codable, Hashable, Sendable {
    /// The number by which the logical volume means it.
    public var number: Int
    /// Its first block, from the beginning of the disc.
    public var start: Int
    /// The number of its blocks.
    public var count: Int
    /// How it can be written: 1 never, 2 once, 3 after erasing, 4 at will; 0 with sparing of UDF 1.5.
    public var accessType: Int

    /// Reads a partition descriptor.
    init(_ bytes: Span<UInt8>) {
        number = Int(bytes.little16(22))
        start = Int(bytes.little32(188))
        count = Int(bytes.little32(192))
        accessType = Int(bytes.little32(184))
    }

    /// The block behind the last one.
    var end: UInt64 { UInt64(start) + UInt64(count) }
}
