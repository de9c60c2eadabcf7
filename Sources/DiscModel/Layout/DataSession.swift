/// A session that has data, as far as its file systems are concerned.
public struct DataSession: Hashable, Sendable {
    /// Its number on the disc, from 1.
    public var number: Int
    /// The first sector of its first data track, from which its file systems count.
    public var start: Int
    /// The sector after its last data track.
    public var end: Int

    /// Creates a session.
    public init(number: Int, start: Int, end: Int) {
        self.number = number
        self.start = start
        self.end = end
    }
}

extension DiscLayout {
    /// The sessions that have data, in order.
    public var dataSessions: [DataSession] {
        sessions.compactMap { session in
            let tracks = session.tracks.filter { $0.content == .data && $0.length > 0 }
            guard let first = tracks.first, let last = tracks.last else { return nil }
            return DataSession(
                number: session.number,
                start: max(0, first.start.rawValue),
                end: last.end.rawValue
            )
        }
    }
}
