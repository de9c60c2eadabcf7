public import DiscModel

/// The speeds at which a drive writes the disc in it (MMC-6 §6.7.4.5, GET PERFORMANCE type 03h).
public struct WriteSpeeds: Hashable, Sendable {
    /// One speed.
    public struct Descriptor: Hashable, Sendable {
        /// The last sector to which it holds.
        public var end: LBA
        /// Read speed in kB/s, of 1000 bytes.
        public var readSpeed: Int
        /// Write speed in kB/s, of 1000 bytes.
        public var writeSpeed: Int

        /// Creates a speed.
        public init(end: LBA, readSpeed: Int, writeSpeed: Int) {
            self.end = end
            self.readSpeed = readSpeed
            self.writeSpeed = writeSpeed
        }
    }

    /// The speeds, in the drive's order: fastest first as a rule.
    public var descriptors: [Descriptor]

    /// Creates a list.
    public init(descriptors: [Descriptor]) {
        self.descriptors = descriptors
    }

    /// Reads a reply.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("GET PERFORMANCE", bytes, atLeast: 8)
        descriptors = []
        let end = min(reply.count, 4 + Int(try reply.u32(0)))
        var offset = 8
        while offset + 16 <= end {
            descriptors.append(
                Descriptor(
                    end: LBA(Int(try reply.u32(offset + 4))),
                    readSpeed: Int(try reply.u32(offset + 8)),
                    writeSpeed: Int(try reply.u32(offset + 12))
                )
            )
            offset += 16
        }
    }

    /// The reply as a drive sends it.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.zeros(8)
        for descriptor in descriptors {
            reply.zeros(4)
            reply.u32(descriptor.end.rawValue)
            reply.u32(descriptor.readSpeed)
            reply.u32(descriptor.writeSpeed)
        }
        reply.setLength32(at: 0)
        return reply.bytes
    }
}
