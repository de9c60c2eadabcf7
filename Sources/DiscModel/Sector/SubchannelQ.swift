/// The Q channel of a sector: where it is, in twelve bytes (ECMA-130 §22.3).
public struct SubchannelQ: Hashable, Sendable {
    /// Bytes of a sector's subchannel: 12 for each of the eight channels.
    public static let interleavedSize = 96

    /// The control nibble.
    public var control: Int
    /// The track, 0 in a lead-in, AAh in a lead-out.
    public var track: Int
    /// The index; 0 in a pregap.
    public var index: Int
    /// The time within the track; in a pregap the time that is left of it.
    public var relative: MSF
    /// The time on the disc.
    public var absolute: MSF

    /// Creates a position.
    public init(control: Int, track: Int, index: Int, relative: MSF, absolute: MSF) {
        self.control = control
        self.track = track
        self.index = index
        self.relative = relative
        self.absolute = absolute
    }

    /// The twelve bytes, mode 1, with their CRC.
    public var encoded: [UInt8] {
        var bytes = [UInt8(truncatingIfNeeded: control << 4 | 1)]
        bytes.append(track == 0xAA ? 0xAA : RawSector.bcd(track))
        bytes.append(RawSector.bcd(index))
        for part in [relative.minute, relative.second, relative.frame] {
            bytes.append(RawSector.bcd(part))
        }
        bytes.append(0)
        for part in [absolute.minute, absolute.second, absolute.frame] {
            bytes.append(RawSector.bcd(part))
        }
        let sum = Self.crc(of: bytes)
        bytes.append(UInt8(truncatingIfNeeded: sum >> 8))
        bytes.append(UInt8(truncatingIfNeeded: sum))
        return bytes
    }

    /// Whether twelve bytes of Q end with the right CRC; twelve zeros do not.
    public static func isIntact(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 12 else { return false }
        let sum = crc(of: bytes[..<10])
        return bytes[10] == UInt8(truncatingIfNeeded: sum >> 8)
            && bytes[11] == UInt8(truncatingIfNeeded: sum)
    }

    /// The CRC of ten bytes of Q: x^16 + x^12 + x^5 + 1, inverted (ECMA-130 §22.3.4).
    public static func crc(of bytes: some Sequence<UInt8>) -> UInt16 {
        ~CRC16.sum(of: bytes)
    }

    /// The 96 bytes of subchannel that carry this Q and nothing but silence beside it: P is set in
    /// a pregap, R to W are zero (ECMA-130 §22.1; one bit of each channel in each byte, P highest).
    public var interleaved: [UInt8] { Self.interleaved(encoded, isPause: index == 0) }
}
