/// What has happened to the medium (MMC-6 §6.8.3.5, GET EVENT STATUS NOTIFICATION, class 4).
public struct DriveEvent: Hashable, Sendable {
    /// The event code: 0 none, 1 eject request, 2 new medium, 3 medium removal, 4 medium changed.
    public var code: Int
    /// Whether a medium is present.
    public var isMediumPresent: Bool
    /// Whether the tray or door is open.
    public var isTrayOpen: Bool

    /// Creates an event.
    public init(code: Int = 0, isMediumPresent: Bool, isTrayOpen: Bool) {
        self.code = code
        self.isMediumPresent = isMediumPresent
        self.isTrayOpen = isTrayOpen
    }

    /// Reads a reply.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("GET EVENT STATUS NOTIFICATION", bytes, atLeast: 8)
        guard try reply.u8(2) & 0x87 == 0x04 else {
            throw ReplyError("GET EVENT STATUS NOTIFICATION", "it is not about the medium")
        }
        code = Int(try reply.u8(4) & 0x0F)
        isMediumPresent = try reply.u8(5) & 0x02 != 0
        isTrayOpen = try reply.u8(5) & 0x01 != 0
    }

    /// The reply as a drive sends it: 8 bytes.
    public var encoded: [UInt8] {
        [
            0, 6, 0x04, 0x5E, UInt8(code & 0x0F), (isMediumPresent ? 2 : 0) | (isTrayOpen ? 1 : 0),
            0, 0,
        ]
    }
}
