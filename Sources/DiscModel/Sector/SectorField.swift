/// The field of 256 elements that the parity of CD sectors is counted in, with the polynomial x^8 +
/// x^4 + x^3 + x^2 + 1, of which 2 is a primitive element (ECMA-130 Annex A).
enum SectorField {
    /// An element times 2.
    @inline(__always)
    static func double(_ value: UInt8) -> UInt8 {
        value &<< 1 ^ 0x1D & (0 &- value &>> 7)
    }

    /// An element times a power of 2.
    static func multiplied(_ value: UInt8, power: Int) -> UInt8 {
        guard value != 0 else { return 0 }
        // The powers repeat after 255.
        let sum = (Int(logarithms[Int(value)]) + power) % 255
        return powers[sum < 0 ? sum + 255 : sum]
    }

    /// The product of two elements.
    static func product(_ a: UInt8, _ b: UInt8) -> UInt8 {
        b == 0 ? 0 : multiplied(a, power: Int(logarithms[Int(b)]))
    }

    /// An element divided by one that is not zero.
    static func quotient(_ dividend: UInt8, _ divisor: UInt8) -> UInt8 {
        divisor == 0 ? 0 : multiplied(dividend, power: -Int(logarithms[Int(divisor)]))
    }

    /// The power of 2, from 0 to 254, that makes one element another one; `nil` if either is zero.
    static func power(from a: UInt8, to b: UInt8) -> Int? {
        guard a != 0, b != 0 else { return nil }
        let power = Int(logarithms[Int(b)]) - Int(logarithms[Int(a)])
        return power < 0 ? power + 255 : power
    }

    /// 2 to a power.
    static func power(_ power: Int) -> UInt8 { multiplied(1, power: power) }

    /// Each element times 2 to the 26th.
    static let timesPower26: [UInt8] = (UInt8.min...255).map { multiplied($0, power: 26) }

    private static let powers: [UInt8] = {
        var powers: [UInt8] = [1]
        for i in 1..<255 { powers.append(double(powers[i - 1])) }
        return powers
    }()

    private static let logarithms: [UInt8] = {
        var logarithms = [UInt8](repeating: 0, count: 256)
        for (i, power) in powers.enumerated() { logarithms[Int(power)] = UInt8(i) }
        return logarithms
    }()

    /// Each element divided by the sum of 2 and 1.
    static let thirds: [UInt8] = {
        var thirds = [UInt8](repeating: 0, count: 256)
        for value in UInt8.min...255 { thirds[Int(double(value) ^ value)] = value }
        return thirds
    }()
}
