/// What the Q of one sector says, as a drive reads it off a disc (ECMA-130 §22.3, MMC-6 §4.2.3).
public enum RecordedQ: Hashable, Sendable {
    /// Where the sector is, in the program area or a lead-out.
    case position(SubchannelQ)
    /// An entry of the table of contents, in a lead-in.
    case contents(Entry)
    /// The media catalogue number: 13 digits.
    case catalog(String)
    /// The recording code of the track: 12 characters.
    case recordingCode(String)

    /// An entry of a lead-in's table of contents.
    public struct Entry: Hashable, Sendable {
        /// The address nibble: 1, or 5 for what recorders note for themselves.
        public var address: Int
        /// The control nibble.
        public var control: Int
        /// What the entry is about: a track's number, or A0h, A1h, A2h, B0h and others.
        public var point: Int
        /// The three bytes that are the lead-in's time in entries of mode 1.
        public var time: [UInt8]
        /// The three bytes about the point: for a track its start, in binary-coded decimal.
        public var pointTime: [UInt8]
    }

    /// Reads twelve bytes of Q; `nil` if the CRC is wrong, or where they say nothing.
    public init?(_ bytes: [UInt8]) {
        guard SubchannelQ.isIntact(bytes) else { return nil }
        let control = Int(bytes[0] >> 4)
        switch bytes[0] & 0x0F {
        case 1 where bytes[1] == 0, 5 where bytes[1] == 0:
            let isTrack = bytes[2] < 0xA0
            guard let point = isTrack ? Self.number(bytes[2]) : Int(bytes[2]) else { return nil }
            self = .contents(
                Entry(
                    address: Int(bytes[0] & 0x0F),
                    control: control,
                    point: point,
                    time: Array(bytes[3..<6]),
                    pointTime: Array(bytes[7..<10])
                )
            )
        case 1:
            guard let track = bytes[1] == 0xAA ? 0xAA : Self.number(bytes[1]),
                let index = Self.number(bytes[2]),
                let relative = MSF(bcd: bytes[3], bytes[4], bytes[5]),
                let absolute = MSF(bcd: bytes[7], bytes[8], bytes[9])
            else { return nil }
            self = .position(
                SubchannelQ(
                    control: control,
                    track: track,
                    index: index,
                    relative: relative,
                    absolute: absolute
                )
            )
        case 2:
            let digits = bytes[1..<8].flatMap { [$0 >> 4, $0 & 0x0F] }.prefix(13)
            guard digits.allSatisfy({ $0 < 10 }), digits.contains(where: { $0 != 0 }) else {
                return nil
            }
            self = .catalog(String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self))
        case 3:
            guard let code = Self.recordingCode(bytes) else { return nil }
            self = .recordingCode(code.text)
        default:
            return nil
        }
    }

    /// A number in binary-coded decimal.
    public static func number(_ byte: UInt8) -> Int? {
        byte >> 4 < 10 && byte & 0x0F < 10 ? Int(byte >> 4) * 10 + Int(byte & 0x0F) : nil
    }

    /// Five characters of 6 bits, two bits of zero, seven digits of 4 bits (ECMA-130 §22.3.4.3).
    private static func recordingCode(_ bytes: [UInt8]) -> RecordingCode? {
        let bits = bytes[1..<9].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var characters = (0..<5).map { UInt8(truncatingIfNeeded: bits >> (58 - 6 * $0)) & 0x3F }
        characters += (0..<7).map { UInt8(truncatingIfNeeded: bits >> (28 - 4 * $0)) & 0x0F }
        let text = String(decoding: characters.map { $0 &+ 0x30 }, as: UTF8.self)
        return RecordingCode(text)
    }
}
