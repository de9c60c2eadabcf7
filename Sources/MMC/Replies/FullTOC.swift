public import DiscModel

/// The raw table of contents as the lead-ins hold it (MMC-6 §6.25.3.4, format 0010b).
public struct FullTOC: Hashable, Sendable {
    /// One Q frame of a lead-in.
    public struct Entry: Hashable, Sendable {
        /// The session whose lead-in holds it.
        public var session: Int
        /// The address nibble.
        public var address: Int
        /// The control nibble.
        public var control: Int
        /// The track number field, 0 in a lead-in.
        public var track: Int
        /// What the frame is about: a track 1 to 99, or A0h, A1h, A2h, B0h, B1h, B2h, C0h, C1h.
        public var point: Int
        /// The running time fields.
        public var time: MSF
        /// The zero field, on multi-session discs sometimes not zero.
        public var zero: Int
        /// What the frame says of its point: a start, or in A0h the first track and the disc type.
        public var pointTime: MSF

        /// Creates an entry.
        public init(
            session: Int,
            address: Int = 1,
            control: Int,
            track: Int = 0,
            point: Int,
            time: MSF = MSF(minute: 0, second: 0, frame: 0),
            zero: Int = 0,
            pointTime: MSF
        ) {
            self.session = session
            self.address = address
            self.control = control
            self.track = track
            self.point = point
            self.time = time
            self.zero = zero
            self.pointTime = pointTime
        }
    }

    /// The first finished session's number.
    public var firstSession: Int
    /// The last finished session's number.
    public var lastSession: Int
    /// The frames in order.
    public var entries: [Entry]

    /// Creates a table.
    public init(firstSession: Int, lastSession: Int, entries: [Entry]) {
        self.firstSession = firstSession
        self.lastSession = lastSession
        self.entries = entries
    }

    /// Reads a reply.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("READ TOC/PMA/ATIP", bytes, atLeast: 4)
        firstSession = Int(try reply.u8(2))
        lastSession = Int(try reply.u8(3))
        entries = []
        let end = min(reply.count, 2 + (try reply.u16(0)))
        var offset = 4
        while offset + 11 <= end {
            let field = bytes[offset..<offset + 11].map { Int($0) }
            entries.append(
                Entry(
                    session: field[0],
                    address: field[1] >> 4,
                    control: field[1] & 0x0F,
                    track: field[2],
                    point: field[3],
                    time: MSF(minute: field[4], second: field[5], frame: field[6]),
                    zero: field[7],
                    pointTime: MSF(minute: field[8], second: field[9], frame: field[10])
                )
            )
            offset += 11
        }
    }

    /// The reply as a drive sends it.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.u16(0)
        reply.u8(firstSession)
        reply.u8(lastSession)
        for entry in entries {
            reply.u8(entry.session)
            reply.u8(entry.address << 4 | entry.control)
            reply.u8(entry.track)
            reply.u8(entry.point)
            reply.u8(entry.time.minute)
            reply.u8(entry.time.second)
            reply.u8(entry.time.frame)
            reply.u8(entry.zero)
            reply.u8(entry.pointTime.minute)
            reply.u8(entry.pointTime.second)
            reply.u8(entry.pointTime.frame)
        }
        reply.setLength16(at: 0)
        return reply.bytes
    }
}
