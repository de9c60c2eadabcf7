/// The dates of descriptors, as ISO 8601 text.
enum DescriptorDate {
    /// A date of 17 bytes: 16 digits and the offset from Greenwich in quarters of an hour.
    ///
    /// Nil where it isn't specified, or isn't a date. ECMA-119 §8.4.26.1.
    static func ofVolume(_ bytes: Span<UInt8>, at offset: Int) -> String? {
        var digits: [Int] = []
        for index in 0..<16 {
            let digit = Int(bytes.byte(offset + index)) - 0x30
            guard (0...9).contains(digit) else { return nil }
            digits.append(digit)
        }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        return text(
            year: number(0..<4),
            month: number(4..<6),
            day: number(6..<8),
            hour: number(8..<10),
            minute: number(10..<12),
            second: number(12..<14),
            offset: Int(Int8(bitPattern: bytes.byte(offset + 16))) * 15
        )
    }

    /// A date of 12 bytes, whose offset from Greenwich is in minutes; ECMA-167 1/7.3.
    static func ofUDF(_ bytes: Span<UInt8>, at offset: Int) -> String? {
        let zone = bytes.little16(offset)
        // Twelve bits of two's complement; -2047 says that there is none.
        let minutes = Int(Int16(bitPattern: zone << 4) >> 4)
        return text(
            year: Int(Int16(bitPattern: bytes.little16(offset + 2))),
            month: Int(bytes.byte(offset + 4)),
            day: Int(bytes.byte(offset + 5)),
            hour: Int(bytes.byte(offset + 6)),
            minute: Int(bytes.byte(offset + 7)),
            second: Int(bytes.byte(offset + 8)),
            offset: zone >> 12 == 1 && minutes != -2047 ? minutes : 0
        )
    }

    /// A date of Apple's, in seconds since 1904 began; nil for 0.
    static func ofMac(_ seconds: UInt32) -> String? {
        guard seconds > 0 else { return nil }
        let (days, rest) = Int(seconds).quotientAndRemainder(dividingBy: 86400)
        var (year, day) = (1904, days)
        func length(_ year: Int) -> Int {
            year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365
        }
        while day >= length(year) {
            day -= length(year)
            year += 1
        }
        var month = 1
        for count in [31, length(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
            guard day >= count else { break }
            day -= count
            month += 1
        }
        return text(
            year: year,
            month: month,
            day: day + 1,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            offset: 0
        )
    }

    private static func text(
        year: Int,
        month: Int,
        day: Int,
        hour: Int,
        minute: Int,
        second: Int,
        offset: Int
    ) -> String? {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            abs(offset) <= 24 * 60
        else { return nil }
        func padded(_ value: Int, _ width: Int = 2) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        let zone =
            offset == 0
            ? "Z"
            : (offset < 0 ? "-" : "+") + padded(abs(offset) / 60) + ":" + padded(abs(offset) % 60)
        return "\(padded(year, 4))-\(padded(month))-\(padded(day))"
            + "T\(padded(hour)):\(padded(minute)):\(padded(second))\(zone)"
    }
}
