/// The register of CRC-32 (IEEE 802.3), and what can be reckoned with it without the bytes.
///
/// The register is linear in its bytes, so that from the registers at two places of a run of bytes
/// follows the sum over what lies between, whatever came before.
enum SampleCRC {
    private static let polynomial: UInt32 = 0xEDB8_8320

    /// The register after a byte of each value, and after one to three zeros behind it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 4 * 256)
        for value in 0..<256 {
            var register = UInt32(value)
            for _ in 0..<8 {
                register = register & 1 == 1 ? register >> 1 ^ polynomial : register >> 1
            }
            tables[value] = register
        }
        for index in 256..<1024 {
            let before = tables[index - 256]
            tables[index] = before >> 8 ^ tables[Int(before & 0xFF)]
        }
        return tables
    }()

    /// Works on many samples without looking the tables up each time.
    struct Stepper {
        private let tables = SampleCRC.tables

        /// The register after four more bytes, the lowest first.
        func after(_ register: UInt32, _ sample: UInt32) -> UInt32 {
            let x = register ^ sample
            return tables[768 + Int(x & 0xFF)] ^ tables[512 + Int(x >> 8 & 0xFF)]
                ^ tables[256 + Int(x >> 16 & 0xFF)] ^ tables[Int(x >> 24)]
        }

        /// The register after two more bytes, the lowest first.
        func after(_ register: UInt32, word: UInt32) -> UInt32 {
            let x = register ^ word
            return register >> 16 ^ tables[256 + Int(x & 0xFF)] ^ tables[Int(x >> 8 & 0xFF)]
        }
    }

    /// What a register becomes as a number of zero bytes follow, which is a product of polynomials.
    struct Advance {
        private let factor: UInt32

        /// Prepares for a number of bytes.
        init(bytes: Int) {
            var product: UInt32 = 1 << 31
            // x to the power of 8, and then its squares.
            var power: UInt32 = 1 << 23
            var rest = max(0, bytes)
            while rest > 0 {
                if rest & 1 == 1 { product = multiply(power, product) }
                power = multiply(power, power)
                rest >>= 1
            }
            factor = product
        }

        /// The register behind those bytes.
        func callAsFunction(_ register: UInt32) -> UInt32 { multiply(factor, register) }
    }

    /// The CRC-32 of the bytes between two places.
    ///
    /// - Parameters:
    ///   - begin: The register at the beginning, whatever it began with.
    ///   - end: The register at the end.
    ///   - advance: Over the number of the bytes.
    /// - Returns: The sum.
    static func sum(from begin: UInt32, to end: UInt32, _ advance: Advance) -> UInt32 {
        ~(advance(~begin) ^ end)
    }

    /// The product of two polynomials modulo that of the CRC; the highest bit is x to the power of 0.
    private static func multiply(_ a: UInt32, _ b: UInt32) -> UInt32 {
        var product: UInt32 = 0
        var b = b
        var bit: UInt32 = 1 << 31
        while bit != 0 {
            if a & bit != 0 {
                product ^= b
                if a & (bit &- 1) == 0 { break }
            }
            bit >>= 1
            b = b & 1 == 1 ? b >> 1 ^ polynomial : b >> 1
        }
        return product
    }
}
