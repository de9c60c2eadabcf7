public import DiscDrives
import DiscModel
public import MMC

/// Where on a disc a burn begins, and how the disc will count it.
public struct WritePoint: Hashable, Sendable {
    /// The first sector of the payload.
    public var address: Int
    /// The number of its session.
    public var session: Int
    /// The number of its first track.
    public var track: Int
    /// The tracks that the disc has before.
    public var tracksBefore: Int

    /// The beginning of a disc.
    public static let beginning = WritePoint(address: 0, session: 1, track: 1, tracksBefore: 0)

    /// Creates a point.
    public init(address: Int, session: Int, track: Int, tracksBefore: Int) {
        self.address = address
        self.session = session
        self.track = track
        self.tracksBefore = tracksBefore
    }
}

extension DiscReport {
    /// Where the next session of a disc begins that can be appended to; `nil` if the drive does not say.
    ///
    /// On CD, where the data begin follows from the last lead-out. A drive that is set to write sessions
    /// at once gives the pause before them instead (MMC-6 §6.27.3.18), and libburn writes later sessions
    /// track at once.
    public var nextSession: WritePoint? {
        guard state == .appendable,
            let state = trackStates.last(where: { $0.nextWritable != nil }),
            let next = state.nextWritable, next >= .zero
        else { return nil }
        var point = WritePoint(
            address: next.rawValue,
            session: state.session,
            track: state.number,
            tracksBefore: layout.tracks.count
        )
        guard !hasOpenSession else {
            // The table of contents lists no track of a session that is open.
            point.tracksBefore = max(0, state.number - (information?.firstTrack ?? 1))
            return point
        }
        // A drive that counts all tracks to one session does so with the next one's, too.
        point.session = max(point.session, (layout.sessions.last?.number ?? 0) + 1)
        if medium?.facts.family == .cd, let last = layout.sessions.last {
            let usual = last.leadOut.rawValue + CDGaps.fromLeadOut(ofSession: last.number)
            if point.address == usual - CDGaps.firstPause { point.address = usual }
        }
        return point
    }

    /// The track that was begun and not finished, behind which the drive would go on; `nil` if there is
    /// none.
    public var openTrack: TrackInformation? {
        guard !isOverwritable, let track = trackStates.last(where: { $0.nextWritable != nil }),
            !track.isBlank, let next = track.nextWritable, track.start >= .zero, next > track.start
        else { return nil }
        return track
    }

    /// Whether the last session has been begun and not closed.
    var hasOpenSession: Bool { information?.lastSession == .incomplete }
}
