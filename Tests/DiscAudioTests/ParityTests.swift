import DiscAudio
import TestSupport
import Testing

/// The field, the syndromes, and what is put right by them.
@Suite struct ParityTests {
    private let field = GaloisField.shared

    /// The product of two elements, bit by bit.
    private func slowProduct(_ a: UInt16, _ b: UInt16) -> UInt16 {
        var (product, a, b) = (0, Int(a), b)
        while b != 0 {
            if b & 1 == 1 { product ^= a }
            a <<= 1
            if a > 0xFFFF { a ^= 0x1100B }
            b >>= 1
        }
        return UInt16(product)
    }

    @Test func `The field is the one of 1100Bh`() {
        var random = SeededGenerator(seed: 1)
        #expect(Set((0..<GaloisField.order).map { field.power($0) }).count == GaloisField.order)
        for _ in 0..<2000 {
            let a = UInt16(random.roll(65_536))
            let b = UInt16(1 + random.roll(65_535))
            #expect(field.product(a, b) == slowProduct(a, b))
            #expect(field.quotient(field.product(a, b), b) == a)
            let exponent = random.roll(400_000) - 200_000
            #expect(field.product(field.product(a, power: exponent), power: -exponent) == a)
        }
    }

    @Test func `As many wrong words as half the syndromes are found, and no more are guessed`() {
        var random = SeededGenerator(seed: 2)
        for count in [2, 4, 8, 16] {
            for rows in [30, 3000] {
                let decoder = ParityDecoder(rows: rows)
                for wrong in 0...count / 2 + 1 {
                    var errors: [Int: UInt16] = [:]
                    while errors.count < wrong {
                        errors[random.roll(rows)] = UInt16(1 + random.roll(65_535))
                    }
                    // The sum of each word times its power, as the database has it.
                    let syndromes = (0..<count).map { index in
                        errors.reduce(UInt16(0)) { sum, error in
                            let power = field.power(index * (rows - 1 - error.key))
                            return sum ^ slowProduct(error.value, power)
                        }
                    }
                    let found = decoder.errors(syndromes)
                    if wrong <= count / 2 {
                        #expect(found?.count == wrong)
                        for error in found ?? [] { #expect(errors[error.row] == error.value) }
                    } else if let found {
                        // Another word may be as near; then it has these syndromes.
                        #expect(found.count <= count / 2)
                    }
                }
            }
        }
    }

    @Test func `Syndromes are those of Horner's rule, at every offset`() throws {
        var random = SeededGenerator(seed: 3)
        let toc = try table([0, 20], 57)
        let bytes = random.bytes(57 * 2352)
        var syndromes = try #require(ParitySyndromes(toc, count: 5))
        syndromes.take(bytes.span.extracting(0..<77_776))
        syndromes.take(bytes.span.extracting(77_776..<bytes.count))
        #expect(syndromes.isComplete)
        let rows = 57 * 588 * 2 / 11_760 - 2
        func word(_ place: Int) -> UInt16 {
            UInt16(bytes[2 * place]) | UInt16(bytes[2 * place + 1]) << 8
        }
        for (column, offset) in [
            (0, 0), (5, 0), (0, 1), (0, -1), (11_759, 3), (7000, 5879), (3, -5879),
        ] {
            let expected = (0..<5).map { index in
                (1...rows).reduce(UInt16(0)) { sum, row in
                    slowProduct(sum, field.power(index)) ^ word(row * 11_760 + column + 2 * offset)
                }
            }
            #expect(syndromes.column(column, at: offset) == expected, "\(column) \(offset)")
            #expect(syndromes.offset(ofColumn: column, expected) == offset)
        }
        #expect(syndromes.offset(ofColumn: 4, [0, 0, 0]) == nil)
        #expect(ParitySyndromes(toc, count: 17) == nil)
        #expect(ParitySyndromes(try table([0], 25), count: 8) == nil)
    }
}
