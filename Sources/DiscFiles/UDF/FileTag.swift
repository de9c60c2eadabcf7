import DiscModel

/// The 16 bytes that a descriptor of a UDF file structure begins with; ECMA-167 4/7.2.
enum FileTag {
    /// What follows; ECMA-167 4/7.2.1.
    enum Kind: UInt16 {
        case sparingTable = 0
        case fileSet = 256
        case fileIdentifier = 257
        case allocationExtent = 258
        case indirectEntry = 259
        case terminalEntry = 260
        case fileEntry = 261
        case extendedAttributes = 262
        case extendedFileEntry = 266
    }

    /// Checks a tag's own sum and the checksum over what follows; `nil` if either is wrong.
    ///
    /// Where it says that it stands is asked by ``UDFAddressing/checkPlace(of:at:)``.
    static func kind(_ bytes: Span<UInt8>, at offset: Int = 0) -> Kind? {
        var sum: UInt8 = 0
        for index in 0..<16 where index != 4 { sum &+= bytes.byte(offset + index) }
        let length = Int(bytes.little16(offset + 10))
        let first = offset + 16
        guard offset >= 0, first + length <= bytes.count, sum == bytes.byte(offset + 4),
            [2, 3].contains(bytes.little16(offset + 2)),
            CRC16.sum(of: bytes.extracting(first..<first + length)) == bytes.little16(offset + 8)
        else { return nil }
        return Kind(rawValue: bytes.little16(offset))
    }

    /// The block in which it says that it stands; ECMA-167 4/7.2.8.
    static func location(_ bytes: Span<UInt8>) -> UInt32 { bytes.little32(12) }
}
