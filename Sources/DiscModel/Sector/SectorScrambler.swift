/// The scrambling of data sectors, which keeps a disc free of regular patterns (ECMA-130 Annex B).
///
/// A drive scrambles what it writes and makes it undone in what it reads; only where a host writes
/// raw does it come scrambled.
public enum SectorScrambler {
    /// What the bytes behind the sync are combined with: a register of 15 bits that starts at 1,
    /// with feedback from its last two (x^15 + x + 1), the least significant bit first.
    private static let sequence: [UInt8] = {
        var register: UInt16 = 1
        return (RawSector.sync.count..<RawSector.size).map { _ in
            var byte: UInt8 = 0
            for bit in 0..<8 {
                byte |= UInt8(register & 1) << UInt8(bit)
                let feedback = (register ^ register >> 1) & 1
                register = register >> 1 | feedback << 14
            }
            return byte
        }
    }()

    /// Scrambles a whole sector, or makes that undone; a shorter one stays as it is.
    public static func apply(_ sector: inout MutableSpan<UInt8>) {
        guard sector.count >= RawSector.size else { return }
        let start = RawSector.sync.count
        for (i, byte) in sequence.enumerated() { sector[start + i] ^= byte }
    }
}
