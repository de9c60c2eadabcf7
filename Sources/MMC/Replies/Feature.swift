/// A feature: a set of commands and behaviours that a drive offers together (MMC-6 §5.3).
public struct Feature: Hashable, Sendable {
    /// The feature's code, such as 0021h for incremental streaming writing.
    public var code: Int
    /// The version of its descriptor.
    public var version: Int
    /// Whether it is current with every disc.
    public var isPersistent: Bool
    /// Whether it is current now.
    public var isCurrent: Bool
    /// The feature-dependent bytes, a multiple of 4, at most 252.
    public var data: [UInt8]

    /// Creates a feature.
    public init(
        code: Int,
        version: Int = 0,
        isPersistent: Bool = false,
        isCurrent: Bool = true,
        data: [UInt8] = []
    ) {
        self.code = code
        self.version = version
        self.isPersistent = isPersistent
        self.isCurrent = isCurrent
        self.data = data
    }

    /// The descriptor as a drive sends it.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.u16(code)
        reply.u8(version << 2 | (isPersistent ? 2 : 0) | (isCurrent ? 1 : 0))
        reply.u8(data.count)
        reply.append(data)
        return reply.bytes
    }
}
