/// A track: a run of sectors of one kind, as the disc's table of contents lists it.
public struct Track: Hashable, Sendable, Codable {
    /// Whether the sectors of a track are audio or data.
    public enum Content: String, Sendable, Codable {
        case audio, data
    }

    /// The track's number on the disc, from 1.
    public var number: Int
    /// The session that it belongs to, from 1.
    public var session: Int
    /// What the sectors are; where a disc only tells audio from data, data count as mode 1.
    public var mode: TrackMode
    /// The first sector, at index 1.
    public var start: LBA
    /// The number of sectors from ``start`` on, run-out and padding included.
    public var length: Int
    /// The sectors before ``start`` that belong to the track: its index 0.
    ///
    /// On a CD the first track of a session has at least 150 (ECMA-130 §20). Zero also where it is
    /// not known, as in a drive's table of contents; then they count to the track before.
    public var pregap: Int = 0
    /// What the control nibble says beside “data”.
    public var flags: TrackFlags = []
    /// Where index 2 and those after it begin, in rising order.
    public var laterIndexes: [LBA] = []
    /// The international standard recording code: 12 characters.
    public var isrc: String?

    /// Whether the sectors are audio or data; setting it takes the mode that is usual for it.
    public var content: Content {
        get { mode.isData ? .data : .audio }
        set { if newValue != content { mode = newValue == .audio ? .audio : .mode1 } }
    }

    /// The sector after the last.
    public var end: LBA { start + length }
    /// The sectors with the pregap.
    public var extent: Range<Int> {
        let first = start.rawValue - max(0, pregap)
        return first..<max(first, end.rawValue)
    }
    /// The control nibble of the track's Q.
    public var control: Int { flags.rawValue & 0xB | (mode.isData ? 4 : 0) }

    /// Creates a track.
    public init(number: Int, session: Int, content: Content, start: LBA, length: Int) {
        self.init(
            number: number,
            session: session,
            mode: content == .audio ? .audio : .mode1,
            start: start,
            length: length
        )
    }

    /// Creates a track of a mode.
    public init(
        number: Int,
        session: Int,
        mode: TrackMode,
        start: LBA,
        length: Int,
        pregap: Int = 0
    ) {
        self.number = number
        self.session = session
        self.mode = mode
        self.start = start
        self.length = length
        self.pregap = pregap
    }
}
