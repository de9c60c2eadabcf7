/// A media catalogue number or a recording code, as READ SUB-CHANNEL gives it (MMC-3 §6.27.2.3 and
/// §6.27.2.4, formats 02h and 03h).
public struct SubChannelCode: Hashable, Sendable {
    /// The characters; absent where the drive has found none on the disc.
    public var text: String?

    /// Creates a reply.
    public init(text: String?) {
        self.text = text
    }

    /// Reads a reply.
    ///
    /// Some drives call a code valid that is all zeros where the disc has none.
    public init(parsing bytes: [UInt8], length: Int) throws(ReplyError) {
        let reply = try ReplyBytes("READ SUB-CHANNEL", bytes, atLeast: 9 + length)
        let characters = bytes[9..<(9 + length)]
        let isThere =
            try reply.u8(8) & 0x80 != 0
            && characters.contains { $0 != 0 && $0 != 0x30 }
            && characters.allSatisfy { (0x20..<0x7F).contains($0) }
        text = isThere ? String(decoding: characters, as: UTF8.self) : nil
    }
}
