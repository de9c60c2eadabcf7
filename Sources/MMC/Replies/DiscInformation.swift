/// The state of the disc as a whole (MMC-6 §6.22.3.1, READ DISC INFORMATION, type 000b).
public struct DiscInformation: Hashable, Sendable {
    /// How far the disc is recorded.
    public enum Status: Int, Sendable {
        case blank = 0, appendable = 1, complete = 2
        /// The disc can be overwritten at random, and has no such state.
        case overwritable = 3
    }

    /// How far the last session is recorded.
    public enum SessionState: Int, Sendable {
        case empty = 0, incomplete = 1, damaged = 2, complete = 3
    }

    /// How far the background format has come, on DVD+RW and MRW.
    public enum BackgroundFormat: Int, Sendable {
        case notFormatted = 0, stopped = 1, running = 2, complete = 3
    }

    /// How far the disc is recorded.
    public var status: Status
    /// How far the last session is recorded.
    public var lastSession: SessionState
    /// Whether the disc can be erased.
    public var isErasable: Bool
    /// The first track's number.
    public var firstTrack: Int
    /// The number of sessions, the open one included.
    public var sessions: Int
    /// The first track of the last session.
    public var firstTrackInLastSession: Int
    /// The last track of the last session, the invisible one included.
    public var lastTrackInLastSession: Int
    /// How far the background format has come.
    public var backgroundFormat: BackgroundFormat
    /// The disc type byte: 00h CD-DA or CD-ROM, 10h CD-I, 20h CD-ROM XA, FFh undefined.
    public var discType: Int
    /// Where the lead-in of the next session would start, as the raw field; FFFFFFFFh for none.
    public var lastSessionLeadInStart: UInt32
    /// The last possible start of the lead-out, as the raw field; FFFFFFFFh for none.
    public var lastPossibleLeadOut: UInt32
    /// Whether the disc is meant for any use (unrestricted use bit).
    public var isUnrestricted: Bool

    /// Creates the state of a disc.
    public init(
        status: Status,
        lastSession: SessionState,
        isErasable: Bool,
        firstTrack: Int = 1,
        sessions: Int = 1,
        firstTrackInLastSession: Int = 1,
        lastTrackInLastSession: Int = 1,
        backgroundFormat: BackgroundFormat = .notFormatted,
        discType: Int = 0,
        lastSessionLeadInStart: UInt32 = .max,
        lastPossibleLeadOut: UInt32 = .max,
        isUnrestricted: Bool = true
    ) {
        self.status = status
        self.lastSession = lastSession
        self.isErasable = isErasable
        self.firstTrack = firstTrack
        self.sessions = sessions
        self.firstTrackInLastSession = firstTrackInLastSession
        self.lastTrackInLastSession = lastTrackInLastSession
        self.backgroundFormat = backgroundFormat
        self.discType = discType
        self.lastSessionLeadInStart = lastSessionLeadInStart
        self.lastPossibleLeadOut = lastPossibleLeadOut
        self.isUnrestricted = isUnrestricted
    }

    /// Reads a reply; fields behind the first eight bytes may be missing.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("READ DISC INFORMATION", bytes, atLeast: 8)
        let state = Int(try reply.u8(2))
        guard state >> 5 == 0 else {
            throw ReplyError("READ DISC INFORMATION", "it is not of the standard type")
        }
        func high(_ offset: Int) -> Int { offset < bytes.count ? Int(bytes[offset]) << 8 : 0 }
        status = Status(rawValue: state & 3) ?? .complete
        lastSession = SessionState(rawValue: state >> 2 & 3) ?? .complete
        isErasable = state & 0x10 != 0
        firstTrack = Int(try reply.u8(3))
        sessions = Int(try reply.u8(4)) | high(9)
        firstTrackInLastSession = Int(try reply.u8(5)) | high(10)
        lastTrackInLastSession = Int(try reply.u8(6)) | high(11)
        let flags = Int(try reply.u8(7))
        isUnrestricted = flags & 0x20 != 0
        backgroundFormat = BackgroundFormat(rawValue: flags & 3) ?? .notFormatted
        discType = bytes.count > 8 ? Int(bytes[8]) : 0xFF
        lastSessionLeadInStart = bytes.count >= 20 ? try reply.u32(16) : .max
        lastPossibleLeadOut = bytes.count >= 24 ? try reply.u32(20) : .max
    }

    /// The reply as a drive sends it: 34 bytes.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.u16(32)
        reply.u8((isErasable ? 0x10 : 0) | lastSession.rawValue << 2 | status.rawValue)
        reply.u8(firstTrack)
        reply.u8(sessions)
        reply.u8(firstTrackInLastSession)
        reply.u8(lastTrackInLastSession)
        reply.u8((isUnrestricted ? 0x20 : 0) | backgroundFormat.rawValue)
        reply.u8(discType)
        reply.u8(sessions >> 8)
        reply.u8(firstTrackInLastSession >> 8)
        reply.u8(lastTrackInLastSession >> 8)
        reply.u32(0)
        reply.u32(Int(lastSessionLeadInStart))
        reply.u32(Int(lastPossibleLeadOut))
        reply.zeros(10)
        return reply.bytes
    }
}
