/// The P and Q parity of CD sectors: two Reed–Solomon codes over the field of 256 elements with the
/// polynomial x^8 + x^4 + x^3 + x^2 + 1 (ECMA-130 Annex A).
public enum SectorECC {
    /// One of the two codes: how its words lie in a sector, from the header on.
    private struct Code {
        /// The number of words.
        let count: Int
        /// Bytes of data in a word.
        let length: Int
        /// From one pair of words to the next.
        let step: Int
        /// From one byte of a word to the next.
        let increment: Int
        /// Where a word goes on at the beginning.
        let modulus: Int
        /// Where the parity lies in the sector.
        let place: Int
        /// What a byte adds to a word's two parity bytes, by its place in the word and its value.
        ///
        /// The first parity byte is the low one. The codes are linear, so that no byte has to wait for
        /// another.
        let shares: [UInt16]

        init(count: Int, length: Int, step: Int, increment: Int, modulus: Int, place: Int) {
            self.count = count
            self.length = length
            self.step = step
            self.increment = increment
            self.modulus = modulus
            self.place = place
            func double(_ value: Int) -> Int { value << 1 ^ (value & 0x80 == 0 ? 0 : 0x11D) }
            // Division by one plus the field's primitive element.
            var divided = [Int](repeating: 0, count: 256)
            for value in 0..<256 { divided[value ^ double(value)] = value }
            var shares: [UInt16] = []
            for place in 0..<length {
                for value in 0..<256 {
                    let weighted = (place...length).reduce(value) { product, _ in double(product) }
                    let first = divided[weighted ^ value]
                    shares.append(UInt16(first | (first ^ value) << 8))
                }
            }
            self.shares = shares
        }
    }

    /// 86 columns of 24 bytes.
    private static let p = Code(
        count: 86,
        length: 24,
        step: 2,
        increment: 86,
        modulus: 2064,
        place: 2076
    )
    /// 52 diagonals of 43 bytes, which run over P too.
    private static let q = Code(
        count: 52,
        length: 43,
        step: 86,
        increment: 88,
        modulus: 2236,
        place: 2248
    )

    /// Puts the parity of a raw sector of 2352 bytes into it.
    ///
    /// The header counts in mode 1; in mode 2 form 1 it counts as zeros (CD-ROM XA specification).
    public static func fill(_ sector: inout MutableSpan<UInt8>, countsHeader: Bool) {
        guard sector.count >= 2352 else { return }
        var header: [UInt8] = []
        if !countsHeader {
            for i in 12..<16 {
                header.append(sector[i])
                sector[i] = 0
            }
        }
        fill(&sector, p)
        fill(&sector, q)
        for (i, byte) in header.enumerated() { sector[12 + i] = byte }
    }

    private static func fill(_ sector: inout MutableSpan<UInt8>, _ code: Code) {
        let shares = code.shares.span
        for word in 0..<code.count {
            var offset = (word >> 1) &* code.step &+ (word & 1)
            var parity: UInt16 = 0
            var row = 0
            while row < shares.count {
                parity ^= shares[row &+ Int(sector[12 &+ offset])]
                row &+= 256
                offset &+= code.increment
                if offset >= code.modulus { offset &-= code.modulus }
            }
            sector[code.place &+ word] = UInt8(truncatingIfNeeded: parity)
            sector[code.place &+ code.count &+ word] = UInt8(truncatingIfNeeded: parity >> 8)
        }
    }
}
