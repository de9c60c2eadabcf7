/// A pack of CD-TEXT: 18 bytes of a lead-in, kept as they are (MMC-3 Annex J).
public struct CDTextPack: Hashable, Sendable, Codable {
    /// Bytes of a pack with its CRC.
    public static let size = 18
    /// Bytes of text in a pack.
    public static let textSize = 12

    /// The bytes.
    public let bytes: [UInt8]

    /// Takes the 18 bytes of a pack, or 16 without the CRC, which is made.
    public init?(_ bytes: some Sequence<UInt8>) {
        var bytes = Array(bytes.prefix(Self.size + 1))
        if bytes.count == Self.size - 2 { bytes += Self.crc(of: bytes) }
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }

    /// The packs in a row of bytes, up to the last whole one; at most 2048, as many as eight blocks
    /// can have.
    public static func packs(in bytes: [UInt8]) -> [CDTextPack] {
        (0..<min(2048, bytes.count / size)).compactMap { i in
            CDTextPack(bytes[(i * size)..<((i + 1) * size)])
        }
    }

    /// What the text is: 80h a title, 81h a performer, 8Fh the sizes.
    public var kind: UInt8 { bytes[0] }
    /// The track that the text begins with; 0 stands for the disc.
    public var track: Int { Int(bytes[1] & 0x7F) }
    /// The pack's number within its block.
    public var sequence: Int { Int(bytes[2]) }
    /// The block: one for each language, 0 to 7.
    public var block: Int { Int(bytes[3] >> 4 & 7) }
    /// Whether characters have two bytes.
    public var isDoubleByte: Bool { bytes[3] & 0x80 != 0 }
    /// How many characters of the first text stand in earlier packs, 15 for 15 or more.
    public var characterPosition: Int { Int(bytes[3] & 0xF) }
    /// The twelve bytes of text.
    public var text: ArraySlice<UInt8> { bytes[4..<16] }
    /// Whether the CRC is right.
    public var isIntact: Bool { Array(bytes[16...]) == Self.crc(of: bytes[..<16]) }

    private static func crc(of bytes: some Sequence<UInt8>) -> [UInt8] {
        let sum = SubchannelQ.crc(of: bytes)
        return [UInt8(truncatingIfNeeded: sum >> 8), UInt8(truncatingIfNeeded: sum)]
    }
}
