/// The raw data sector of a CD: 2352 bytes around the user data (ECMA-130 §14).
public enum RawSector {
    /// Bytes of a raw sector.
    public static let size = 2352

    /// What a data sector is.
    public enum Kind: Sendable, Hashable {
        /// 2048 bytes of user data with error correction.
        case mode1
        /// 2336 bytes without.
        case mode2
        /// CD-ROM XA: a subheader and 2048 bytes with error correction.
        case mode2Form1
        /// CD-ROM XA: a subheader and 2324 bytes without.
        case mode2Form2
    }

    /// The twelve bytes that every data sector begins with.
    public static let sync: [UInt8] = [0] + Array(repeating: 0xFF, count: 10) + [0]

    /// The bytes of a sector of mode 1 that are always zero (ECMA-130 §14.4).
    static let intermediate = 2068..<2076

    /// Puts sync and header into a sector.
    ///
    /// - Parameters:
    ///   - sector: 2352 bytes.
    ///   - address: The sector's address, which the header gives as a time.
    ///   - mode: The mode byte.
    public static func writeHeader(
        _ sector: inout MutableSpan<UInt8>,
        at address: LBA,
        mode: UInt8
    ) {
        for (i, byte) in sync.enumerated() { sector[i] = byte }
        let time = MSF(address)
        sector[12] = bcd(time.minute)
        sector[13] = bcd(time.second)
        sector[14] = bcd(time.frame)
        sector[15] = mode
    }

    /// Completes a sector whose user data stand in their place already.
    ///
    /// Everything else follows from them and from the address, but for the subheader of mode 2's
    /// forms, which must stand there, too. A sector of less than 2352 bytes stays as it is.
    public static func complete(
        _ sector: inout MutableSpan<UInt8>,
        _ kind: Kind,
        at address: LBA
    ) {
        guard sector.count >= size else { return }
        writeHeader(&sector, at: address, mode: kind == .mode1 ? 1 : 2)
        switch kind {
        case .mode1:
            writeEDC(&sector, over: 0..<2064)
            for i in intermediate { sector[i] = 0 }
            SectorECC.fill(&sector, countsHeader: true)
        case .mode2:
            break
        case .mode2Form1:
            writeEDC(&sector, over: 16..<2072)
            SectorECC.fill(&sector, countsHeader: false)
        case .mode2Form2:
            writeEDC(&sector, over: 16..<2348)
        }
    }

    private static func writeEDC(_ sector: inout MutableSpan<UInt8>, over range: Range<Int>) {
        let sum = SectorEDC.sum(of: sector.span, in: range)
        for i in 0..<4 {
            sector[range.upperBound + i] = UInt8(truncatingIfNeeded: sum >> (8 * i))
        }
    }

    /// A number below 100 in binary-coded decimal.
    public static func bcd(_ number: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (number / 10 % 10) << 4 | number % 10)
    }
}
