/// How a drive is to write: mode page 05h (MMC-6 §7.5.4).
public struct WriteParameters: Hashable, Sendable {
    /// The page's code.
    public static let pageCode = 0x05

    /// How sectors are strung together (MMC-6 table 686).
    public enum WriteType: Int, Sendable {
        /// Packets on a CD; incremental recording on a DVD.
        case packet = 0
        case trackAtOnce = 1
        /// Session at once on a CD; disc at once on a DVD.
        case sessionAtOnce = 2
        case raw = 3
        case layerJump = 4
    }

    /// Whether the drive goes on after its buffer ran empty.
    public var underrunProtection: Bool
    /// Whether the link size field counts.
    public var linkSizeIsValid: Bool
    /// Whether the laser stays low.
    public var testWrite: Bool
    /// How sectors are strung together, as the raw field.
    public var writeType: Int
    /// What follows this session, as the raw field: 0 nothing, 3 another session.
    public var multiSession: Int
    /// Whether packets have a fixed size.
    public var fixedPacket: Bool
    /// Whether copies of the track may not be copied on (SCMS).
    public var isCopy: Bool
    /// The track mode: the control nibble of Q.
    public var trackMode: Int
    /// What the host sends for each sector (MMC-6 table 690): 8 for 2048 bytes of mode 1.
    public var blockType: Int
    /// Sectors lost to a link.
    public var linkSize: Int
    /// The host application code.
    public var applicationCode: Int
    /// The session format: 00h CD-DA or CD-ROM, 10h CD-I, 20h CD-ROM XA.
    public var sessionFormat: Int
    /// Sectors in a packet.
    public var packetSize: Int
    /// The pause before an audio track, in sectors.
    public var audioPause: Int
    /// The media catalogue number's field, 16 bytes.
    public var catalog: [UInt8]
    /// The international standard recording code's field, 16 bytes.
    public var isrc: [UInt8]
    /// The subheader for the sectors of mode 2 that come without one, 4 bytes.
    public var subheader: [UInt8]

    /// The parameters that a drive wakes up with (MMC-6 table 684).
    public init() {
        underrunProtection = false
        linkSizeIsValid = false
        testWrite = false
        writeType = WriteType.trackAtOnce.rawValue
        multiSession = 0
        fixedPacket = false
        isCopy = false
        trackMode = 4
        blockType = 8
        linkSize = 0
        applicationCode = 0
        sessionFormat = 0
        packetSize = 0
        audioPause = 150
        catalog = Array(repeating: 0, count: 16)
        isrc = Array(repeating: 0, count: 16)
        subheader = Array(repeating: 0, count: 4)
    }

    /// Reads what stands behind the page's length byte; what is missing counts as zero.
    public init(parsing data: [UInt8]) {
        func byte(_ offset: Int) -> Int {
            // Offsets are those of the page, whose first two bytes are its code and length.
            offset - 2 < data.count ? Int(data[offset - 2]) : 0
        }
        func bytes(_ range: Range<Int>) -> [UInt8] { range.map { UInt8(byte($0)) } }
        underrunProtection = byte(2) & 0x40 != 0
        linkSizeIsValid = byte(2) & 0x20 != 0
        testWrite = byte(2) & 0x10 != 0
        writeType = byte(2) & 0x0F
        multiSession = byte(3) >> 6
        fixedPacket = byte(3) & 0x20 != 0
        isCopy = byte(3) & 0x10 != 0
        trackMode = byte(3) & 0x0F
        blockType = byte(4) & 0x0F
        linkSize = byte(5)
        applicationCode = byte(7) & 0x3F
        sessionFormat = byte(8)
        packetSize = byte(10) << 24 | byte(11) << 16 | byte(12) << 8 | byte(13)
        audioPause = byte(14) << 8 | byte(15)
        catalog = bytes(16..<32)
        isrc = bytes(32..<48)
        subheader = bytes(48..<52)
    }

    /// The page's bytes behind its length byte: 50.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.u8(
            (underrunProtection ? 0x40 : 0) | (linkSizeIsValid ? 0x20 : 0)
                | (testWrite ? 0x10 : 0) | writeType
        )
        reply.u8(
            multiSession << 6 | (fixedPacket ? 0x20 : 0) | (isCopy ? 0x10 : 0) | trackMode
        )
        reply.u8(blockType)
        reply.u8(linkSize)
        reply.u8(0)
        reply.u8(applicationCode)
        reply.u8(sessionFormat)
        reply.u8(0)
        reply.u32(packetSize)
        reply.u16(audioPause)
        reply.append(catalog)
        reply.append(isrc)
        reply.append(subheader)
        return reply.bytes
    }

    /// The digits or characters of a code's field, where it is marked as valid.
    public static func code(in field: [UInt8], length: Int) -> String? {
        guard field.count > length, field[0] & 0x80 != 0 else { return nil }
        return String(decoding: field[1...length], as: UTF8.self)
    }
}
