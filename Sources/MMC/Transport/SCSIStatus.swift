/// The status byte that ends a command (SAM-5 §5.3.1).
public struct SCSIStatus: RawRepresentable, Hashable, Sendable {
    /// The byte.
    public var rawValue: UInt8

    /// Creates a status from its byte.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The command succeeded.
    public static let good = SCSIStatus(rawValue: 0x00)
    /// Sense data tell what is the matter.
    public static let checkCondition = SCSIStatus(rawValue: 0x02)
    /// The drive can't take the command now.
    public static let busy = SCSIStatus(rawValue: 0x08)
    /// Another initiator holds the drive.
    public static let reservationConflict = SCSIStatus(rawValue: 0x18)
}
