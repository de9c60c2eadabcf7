public import DiscModel

/// The table of contents of the finished sessions, tracks only (MMC-6 §6.25.3.2, format 0000b).
public struct TableOfContents: Hashable, Sendable {
    /// The number under which the lead-out stands in the list.
    public static let leadOutNumber = 0xAA

    /// A track's start.
    public struct Entry: Hashable, Sendable {
        /// The track's number, AAh for the lead-out.
        public var number: Int
        /// What Q says where the track starts: the address nibble, 1 for a position.
        public var address: Int
        /// The control nibble; bit 2 set for data.
        public var control: Int
        /// Where it starts.
        public var start: LBA

        /// Creates an entry.
        public init(number: Int, address: Int = 1, control: Int, start: LBA) {
            self.number = number
            self.address = address
            self.control = control
            self.start = start
        }

        /// Whether the track holds data, not audio.
        public var isData: Bool { control & 0x04 != 0 }
    }

    /// The first track's number.
    public var firstTrack: Int
    /// The last track's number.
    public var lastTrack: Int
    /// The tracks in order, and the lead-out.
    public var entries: [Entry]

    /// Creates a table.
    public init(firstTrack: Int, lastTrack: Int, entries: [Entry]) {
        self.firstTrack = firstTrack
        self.lastTrack = lastTrack
        self.entries = entries
    }

    /// Where the last session's lead-out starts.
    public var leadOut: LBA? { entries.last { $0.number == Self.leadOutNumber }?.start }

    /// The tracks, without the lead-out.
    public var tracks: [Entry] { entries.filter { $0.number != Self.leadOutNumber } }

    /// The first track that begins before the one before it, as on no disc; `nil` if the tracks are in order.
    public var misplacedTrack: Entry? {
        let sorted = tracks.sorted { $0.number < $1.number }
        return zip(sorted, sorted.dropFirst()).first { $0.start > $1.start }?.1
    }

    /// Reads a reply whose addresses are LBAs or, as some drives answer whatever was asked, MSF.
    public init(parsing bytes: [UInt8], msf: Bool = false) throws(ReplyError) {
        let reply = try ReplyBytes("READ TOC/PMA/ATIP", bytes, atLeast: 4)
        firstTrack = Int(try reply.u8(2))
        lastTrack = Int(try reply.u8(3))
        entries = []
        let end = min(reply.count, 2 + (try reply.u16(0)))
        var offset = 4
        while offset + 8 <= end {
            let start: LBA
            if msf {
                start =
                    MSF(
                        minute: Int(try reply.u8(offset + 5)),
                        second: Int(try reply.u8(offset + 6)),
                        frame: Int(try reply.u8(offset + 7))
                    ).lbaInProgramArea
            } else {
                start = LBA(try reply.lba(offset + 4))
            }
            let adrControl = Int(try reply.u8(offset + 1))
            entries.append(
                Entry(
                    number: Int(try reply.u8(offset + 2)),
                    address: adrControl >> 4,
                    control: adrControl & 0x0F,
                    start: start
                )
            )
            offset += 8
        }
    }

    /// The reply as a drive sends it.
    ///
    /// - Parameters:
    ///   - msf: Whether addresses are times instead of LBAs.
    ///   - first: The track to begin with.
    /// - Returns: The header, the first and last track of the whole disc in it, and eight bytes for
    ///   each entry.
    public func encoded(msf: Bool, from first: Int = 0) -> [UInt8] {
        var reply = ReplyBuilder()
        reply.u16(0)
        reply.u8(firstTrack)
        reply.u8(lastTrack)
        for entry in entries where entry.number >= first {
            reply.u8(0)
            reply.u8(entry.address << 4 | entry.control)
            reply.u8(entry.number)
            reply.u8(0)
            if msf {
                let time = MSF(entry.start)
                reply.append([0, UInt8(time.minute), UInt8(time.second), UInt8(time.frame)])
            } else {
                reply.u32(entry.start.rawValue)
            }
        }
        reply.setLength16(at: 0)
        return reply.bytes
    }
}
