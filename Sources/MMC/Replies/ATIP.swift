public import DiscModel

/// What the groove of a CD-R or CD-RW says (MMC-6 §6.25.3.6, READ TOC/PMA/ATIP format 0100b).
public struct ATIP: Hashable, Sendable {
    /// The indicative target writing power, 0 to 7.
    public var power: Int
    /// The reference speed, 0 to 7.
    public var referenceSpeed: Int
    /// Whether the disc is meant for any use.
    public var isUnrestricted: Bool
    /// Whether the disc can be erased: a CD-RW.
    public var isErasable: Bool
    /// The disc's sub-type, 0 to 7.
    public var subtype: Int
    /// Where the lead-in starts.
    public var leadIn: MSF
    /// The last possible start of the lead-out.
    public var lastLeadOut: MSF
    /// Additional values A1, A2 and A3, three bytes each, where the disc has them.
    public var additional: [[UInt8]?]

    /// Creates the contents of a groove.
    public init(
        power: Int,
        referenceSpeed: Int = 0,
        isUnrestricted: Bool = false,
        isErasable: Bool,
        subtype: Int = 0,
        leadIn: MSF,
        lastLeadOut: MSF,
        additional: [[UInt8]?] = []
    ) {
        self.power = power
        self.referenceSpeed = referenceSpeed
        self.isUnrestricted = isUnrestricted
        self.isErasable = isErasable
        self.subtype = subtype
        self.leadIn = leadIn
        self.lastLeadOut = lastLeadOut
        self.additional = additional
    }

    /// Reads a reply; additional values may be missing.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("READ TOC/PMA/ATIP", bytes, atLeast: 15)
        func time(_ offset: Int) throws(ReplyError) -> MSF {
            MSF(
                minute: Int(try reply.u8(offset)),
                second: Int(try reply.u8(offset + 1)),
                frame: Int(try reply.u8(offset + 2))
            )
        }
        power = Int(try reply.u8(4) >> 4 & 7)
        referenceSpeed = Int(try reply.u8(4) & 7)
        isUnrestricted = try reply.u8(5) & 0x40 != 0
        let flags = Int(try reply.u8(6))
        isErasable = flags & 0x40 != 0
        subtype = flags >> 3 & 7
        leadIn = try time(8)
        lastLeadOut = try time(12)
        additional = (0..<3).map { i in
            let offset = 16 + 4 * i
            guard flags & 4 >> i != 0, offset + 3 <= bytes.count else { return nil }
            return Array(bytes[offset..<offset + 3])
        }
    }

    /// The reply as a drive sends it: 28 bytes.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.u16(26)
        reply.u16(0)
        reply.u8(0x80 | power << 4 | referenceSpeed)
        reply.u8(isUnrestricted ? 0x40 : 0)
        var flags = 0x80 | (isErasable ? 0x40 : 0) | subtype << 3
        for (i, value) in additional.prefix(3).enumerated() where value != nil { flags |= 4 >> i }
        reply.u8(flags)
        reply.u8(0)
        for time in [leadIn, lastLeadOut] {
            reply.u8(time.minute)
            reply.u8(time.second)
            reply.u8(time.frame)
            reply.u8(0)
        }
        for i in 0..<3 {
            let value = i < additional.count ? additional[i] : nil
            reply.append(Array((value ?? [0, 0, 0]).prefix(3)))
            reply.u8(0)
        }
        return reply.bytes
    }
}
