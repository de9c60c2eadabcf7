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
        /// What its lead-in says of its tracks.
        public var kind: SessionKind = .cdROM
        /// The media catalogue number: 13 digits.
        public var catalog: String?
        /// The CD-TEXT of its lead-in.
        public var cdText: [CDTextPack] = []

        /// What the session is: its kind, or where its lead-in does not say so, CD-ROM XA where a
        /// track has sectors of that.
        public var actualKind: SessionKind {
            kind == .cdROM && tracks.contains(where: \.mode.isXA) ? .cdROMXA : kind
        }

        /// Creates a session.
        public init(number: Int, tracks: [Track], leadOut: LBA) {
            self.number = number
            self.tracks = tracks
            self.leadOut = leadOut
        }
    }

    /// The closed sessions in order.
    public var sessions: [Session]

    /// What the image's sheet says in words; `nil` if it has none, or the disc has no sheet.
    public var sheetTexts: SheetTexts?

    /// Creates a layout.
    public init(sessions: [Session] = []) {
        self.sessions = sessions
    }

    /// Creates the layout of a disc of one track, from address 0 on.
    ///
    /// - Parameters:
    ///   - mode: What is in the track.
    ///   - sectors: How long it is.
    package init(track mode: TrackMode = .mode1, sectors: Int) {
        let track = Track(number: 1, session: 1, mode: mode, start: .zero, length: sectors)
        self.init(sessions: [Session(number: 1, tracks: [track], leadOut: track.end)])
    }

    /// All tracks in order.
    public var tracks: [Track] { sessions.flatMap(\.tracks) }

    /// Where the last session's lead-out begins; absent where nothing is closed.
    public var leadOut: LBA? { sessions.last?.leadOut }

    /// The media catalogue number that a session has first.
    public var catalog: String? { sessions.lazy.compactMap(\.catalog).first }

    /// The CD-TEXT that a session has first.
    public var cdText: [CDTextPack] { sessions.lazy.map(\.cdText).first { !$0.isEmpty } ?? [] }

    /// The track that a sector belongs to, pregaps included.
    public func track(holding address: Int) -> Track? {
        for session in sessions {
            for track in session.tracks where track.extent.contains(address) { return track }
        }
        return nil
    }
}
