/// Hexadecimal digits as they stand in logs.
enum Hexadecimal {
    /// The bytes that pairs of digits stand for; blanks don't count.
    static func bytes(_ text: some StringProtocol) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - digits.count % 2, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
