import DiscModel

/// The 16 bytes that every descriptor of UDF begins with; ECMA-167 3/7.2.
struct DescriptorTag {
    /// What follows; ECMA-167 3/7.2.1.
    enum Kind: UInt16 {
        case primaryVolume = 1
        case anchor = 2
        case pointer = 3
        case implementationUse = 4
        case partition = 5
        case logicalVolume = 6
        case unallocatedSpace = 7
        case terminator = 8
        case integrity = 9
    }

    /// What follows.
    let kind: Kind

    /// Checks a tag: its own sum, the checksum over what follows, and that it stands where it says.
    ///
    /// Nil where it is no descriptor, or a damaged or a misplaced one.
    init?(_ bytes: Span<UInt8>, block: UInt64) {
        var sum: UInt8 = 0
        for offset in 0..<16 where offset != 4 { sum &+= bytes.byte(offset) }
        let length = Int(bytes.little16(10))
        guard bytes.count >= 512, sum == bytes.byte(4), 16 + length <= bytes.count,
            [2, 3].contains(bytes.little16(2)), UInt64(bytes.little32(12)) == block,
            CRC16.sum(of: bytes.extracting(16..<16 + length)) == bytes.little16(8),
            let kind = Kind(rawValue: bytes.little16(0))
        else { return nil }
        self.kind = kind
    }
}
