/// A logical block address: the number of a sector on a disc, counted from the first user sector.
///
/// Sectors before it (the pregap of a CD's first track, the lead-in) have negative addresses.
/// MMC-6 §4.2.4 gives its relation to ``MSF`` on a CD.
public struct LBA: RawRepresentable, Hashable, Comparable, Sendable {
    /// The sector number.
    public var rawValue: Int

    /// Creates an address from a sector number.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Creates an address from a sector number.
    public init(_ sector: Int) {
        rawValue = sector
    }

    /// The first user sector.
    public static let zero = LBA(0)

    /// Orders by position on the disc.
    public static func < (a: LBA, b: LBA) -> Bool {
        a.rawValue < b.rawValue
    }

    /// The address that lies a number of sectors further on.
    public static func + (address: LBA, sectors: Int) -> LBA {
        LBA(address.rawValue + sectors)
    }

    /// The address that lies a number of sectors before.
    public static func - (address: LBA, sectors: Int) -> LBA {
        LBA(address.rawValue - sectors)
    }

    /// The number of sectors from one address up to another.
    public static func - (end: LBA, start: LBA) -> Int {
        end.rawValue - start.rawValue
    }

    /// Moves the address on.
    public static func += (address: inout LBA, sectors: Int) {
        address.rawValue += sectors
    }
}

extension LBA: CustomStringConvertible {
    /// The sector number in decimal.
    public var description: String { String(rawValue) }
}

extension LBA: Codable {
    /// Reads a plain number.
    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(Int.self)
    }

    /// Writes a plain number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
