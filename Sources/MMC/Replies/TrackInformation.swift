public import DiscModel

/// The state of a track (MMC-6 §6.27.3, READ TRACK INFORMATION).
public struct TrackInformation: Hashable, Sendable {
    /// The track's number, FFh for none.
    public var number: Int
    /// Its session's number.
    public var session: Int
    /// Whether the track's recording was interrupted.
    public var isDamaged: Bool
    /// Whether the sectors are a copy (copy bit).
    public var isCopy: Bool
    /// The track mode: the control nibble of Q; bit 2 set for data.
    public var trackMode: Int
    /// Whether a size was reserved for the track.
    public var isReserved: Bool
    /// Whether nothing is recorded in it.
    public var isBlank: Bool
    /// Whether packets are, or are to be, written.
    public var isPacket: Bool
    /// Whether the packets are of fixed size.
    public var isFixedPacket: Bool
    /// The data mode: 1, 2 or Fh for unknown.
    public var dataMode: Int
    /// Where it starts.
    public var start: LBA
    /// Where the next write must go, where there is such a place.
    public var nextWritable: LBA?
    /// Sectors that can still be recorded.
    public var freeBlocks: Int
    /// Sectors in a packet, or in the blocks that are written together.
    public var packetSize: Int
    /// Its size in sectors; on an invisible track what is left of the disc.
    public var size: Int
    /// The last sector recorded, where that is known.
    public var lastRecorded: LBA?

    /// Creates the state of a track.
    public init(
        number: Int,
        session: Int,
        isDamaged: Bool = false,
        isCopy: Bool = false,
        trackMode: Int = 4,
        isReserved: Bool = false,
        isBlank: Bool = false,
        isPacket: Bool = false,
        isFixedPacket: Bool = false,
        dataMode: Int = 1,
        start: LBA,
        nextWritable: LBA? = nil,
        freeBlocks: Int = 0,
        packetSize: Int = 0,
        size: Int,
        lastRecorded: LBA? = nil
    ) {
        self.number = number
        self.session = session
        self.isDamaged = isDamaged
        self.isCopy = isCopy
        self.trackMode = trackMode
        self.isReserved = isReserved
        self.isBlank = isBlank
        self.isPacket = isPacket
        self.isFixedPacket = isFixedPacket
        self.dataMode = dataMode
        self.start = start
        self.nextWritable = nextWritable
        self.freeBlocks = freeBlocks
        self.packetSize = packetSize
        self.size = size
        self.lastRecorded = lastRecorded
    }

    /// Whether the track holds data, not audio.
    public var isData: Bool { trackMode & 0x04 != 0 }

    /// Reads a reply; fields behind the track's size may be missing.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("READ TRACK INFORMATION", bytes, atLeast: 28)
        // A drive older than MMC-2 has no high bytes, and may send what was in its buffer for them.
        let told = 2 + (try reply.u16(0))
        let end = told < 28 ? bytes.count : min(bytes.count, told)
        func high(_ offset: Int) -> Int { offset < end ? Int(bytes[offset]) << 8 : 0 }
        number = Int(bytes[2]) | high(32)
        session = Int(bytes[3]) | high(33)
        isDamaged = bytes[5] & 0x20 != 0
        isCopy = bytes[5] & 0x10 != 0
        trackMode = Int(bytes[5] & 0x0F)
        isReserved = bytes[6] & 0x80 != 0
        isBlank = bytes[6] & 0x40 != 0
        isPacket = bytes[6] & 0x20 != 0
        isFixedPacket = bytes[6] & 0x10 != 0
        dataMode = Int(bytes[6] & 0x0F)
        start = LBA(try reply.lba(8))
        nextWritable = bytes[7] & 0x01 != 0 ? LBA(try reply.lba(12)) : nil
        freeBlocks = Int(try reply.u32(16))
        packetSize = Int(try reply.u32(20))
        size = Int(try reply.u32(24))
        lastRecorded = nil
        if bytes[7] & 0x02 != 0, end >= 32 { lastRecorded = LBA(try reply.lba(28)) }
    }

    /// The reply as a drive sends it: 36 bytes.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.u16(34)
        reply.u8(number)
        reply.u8(session)
        reply.u8(0)
        reply.u8((isDamaged ? 0x20 : 0) | (isCopy ? 0x10 : 0) | trackMode)
        reply.u8(
            (isReserved ? 0x80 : 0) | (isBlank ? 0x40 : 0) | (isPacket ? 0x20 : 0)
                | (isFixedPacket ? 0x10 : 0) | dataMode
        )
        reply.u8((lastRecorded != nil ? 2 : 0) | (nextWritable != nil ? 1 : 0))
        reply.u32(start.rawValue)
        reply.u32(nextWritable?.rawValue ?? 0)
        reply.u32(freeBlocks)
        reply.u32(packetSize)
        reply.u32(size)
        reply.u32(lastRecorded?.rawValue ?? 0)
        reply.u8(number >> 8)
        reply.u8(session >> 8)
        reply.zeros(2)
        return reply.bytes
    }
}
