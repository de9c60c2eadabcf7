import DiscModel

/// Where the last session begins (MMC-6 §6.25.3.3, READ TOC/PMA/ATIP format 0001b).
public struct SessionTable: Hashable, Sendable {
    /// The first finished session's number.
    public var firstSession: Int
    /// The last finished session's number.
    public var lastSession: Int
    /// The first track of the last finished session.
    public var firstTrack: TableOfContents.Entry

    /// Creates a table.
    public init(firstSession: Int, lastSession: Int, firstTrack: TableOfContents.Entry) {
        self.firstSession = firstSession
        self.lastSession = lastSession
        self.firstTrack = firstTrack
    }

    /// Reads a reply whose address is an LBA.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("READ TOC/PMA/ATIP", bytes, atLeast: 12)
        firstSession = Int(try reply.u8(2))
        lastSession = Int(try reply.u8(3))
        let adrControl = Int(try reply.u8(5))
        firstTrack = TableOfContents.Entry(
            number: Int(try reply.u8(6)),
            address: adrControl >> 4,
            control: adrControl & 0x0F,
            start: LBA(try reply.lba(8))
        )
    }

    /// The reply as a drive sends it: 12 bytes.
    public func encoded(msf: Bool) -> [UInt8] {
        TableOfContents(
            firstTrack: firstSession,
            lastTrack: lastSession,
            entries: [firstTrack]
        ).encoded(msf: msf)
    }
}
