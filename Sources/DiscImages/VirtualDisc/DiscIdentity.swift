/// What a disc says of itself and of its maker, in its groove before anything is recorded.
public struct DiscIdentity: Codable, Hashable, Sendable {
    /// The maker's name in the groove: on DVD+ and BD of at most 8 and 6 characters, on DVD- the
    /// whole identification of at most 12; empty on CD, whose maker is told by ``leadIn``.
    public var manufacturer: String
    /// The maker's name of the kind of disc, at most 3 characters.
    public var type: String
    /// The revision of that kind.
    public var revision: Int
    /// On a CD, where the lead-in starts by the ATIP, in frames from 00:00:00.
    public var leadIn: Int

    /// Creates an identity.
    public init(manufacturer: String = "", type: String = "", revision: Int = 0, leadIn: Int = 0) {
        self.manufacturer = manufacturer
        self.type = type
        self.revision = revision
        self.leadIn = leadIn
    }
}
