package import LinuxCalls

extension Hexadecimal {
    /// Eight lower-case digits.
    package static func word(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }

    /// Eight upper-case digits.
    package static func upperWord(_ value: Int) -> String {
        word(UInt32(truncatingIfNeeded: value)).uppercased()
    }

    /// Reads digits; `nil` if they are none, or more than eight.
    package static func word(_ text: some StringProtocol) -> UInt32? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }) else { return nil }
        return UInt32(text, radix: 16)
    }
}
