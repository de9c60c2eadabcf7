/// An entry of a directory; ECMA-167 4/14.4.
enum FileIdentifier {
    /// The bytes of an identifier, which end at a multiple of four.
    static func size(nameLength: Int) -> Int { (38 + nameLength + 3) / 4 * 4 }

    /// What an identifier leads to.
    struct Target {
        /// The block of its file entry, and the map of its partition.
        var block: UInt32
        var map: UInt16
        /// The number of the name (UDF 2.3.4.3).
        var uniqueID: UInt32
        /// ECMA-167 4/14.4.3.
        var characteristics: UInt8

        static let directory: UInt8 = 0x02
        static let parent: UInt8 = 0x08
    }

    /// Appends an identifier to those before it.
    ///
    /// - Parameters:
    ///   - bytes: The directory.
    ///   - name: The name; empty for the parent.
    ///   - target: What it leads to.
    ///   - version: The edition of ECMA-167.
    ///   - first: The block that the directory begins in.
    static func append(
        to bytes: inout [UInt8],
        name: [UInt8],
        _ target: Target,
        version: UInt16,
        first: UInt32
    ) {
        let size = size(nameLength: name.count)
        var identifier = DescriptorBytes(count: size)
        identifier.put(UInt16(1), at: 16)
        identifier.put(target.characteristics, at: 18)
        identifier.put(UInt8(name.count), at: 19)
        identifier.put(
            longAt: 20,
            length: 2048,
            block: target.block,
            partition: target.map,
            uniqueID: target.uniqueID
        )
        identifier.put(name, at: 38)
        identifier.tag(
            257,
            version: version,
            location: first + UInt32(bytes.count / 2048),
            count: size
        )
        bytes += identifier.bytes
    }
}
