/// The virtual allocation table of a disc that is written once: where each block of the structures is, so
/// that one that has changed can lie elsewhere; UDF 2.01 2.2.10.
enum VirtualTable {
    private static let header = 152

    /// The bytes of the table.
    static func size(_ layout: UDFLayout) -> Int { header + layout.structureBlocks * 4 }

    /// The table, in which all blocks are where their numbers say, since none has been written again.
    static func bytes(_ layout: UDFLayout) -> [UInt8] {
        var table = DescriptorBytes(count: size(layout))
        table.put(UInt16(header), at: 0)
        table.put(name: layout.options.label, at: 4, count: 128)
        // There is no table before this one.
        table.put(UInt32.max, at: 132)
        table.put(UInt32(layout.order.count - layout.directoryCount), at: 136)
        table.put(UInt32(layout.directoryCount), at: 140)
        for offset in [144, 146, 148] { table.put(layout.options.revision.digits, at: offset) }
        for block in 0..<layout.structureBlocks {
            table.put(UInt32(block), at: header + block * 4)
        }
        return table.bytes
    }
}
