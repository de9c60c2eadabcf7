/// A sum over bytes, and how it was made.
public struct Checksum: Hashable, Sendable {
    /// How it was made.
    public var algorithm: DigestAlgorithm
    /// The sum.
    public var bytes: [UInt8]

    /// Creates a sum from its bytes.
    public init(algorithm: DigestAlgorithm, bytes: [UInt8]) {
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// Reads a sum from hexadecimal digits of either case.
    ///
    /// - Returns: `nil` if there are other characters or not the algorithm's number of digits.
    public init?(_ algorithm: DigestAlgorithm, hexadecimal text: some StringProtocol) {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 2 * algorithm.length, digits.count == text.utf8.count else {
            return nil
        }
        self.algorithm = algorithm
        bytes = stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    /// The sum in lower-case hexadecimal digits.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}
