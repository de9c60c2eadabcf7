/// What the first unit of a BD's disc information says of it (MMC-6 §6.21.4.1, READ DISC STRUCTURE of
/// media type 1, format 00h; BD format specifications, disc information).
public struct BDInformation: Hashable, Sendable {
    /// What it is for: `BDO` read-only, `BDR` recordable, `BDW` rewritable.
    public var kind: String
    /// The number of layers, 1 to 4; absent where the unit says none of these.
    public var layers: Int?

    /// Reads a reply: a header of 4 bytes, and units of 112.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("READ DISC STRUCTURE", bytes, atLeast: 17)
        guard try reply.text(4..<6) == "DI" else {
            throw ReplyError("READ DISC STRUCTURE", "its unit does not begin with “DI”")
        }
        kind = try reply.text(12..<15)
        let number = Int(try reply.u8(16) >> 4)
        layers = (1...4).contains(number) ? number : nil
    }
}
