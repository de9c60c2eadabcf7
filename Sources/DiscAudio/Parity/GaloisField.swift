/// The field of 65536 elements in which the CUETools Database's parity is made.
///
/// Its polynomial is 1100Bh, and its generator a is 2.
package struct GaloisField: Sendable {
    /// The number of elements without zero, after which the powers of the generator repeat.
    package static let order = 65_535
    package static let shared = GaloisField()
    private static let polynomial = 0x1100B

    /// The powers of the generator, twice.
    private let powers: [UInt16]
    /// The exponent of each element but zero.
    private let exponents: [UInt16]
    /// What is left of an element's upper bits, shifted out by 16, to add to the lower ones.
    package let reductions: [UInt16]

    private init() {
        var powers = [UInt16](repeating: 0, count: 2 * Self.order)
        var exponents = [UInt16](repeating: 0, count: Self.order + 1)
        var value = 1
        for exponent in 0..<Self.order {
            powers[exponent] = UInt16(value)
            powers[exponent + Self.order] = UInt16(value)
            exponents[value] = UInt16(exponent)
            value <<= 1
            if value > 0xFFFF { value ^= Self.polynomial }
        }
        var reductions = [UInt16](repeating: 0, count: 1 << 15)
        for upper in 1..<(1 << 15) {
            // a to the 16 times the upper bits.
            reductions[upper] = powers[Int(exponents[upper]) + 16]
        }
        (self.powers, self.exponents, self.reductions) = (powers, exponents, reductions)
    }

    /// A power of the generator.
    ///
    /// - Parameter exponent: Any, negative ones too.
    /// - Returns: The element.
    package func power(_ exponent: Int) -> UInt16 {
        let rest = exponent % Self.order
        return powers[rest < 0 ? rest + Self.order : rest]
    }

    /// The exponent of an element that is not zero.
    package func exponent(_ value: UInt16) -> Int { Int(exponents[Int(value)]) }

    /// The product of two elements.
    package func product(_ a: UInt16, _ b: UInt16) -> UInt16 {
        a == 0 || b == 0 ? 0 : powers[exponent(a) + exponent(b)]
    }

    /// An element times a power of the generator.
    package func product(_ a: UInt16, power exponent: Int) -> UInt16 {
        a == 0 ? 0 : power(self.exponent(a) + exponent % Self.order)
    }

    /// An element divided by another that is not zero.
    package func quotient(_ a: UInt16, _ b: UInt16) -> UInt16 {
        a == 0 ? 0 : powers[exponent(a) + Self.order - exponent(b)]
    }
}
