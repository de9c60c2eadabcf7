/// A block of a UDF volume's file structures: a partition map and a block of it; ECMA-167 4/7.1.
struct UDFAddress: Hashable {
    /// The index of the partition map.
    var map: Int
    /// The block within it.
    var block: UInt32

    init(map: Int, block: UInt32) {
        self.map = map
        self.block = block
    }

    /// Reads a long allocation descriptor's address, behind its length; ECMA-167 4/14.14.2.
    init(_ bytes: Span<UInt8>, longAt offset: Int) {
        block = bytes.little32(offset + 4)
        map = Int(bytes.little16(offset + 8))
    }

    /// One number for both.
    var identity: UInt64 { UInt64(map) << 32 | UInt64(block) }
}
