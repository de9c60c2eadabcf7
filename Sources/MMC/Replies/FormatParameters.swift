/// How a disc is to be formatted (MMC-6 §6.5.3, the parameter list of FORMAT UNIT).
public struct FormatParameters: Hashable, Sendable {
    /// Whether the command ends before the format does.
    public var isImmediate: Bool
    /// The format type, such as 26h for DVD+RW.
    public var type: Int
    /// The format's sub-type, two bits.
    public var subtype: Int
    /// The number of sectors.
    public var sectors: Int
    /// The type-dependent parameter, 24 bits.
    public var parameter: Int

    /// Creates a list.
    public init(
        isImmediate: Bool = true,
        type: Int,
        subtype: Int = 0,
        sectors: Int,
        parameter: Int = 0
    ) {
        self.isImmediate = isImmediate
        self.type = type
        self.subtype = subtype
        self.sectors = sectors
        self.parameter = parameter
    }

    /// Reads a list of a header and one descriptor.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let list = try ReplyBytes("FORMAT UNIT", bytes, atLeast: 12)
        isImmediate = try list.u8(1) & 0x02 != 0
        type = Int(try list.u8(8) >> 2)
        subtype = Int(try list.u8(8) & 3)
        sectors = Int(try list.u32(4))
        parameter = try list.u24(9)
    }

    /// The list as it is sent: 12 bytes.
    public var encoded: [UInt8] {
        var list = ReplyBuilder()
        list.u8(0)
        // FOV: the flags are valid.
        list.u8(0x80 | (isImmediate ? 0x02 : 0))
        list.u16(8)
        list.u32(sectors)
        list.u8(type << 2 | subtype)
        list.u24(parameter)
        return list.bytes
    }
}
