public import DiscModel

/// How fast a drive reads or writes along the disc (MMC-6 §6.7.4.1, GET PERFORMANCE type 00h).
public struct Performance: Hashable, Sendable {
    /// One stretch of the disc.
    public struct Descriptor: Hashable, Sendable {
        /// Its first sector.
        public var start: LBA
        /// The speed there in kB/s, of 1000 bytes.
        public var startSpeed: Int
        /// Its last sector.
        public var end: LBA
        /// The speed there in kB/s.
        public var endSpeed: Int

        /// Creates a stretch.
        public init(start: LBA, startSpeed: Int, end: LBA, endSpeed: Int) {
            self.start = start
            self.startSpeed = startSpeed
            self.end = end
            self.endSpeed = endSpeed
        }
    }

    /// Whether the speeds are those of writing.
    public var isWriting: Bool
    /// The stretches in order.
    public var descriptors: [Descriptor]

    /// Creates a list.
    public init(isWriting: Bool, descriptors: [Descriptor]) {
        self.isWriting = isWriting
        self.descriptors = descriptors
    }

    /// Reads a reply.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("GET PERFORMANCE", bytes, atLeast: 8)
        let flags = try reply.u8(4)
        guard flags & 0x01 == 0 else {
            throw ReplyError("GET PERFORMANCE", "it lists exceptions, whose form is another one")
        }
        isWriting = flags & 0x02 != 0
        descriptors = []
        let end = min(reply.count, 4 + Int(try reply.u32(0)))
        var offset = 8
        while offset + 16 <= end {
            descriptors.append(
                Descriptor(
                    start: LBA(Int(try reply.u32(offset))),
                    startSpeed: Int(try reply.u32(offset + 4)),
                    end: LBA(Int(try reply.u32(offset + 8))),
                    endSpeed: Int(try reply.u32(offset + 12))
                )
            )
            offset += 16
        }
    }

    /// The reply as a drive sends it.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.u32(0)
        reply.u8(isWriting ? 0x02 : 0)
        reply.zeros(3)
        for descriptor in descriptors {
            reply.u32(descriptor.start.rawValue)
            reply.u32(descriptor.startSpeed)
            reply.u32(descriptor.end.rawValue)
            reply.u32(descriptor.endSpeed)
        }
        reply.setLength32(at: 0)
        return reply.bytes
    }
}
