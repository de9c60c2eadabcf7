/// What the lead-in of a session says of its tracks: the disc type byte of its table of contents
/// (MMC-6 §6.26, point A0h).
public enum SessionKind: String, Codable, CaseIterable, Sendable {
    /// CD-DA or CD-ROM.
    case cdROM = "cd-rom"
    /// CD-I.
    case cdI = "cd-i"
    /// CD-ROM XA.
    case cdROMXA = "cd-rom-xa"

    /// The byte.
    public var code: UInt8 {
        switch self {
        case .cdROM: 0x00
        case .cdI: 0x10
        case .cdROMXA: 0x20
        }
    }

    /// The kind with a byte; nothing for bytes that are not defined.
    public init?(code: UInt8) {
        guard let kind = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = kind
    }
}
