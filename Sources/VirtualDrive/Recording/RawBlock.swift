import DiscModel

/// How a host sends a sector that it writes raw: 2352 bytes of the main channel, as they go onto the
/// disc, and the subchannel behind them (MMC-6 table 690, block types 1 to 3).
enum RawBlock: Int, Sendable, CaseIterable {
    /// P and Q in 16 bytes.
    case withQ = 1
    /// P to W in 96 bytes, R to W in packs that the drive interleaves.
    case packed = 2
    /// P to W in 96 bytes, as they go onto the disc.
    case raw = 3

    /// Bytes of the subchannel.
    var subchannelSize: Int { self == .withQ ? 16 : 96 }

    /// Bytes of a sector and its subchannel.
    var size: Int { RawSector.size + subchannelSize }

    /// The 96 bytes of subchannel that a sector gets on the disc.
    ///
    /// Packs of R to W are kept in the order in which they come, which is also how they are read.
    func subchannel(_ bytes: Span<UInt8>) -> [UInt8] {
        guard self == .withQ else { return (0..<96).map { bytes[$0] } }
        var q = (0..<12).map { bytes[$0] }
        // Here the drive makes the CRC: wodim 1.1.11 sends it as it stands on discs, cdrdao 1.2.4 not
        // inverted, and the discs of both are read.
        let sum = SubchannelQ.crc(of: q[..<10])
        q[10] = UInt8(truncatingIfNeeded: sum >> 8)
        q[11] = UInt8(truncatingIfNeeded: sum)
        return SubchannelQ.interleaved(q, isPause: bytes[15] & 0x80 != 0)
    }

    /// The twelve bytes of Q in the 96 of a subchannel.
    static func q(_ subchannel: [UInt8]) -> [UInt8] {
        (0..<12).map { byte in
            (0..<8).reduce(0) { $0 << 1 | subchannel[byte * 8 + $1] >> 6 & 1 }
        }
    }
}
