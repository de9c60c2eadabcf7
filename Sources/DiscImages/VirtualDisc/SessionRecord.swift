/// A session of a virtual disc.
public struct SessionRecord: Codable, Hashable, Sendable {
    /// The session's number, from 1.
    public var number: Int
    /// Its tracks in order.
    public var tracks: [TrackRecord]
    /// Where its lead-out begins; absent while it is open.
    public var leadOut: Int?
    /// The disc type byte of its lead-in: 00h CD-DA or CD-ROM, 10h CD-I, 20h CD-ROM XA.
    public var discType: Int
    /// The media catalogue number, 13 digits.
    public var catalog: String?
    /// The CD-TEXT packs of its lead-in, 18 bytes each.
    public var cdText: [UInt8]?

    /// Creates an open session.
    public init(number: Int, tracks: [TrackRecord] = [], discType: Int = 0) {
        self.number = number
        self.tracks = tracks
        self.discType = discType
    }

    /// Whether it has its lead-in and lead-out.
    public var isClosed: Bool { leadOut != nil }
}
