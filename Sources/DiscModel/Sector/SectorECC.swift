/// The P and Q parity of CD sectors: two Reed–Solomon codes over the field of 256 elements with the
/// polynomial x^8 + x^4 + x^3 + x^2 + 1 (ECMA-130 Annex A).
public enum SectorECC {
    /// Multiplication by the field's primitive element, and division by one plus it.
    private static let tables: (double: [UInt8], divide: [UInt8]) = {
        var double = [UInt8](repeating: 0, count: 256)
        var divide = [UInt8](repeating: 0, count: 256)
        for i in 0..<256 {
            let product = UInt8(truncatingIfNeeded: i << 1 ^ (i & 0x80 == 0 ? 0 : 0x11D))
            double[i] = product
            divide[i ^ Int(product)] = UInt8(i)
        }
        return (double, divide)
    }()

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
        // P: 86 columns of 24 bytes. Q: 52 diagonals of 43 bytes, which run over P too.
        parity(of: &sector, count: 86, length: 24, step: 2, increment: 86, modulus: 2064, to: 2076)
        parity(of: &sector, count: 52, length: 43, step: 86, increment: 88, modulus: 2236, to: 2248)
        for (i, byte) in header.enumerated() { sector[12 + i] = byte }
    }

    private static func parity(
        of sector: inout MutableSpan<UInt8>,
        count: Int,
        length: Int,
        step: Int,
        increment: Int,
        modulus: Int,
        to place: Int
    ) {
        let (double, divide) = tables
        for word in 0..<count {
            var offset = (word >> 1) * step + (word & 1)
            var a: UInt8 = 0
            var b: UInt8 = 0
            for _ in 0..<length {
                let byte = sector[12 + offset]
                offset += increment
                if offset >= modulus { offset -= modulus }
                a = double[Int(a ^ byte)]
                b ^= byte
            }
            let first = divide[Int(double[Int(a)] ^ b)]
            sector[place + word] = first
            sector[place + count + word] = first ^ b
        }
    }
}
