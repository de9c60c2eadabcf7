extension SubchannelQ {
    /// The twelve bytes of Q that carry a media catalogue number (ECMA-130 §22.3.4.2, mode 2).
    ///
    /// - Parameters:
    ///   - catalog: 13 digits.
    ///   - control: The control nibble.
    ///   - frame: The frame number of the sector's time on the disc.
    /// - Returns: The bytes, with their checksum; nothing for a text of another form.
    public static func encoded(catalog: String, control: Int, frame: Int) -> [UInt8]? {
        let digits = catalog.utf8.map { Int($0) - 0x30 }
        guard digits.count == 13, digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        var bytes = [UInt8(truncatingIfNeeded: control << 4 | 2)]
        let padded = digits + [0, 0, 0]
        for i in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: padded[2 * i] << 4 | padded[2 * i + 1]))
        }
        bytes.append(RawSector.bcd(frame))
        return withCRC(bytes)
    }

    /// The twelve bytes of Q that carry an international standard recording code (ECMA-130
    /// §22.3.4.3, mode 3).
    ///
    /// - Parameters:
    ///   - isrc: 5 letters or digits and 7 digits.
    ///   - control: The control nibble.
    ///   - frame: The frame number of the sector's time on the disc.
    /// - Returns: The bytes, with their checksum; nothing for a text of another form.
    public static func encoded(isrc: String, control: Int, frame: Int) -> [UInt8]? {
        guard let code = RecordingCode(isrc) else { return nil }
        // Five characters of 6 bits, two bits of zero, seven digits of 4 bits, four bits of zero.
        var bits: UInt64 = 0
        for (i, character) in code.characters.enumerated() {
            if i < 5 {
                bits = bits << 6 | UInt64(character - 0x30)
                if i == 4 { bits <<= 2 }
            } else {
                bits = bits << 4 | UInt64(character - 0x30)
            }
        }
        bits <<= 4
        var bytes = [UInt8(truncatingIfNeeded: control << 4 | 3)]
        for i in (0..<8).reversed() { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * i))) }
        bytes.append(RawSector.bcd(frame))
        return withCRC(bytes)
    }

    private static func withCRC(_ bytes: [UInt8]) -> [UInt8] {
        let sum = crc(of: bytes)
        return bytes + [UInt8(truncatingIfNeeded: sum >> 8), UInt8(truncatingIfNeeded: sum)]
    }

    /// The 96 bytes of subchannel that carry twelve bytes of Q, with P set or not and R to W silent.
    public static func interleaved(_ q: [UInt8], isPause: Bool) -> [UInt8] {
        let pause: UInt8 = isPause ? 0x80 : 0
        return (0..<96).map { i in
            let byte = i / 8 < q.count ? q[i / 8] : 0
            return pause | (byte >> UInt8(7 - i % 8) & 1) << 6
        }
    }
}
