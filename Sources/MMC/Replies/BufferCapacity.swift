/// How full the drive's buffer is (MMC-6 §6.20, READ BUFFER CAPACITY).
public struct BufferCapacity: Hashable, Sendable {
    /// The buffer's size in bytes.
    public var size: Int
    /// What is free of it in bytes.
    public var free: Int

    /// Creates a reading.
    public init(size: Int, free: Int) {
        self.size = size
        self.free = free
    }

    /// Reads a reply.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("READ BUFFER CAPACITY", bytes, atLeast: 12)
        size = Int(try reply.u32(4))
        free = Int(try reply.u32(8))
    }

    /// The reply as a drive sends it: 12 bytes.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.u16(10)
        reply.u16(0)
        reply.u32(size)
        reply.u32(free)
        return reply.bytes
    }
}
