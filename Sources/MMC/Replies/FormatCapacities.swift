/// The capacity of the disc and the ways to format it (MMC-6 §6.23, READ FORMAT CAPACITIES).
public struct FormatCapacities: Hashable, Sendable {
    /// What the current capacity means.
    public enum Kind: Int, Sendable {
        /// The disc is not formatted; the number is what it can hold at most.
        case unformatted = 1
        /// The disc is formatted; the number is what it holds.
        case formatted = 2
        /// There is no disc, and the number is the most that any disc can hold; or it is a DVD-RW that
        /// was formatted quickly, whose recording is not ended yet (intermediate state).
        case noMedium = 3
    }

    /// One way to format the disc.
    public struct Descriptor: Hashable, Sendable {
        /// The format type, such as 26h for DVD+RW.
        public var type: Int
        /// The number of sectors.
        public var sectors: Int
        /// The type-dependent parameter, 24 bits.
        public var parameter: Int

        /// Creates a descriptor.
        public init(type: Int, sectors: Int, parameter: Int) {
            self.type = type
            self.sectors = sectors
            self.parameter = parameter
        }
    }

    /// What the current capacity means.
    public var kind: Kind
    /// The current or maximum capacity in sectors.
    public var sectors: Int
    /// Bytes in a sector.
    public var sectorSize: Int
    /// The ways to format the disc.
    public var descriptors: [Descriptor]

    /// Creates a list.
    public init(
        kind: Kind,
        sectors: Int,
        sectorSize: Int = 2048,
        descriptors: [Descriptor] = []
    ) {
        self.kind = kind
        self.sectors = sectors
        self.sectorSize = sectorSize
        self.descriptors = descriptors
    }

    /// Reads a reply.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("READ FORMAT CAPACITIES", bytes, atLeast: 12)
        guard let kind = Kind(rawValue: Int(try reply.u8(8) & 3)) else {
            throw ReplyError("READ FORMAT CAPACITIES", "its descriptor type is reserved")
        }
        self.kind = kind
        sectors = Int(try reply.u32(4))
        sectorSize = try reply.u24(9)
        descriptors = []
        let end = min(reply.count, 4 + Int(try reply.u8(3)))
        var offset = 12
        while offset + 8 <= end {
            descriptors.append(
                Descriptor(
                    type: Int(try reply.u8(offset + 4) >> 2),
                    sectors: Int(try reply.u32(offset)),
                    parameter: try reply.u24(offset + 5)
                )
            )
            offset += 8
        }
    }

    /// The reply as a drive sends it.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.u24(0)
        reply.u8(8 + 8 * descriptors.count)
        reply.u32(sectors)
        reply.u8(kind.rawValue)
        reply.u24(sectorSize)
        for descriptor in descriptors {
            reply.u32(descriptor.sectors)
            reply.u8(descriptor.type << 2)
            reply.u24(descriptor.parameter)
        }
        return reply.bytes
    }
}
