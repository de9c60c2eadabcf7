/// What a DVD's lead-in says of it (MMC-6 §6.21.3.1, READ DISC STRUCTURE format 00h).
public struct PhysicalFormat: Hashable, Sendable {
    /// The book: 0 DVD-ROM, 1 DVD-RAM, 2 DVD-R, 3 DVD-RW, 9 DVD+RW, Ah DVD+R, Eh DVD+R DL.
    public var book: Int
    /// The part version of the book.
    public var version: Int
    /// The number of layers, 1 or 2.
    public var layers: Int
    /// Whether the second layer runs from the outside in.
    public var isOppositeTrackPath: Bool
    /// The layer type bits: 1 embossed, 2 recordable, 4 rewritable.
    public var layerType: Int
    /// The physical sector at which the data begin: 030000h, on DVD-RAM 031000h.
    public var firstSector: Int
    /// The physical sector at which the data end.
    public var lastSector: Int
    /// The physical sector at which the first of two layers ends.
    public var lastSectorOfFirstLayer: Int
    /// On DVD+, the maker's name, at most 8 characters.
    public var manufacturer: String
    /// On DVD+, the maker's name of the kind of disc, at most 3 characters.
    public var type: String
    /// On DVD+, its revision.
    public var revision: Int

    /// Creates a lead-in's contents.
    public init(
        book: Int,
        version: Int,
        layers: Int = 1,
        isOppositeTrackPath: Bool = false,
        layerType: Int,
        firstSector: Int = 0x30000,
        lastSector: Int,
        lastSectorOfFirstLayer: Int = 0,
        manufacturer: String = "",
        type: String = "",
        revision: Int = 0
    ) {
        self.book = book
        self.version = version
        self.layers = layers
        self.isOppositeTrackPath = isOppositeTrackPath
        self.layerType = layerType
        self.firstSector = firstSector
        self.lastSector = lastSector
        self.lastSectorOfFirstLayer = lastSectorOfFirstLayer
        self.manufacturer = manufacturer
        self.type = type
        self.revision = revision
    }

    /// Reads a reply.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("READ DISC STRUCTURE", bytes, atLeast: 20)
        book = Int(try reply.u8(4) >> 4)
        version = Int(try reply.u8(4) & 0x0F)
        layers = Int(try reply.u8(6) >> 5 & 3) + 1
        isOppositeTrackPath = try reply.u8(6) & 0x10 != 0
        layerType = Int(try reply.u8(6) & 0x0F)
        firstSector = try reply.u24(9)
        lastSector = try reply.u24(13)
        lastSectorOfFirstLayer = try reply.u24(17)
        manufacturer = ""
        type = ""
        revision = 0
        if book >= 9, bytes.count >= 4 + 31 {
            manufacturer = try reply.text(4 + 19..<4 + 27)
            type = try reply.text(4 + 27..<4 + 30)
            revision = Int(try reply.u8(4 + 30))
        }
    }

    /// The reply as a drive sends it: a header of 4 bytes and 2048 of the lead-in.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.u16(2048 + 2)
        reply.u16(0)
        reply.u8(book << 4 | version)
        // Disc of 120 mm, no maximum rate given.
        reply.u8(0x0F)
        reply.u8((layers - 1) << 5 | (isOppositeTrackPath ? 0x10 : 0) | layerType)
        reply.u8(0)
        reply.u32(firstSector)
        reply.u32(lastSector)
        reply.u32(lastSectorOfFirstLayer)
        reply.zeros(3)
        if book >= 9 {
            reply.append(Self.field(manufacturer, length: 8))
            reply.append(Self.field(type, length: 3))
            reply.u8(revision)
        }
        reply.zeros(4 + 2048 - reply.bytes.count)
        return reply.bytes
    }

    /// A name in a field that is filled up with zeros, as on DVD+ discs.
    private static func field(_ text: String, length: Int) -> [UInt8] {
        let characters = Array(text.utf8.prefix(length))
        return characters + Array(repeating: 0, count: length - characters.count)
    }
}
