public import DiscModel

/// The last readable sector (MMC-6 §6.24, READ CAPACITY(10)).
public struct Capacity: Hashable, Sendable {
    /// The last sector's address.
    public var lastSector: LBA
    /// Bytes in a sector.
    public var sectorSize: Int

    /// The number of sectors from LBA 0.
    public var sectors: Int { lastSector.rawValue + 1 }

    /// Creates a capacity.
    public init(lastSector: LBA, sectorSize: Int = 2048) {
        self.lastSector = lastSector
        self.sectorSize = sectorSize
    }

    /// Reads a reply.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("READ CAPACITY", bytes, atLeast: 8)
        lastSector = LBA(Int(try reply.u32(0)))
        sectorSize = Int(try reply.u32(4))
    }

    /// The reply as a drive sends it: 8 bytes.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.u32(lastSector.rawValue)
        reply.u32(sectorSize)
        return reply.bytes
    }
}
