/// The sessions and tracks of a disc.
public struct DiscLayout: Hashable, Sendable, Codable {
    /// A session: a lead-in, tracks and a lead-out.
    public struct Session: Hashable, Sendable, Codable {
        /// The session's number on the disc, from 1.
        public var number: Int
        /// Its tracks in order.
        public var tracks: [Track]
        /// Where its lead-out begins.
        public var leadOut: LBA

        /// Creates a session.
        public init(number: Int, tracks: [Track], leadOut: LBA) {
            self.number = number
            self.tracks = tracks
            self.leadOut = leadOut
        }
    }

    /// The closed sessions in order.
    public var sessions: [Session]

    /// Creates a layout.
    public init(sessions: [Session] = []) {
        self.sessions = sessions
    }

    /// All tracks in order.
    public var tracks: [Track] { sessions.flatMap(\.tracks) }

    /// Where the last session's lead-out begins; absent where nothing is closed.
    public var leadOut: LBA? { sessions.last?.leadOut }
}
