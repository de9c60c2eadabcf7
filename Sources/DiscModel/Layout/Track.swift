/// A track: a run of sectors of one kind, as the disc's table of contents lists it.
public struct Track: Hashable, Sendable, Codable {
    /// What the sectors of a track are.
    public enum Content: String, Sendable, Codable {
        case audio, data
    }

    /// The track's number on the disc, from 1.
    public var number: Int
    /// The session that it belongs to, from 1.
    public var session: Int
    /// What the sectors are.
    public var content: Content
    /// The first sector, at index 1.
    public var start: LBA
    /// The number of sectors, run-out and padding included.
    public var length: Int
    /// The sector after the last.
    public var end: LBA { start + length }

    /// Creates a track.
    public init(number: Int, session: Int, content: Content, start: LBA, length: Int) {
        self.number = number
        self.session = session
        self.content = content
        self.start = start
        self.length = length
    }
}
