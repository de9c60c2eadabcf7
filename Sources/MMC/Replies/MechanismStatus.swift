/// What the drive's mechanism does (MMC-6 §6.10, MECHANISM STATUS).
public struct MechanismStatus: Hashable, Sendable {
    /// Whether the door or tray is open.
    public var isDoorOpen: Bool
    /// What it does: 0 idle, 1 playing, 2 scanning, 3 other.
    public var state: Int

    /// Creates a status.
    public init(isDoorOpen: Bool, state: Int = 0) {
        self.isDoorOpen = isDoorOpen
        self.state = state
    }

    /// Reads a reply.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("MECHANISM STATUS", bytes, atLeast: 8)
        isDoorOpen = try reply.u8(1) & 0x10 != 0
        state = Int(try reply.u8(1) >> 5)
    }

    /// The reply of a drive without a changer: 8 bytes.
    public var encoded: [UInt8] {
        [0, UInt8(truncatingIfNeeded: state << 5) | (isDoorOpen ? 0x10 : 0), 0, 0, 0, 0, 0, 0]
    }
}
