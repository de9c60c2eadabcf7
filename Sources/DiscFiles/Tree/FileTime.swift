/// A time that a file system recorded.
public struct FileTime: Hashable, Sendable {
    /// Seconds since 1970-01-01, 00:00: of Greenwich where ``minutesEast`` is known, else of the
    /// place where the time was recorded.
    public var seconds: Int
    /// What goes beyond the second.
    public var nanoseconds: Int
    /// How far east of Greenwich the recorder was; absent where the disc doesn't tell.
    public var minutesEast: Int?

    /// Creates a time.
    public init(seconds: Int, nanoseconds: Int = 0, minutesEast: Int? = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.minutesEast = minutesEast
    }

    /// Takes a date of the place where it was recorded; `nil` if it is none.
    init?(
        year: Int,
        month: Int,
        day: Int,
        hour: Int,
        minute: Int,
        second: Int,
        nanoseconds: Int = 0,
        minutesEast: Int?
    ) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            abs(minutesEast ?? 0) <= 24 * 60
        else { return nil }
        // Days since 1970 of a year that begins in March, so that the leap day is its last one.
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let local = days * 86_400 + hour * 3600 + minute * 60 + second
        self.init(
            seconds: local - (minutesEast ?? 0) * 60,
            nanoseconds: (0..<1_000_000_000).contains(nanoseconds) ? nanoseconds : 0,
            minutesEast: minutesEast
        )
    }
}

extension FileTime {
    private static func days(in month: Int, of year: Int) -> Int {
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeapYear ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }
}

extension FileTime: CustomStringConvertible {
    /// ISO 8601 in whole seconds, at the recorder's place; without a zone where none is known.
    public var description: String {
        let local = seconds + (minutesEast ?? 0) * 60
        let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
        let rest = local - days * 86_400
        let shifted = days + 719_468
        let era = shifted >= 0 ? shifted / 146_097 : (shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        return "\(Self.padded(year, 4))-\(Self.padded(month))-\(Self.padded(day))"
            + "T\(Self.padded(rest / 3600)):\(Self.padded(rest / 60 % 60)):"
            + Self.padded(rest % 60) + zone
    }

    private var zone: String {
        guard let minutesEast else { return "" }
        guard minutesEast != 0 else { return "Z" }
        let size = abs(minutesEast)
        return (minutesEast < 0 ? "-" : "+") + Self.padded(size / 60) + ":"
            + Self.padded(size % 60)
    }

    private static func padded(_ value: Int, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension FileTime {
    /// The seven bytes of a directory record: years since 1900 to quarters of an hour from
    /// Greenwich (ECMA-119 §9.1.5); the draft of 1986 has only the first six.
    static func ofRecord(_ bytes: Span<UInt8>, at offset: Int, hasZone: Bool = true) -> FileTime? {
        FileTime(
            year: 1900 + Int(bytes.byte(offset)),
            month: Int(bytes.byte(offset + 1)),
            day: Int(bytes.byte(offset + 2)),
            hour: Int(bytes.byte(offset + 3)),
            minute: Int(bytes.byte(offset + 4)),
            second: Int(bytes.byte(offset + 5)),
            minutesEast: hasZone ? zone(bytes.byte(offset + 6)) : nil
        )
    }

    /// The 17 bytes of a descriptor's date: digits, and the zone as above (ECMA-119 §8.4.26.1).
    package static func ofDigits(_ bytes: Span<UInt8>, at offset: Int) -> FileTime? {
        var digits: [Int] = []
        for index in 0..<16 {
            let digit = Int(bytes.byte(offset + index)) - 0x30
            guard (0...9).contains(digit) else { return nil }
            digits.append(digit)
        }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        return FileTime(
            year: number(0..<4),
            month: number(4..<6),
            day: number(6..<8),
            hour: number(8..<10),
            minute: number(10..<12),
            second: number(12..<14),
            nanoseconds: number(14..<16) * 10_000_000,
            minutesEast: zone(bytes.byte(offset + 16))
        )
    }

    /// Minutes east of Greenwich from ECMA-119's quarters of an hour; `nil` for what is no zone.
    ///
    /// §8.4.26.1 and §9.1.5 allow -48 to 52. Easy CD Creator 5 wrote the digit 8, which is 56.
    private static func zone(_ byte: UInt8) -> Int? {
        let quarters = Int(Int8(bitPattern: byte))
        return (-48...52).contains(quarters) ? quarters * 15 : nil
    }

    /// The 12 bytes of ECMA-167 1/7.3, whose zone is in minutes.
    static func ofUDF(_ bytes: Span<UInt8>, at offset: Int) -> FileTime? {
        let zone = bytes.little16(offset)
        // The high four bits: 0 is Greenwich's time, 1 local time with a zone in the other twelve, a
        // two's complement from -1440 to 1440; -2047 says that the zone was not specified.
        let minutes: Int? =
            switch zone >> 12 {
            case 0: 0
            case 1: Int(Int16(bitPattern: zone << 4) >> 4)
            default: nil
            }
        let hundredths = Int(bytes.byte(offset + 9)) * 10_000 + Int(bytes.byte(offset + 10)) * 100
        return FileTime(
            year: Int(Int16(bitPattern: bytes.little16(offset + 2))),
            month: Int(bytes.byte(offset + 4)),
            day: Int(bytes.byte(offset + 5)),
            hour: Int(bytes.byte(offset + 6)),
            minute: Int(bytes.byte(offset + 7)),
            second: Int(bytes.byte(offset + 8)),
            nanoseconds: (hundredths + Int(bytes.byte(offset + 11))) * 1000,
            minutesEast: minutes.flatMap { (-1440...1440).contains($0) ? $0 : nil }
        )
    }

    /// Seconds since 1904, which HFS counts in local time and HFS Plus in Greenwich's (TN1150);
    /// nil for 0, which is no time.
    static func ofMac(_ seconds: UInt32, isLocal: Bool) -> FileTime? {
        guard seconds > 0 else { return nil }
        return FileTime(
            seconds: Int(seconds) - 2_082_844_800,
            minutesEast: isLocal ? nil : 0
        )
    }
}
