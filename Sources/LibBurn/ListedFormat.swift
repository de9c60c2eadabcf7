/// One of the formats that a drive lists for the disc in it (MMC-6 §6.23, READ FORMAT CAPACITIES).
public struct ListedFormat: Hashable, Sendable, Codable {
    /// The format type, such as 00h or 30h.
    public var type: Int
    /// The sectors that the disc has when it is formatted so.
    public var sectors: Int

    /// Creates a format.
    public init(type: Int, sectors: Int) {
        self.type = type
        self.sectors = sectors
    }
}
