/// Mode parameters of a drive: a header and pages (SPC-4 §7.5, MMC-6 §7).
public struct ModePages: Hashable, Sendable {
    /// A mode page.
    public struct Page: Hashable, Sendable {
        /// The page's code, 6 bits.
        public var code: Int
        /// Whether the drive can keep it (PS bit).
        public var isSavable: Bool
        /// What stands behind the page's length byte.
        public var data: [UInt8]

        /// Creates a page.
        public init(code: Int, isSavable: Bool = false, data: [UInt8]) {
            self.code = code
            self.isSavable = isSavable
            self.data = data
        }

        /// The page as it is sent, with code and length.
        public var encoded: [UInt8] {
            [UInt8(code & 0x3F) | (isSavable ? 0x80 : 0), UInt8(truncatingIfNeeded: data.count)]
                + data
        }
    }

    /// The pages in the reply's order.
    public var pages: [Page]

    /// Creates a list.
    public init(pages: [Page]) {
        self.pages = pages
    }

    /// The page of a code, where there is one.
    public func page(_ code: Int) -> Page? {
        pages.first { $0.code == code }
    }

    /// Reads what MODE SENSE(10) returned or MODE SELECT(10) is given; a page that was cut short
    /// keeps what came of it.
    public init(parsing10 bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("MODE SENSE", bytes, atLeast: 8)
        let declared = try reply.u16(0)
        // A parameter list for MODE SELECT has no length: its field is reserved (SPC-4 §6.10).
        let end = declared == 0 ? reply.count : min(reply.count, 2 + declared)
        try self.init(pages: reply, from: 8 + (try reply.u16(6)), to: end)
    }

    /// Reads what MODE SENSE(6) returned or MODE SELECT(6) is given.
    public init(parsing6 bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("MODE SENSE", bytes, atLeast: 4)
        let declared = Int(try reply.u8(0))
        let end = declared == 0 ? reply.count : min(reply.count, 1 + declared)
        try self.init(pages: reply, from: 4 + Int(try reply.u8(3)), to: end)
    }

    private init(pages reply: ReplyBytes, from start: Int, to end: Int) throws(ReplyError) {
        pages = []
        var offset = start
        while offset + 2 <= end {
            let length = Int(try reply.u8(offset + 1))
            let dataEnd = min(end, offset + 2 + length)
            pages.append(
                Page(
                    code: Int(try reply.u8(offset) & 0x3F),
                    isSavable: try reply.u8(offset) & 0x80 != 0,
                    data: Array(reply.bytes[offset + 2..<dataEnd])
                )
            )
            offset += 2 + length
        }
    }

    /// The reply to MODE SENSE(10).
    public var encoded10: [UInt8] {
        var reply = ReplyBuilder()
        reply.zeros(8)
        for page in pages { reply.append(page.encoded) }
        reply.setLength16(at: 0)
        return reply.bytes
    }

    /// The reply to MODE SENSE(6).
    public var encoded6: [UInt8] {
        var reply = ReplyBuilder()
        reply.zeros(4)
        for page in pages { reply.append(page.encoded) }
        var bytes = reply.bytes
        bytes[0] = UInt8(truncatingIfNeeded: bytes.count - 1)
        return bytes
    }
}
