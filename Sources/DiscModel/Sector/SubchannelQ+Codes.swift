extension SubchannelQ {
    /// Sectors from one catalogue number to the next, and from one recording code to the next.
    ///
    /// One of each is due in any hundred sectors that follow each other (ECMA-130 §22.3.4), also if one
    /// comes a sector late.
    private static let codePeriod = 98
    private static let catalogPhase = 24
    private static let recordingCodePhase = 73

    /// The twelve bytes of Q that a recorder writes into a sector of a track: the position or, in one
    /// sector of each hundred, the catalogue number, and in another one the recording code.
    ///
    /// The first sector of a track or an index has its position, by which it is found; the code that
    /// was due there comes a sector later.
    ///
    /// - Parameters:
    ///   - catalog: The media catalogue number of the disc; `nil` if it has none.
    ///   - isrc: The recording code of the track; `nil` if it has none.
    ///   - isFirstOfIndex: Whether the sector at an address is the first one of a track or an index.
    /// - Returns: The bytes, with their checksum.
    public func encoded(catalog: String?, isrc: String?, _ isFirstOfIndex: (Int) -> Bool)
        -> [UInt8]
    {
        guard catalog != nil || isrc != nil else { return encoded }
        let address = absolute.lba.rawValue
        func isDue(_ phase: Int) -> Bool {
            let turn = (address - phase) % Self.codePeriod
            switch turn < 0 ? turn + Self.codePeriod : turn {
            case 0: return !isFirstOfIndex(address)
            case 1: return isFirstOfIndex(address - 1)
            default: return false
            }
        }
        if let catalog, isDue(Self.catalogPhase) {
            return Self.encoded(catalog: catalog, control: control, frame: absolute.frame)
                ?? encoded
        }
        if let isrc, isDue(Self.recordingCodePhase) {
            return Self.encoded(isrc: isrc, control: control, frame: absolute.frame) ?? encoded
        }
        return encoded
    }

    /// The time within a track, in sectors: from its start on or, in its pregap, down to zero in the
    /// last sector of that (ECMA-130 §22.3.3.2).
    public static func distance(of address: Int, from start: Int) -> Int {
        address < start ? start - address - 1 : address - start
    }

    /// The twelve bytes of Q that carry a media catalogue number (ECMA-130 §22.3.4.2, mode 2).
    ///
    /// - Parameters:
    ///   - catalog: 13 digits.
    ///   - control: The control nibble.
    ///   - frame: The frame number of the sector's time on the disc.
    /// - Returns: The bytes, with their checksum; nil for a text of another form.
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
    /// - Returns: The bytes, with their checksum; nil for a text of another form.
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
