import DiscFiles

/// A time as years, months and so on, which file systems of discs record.
struct CivilTime {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    let microseconds: Int
    /// How far east of Greenwich the clock is that shows it; `nil` if nobody knows.
    let minutesEast: Int?

    /// Takes a time apart, or the nearest one in a range of years.
    init(_ time: FileTime, years: ClosedRange<Int> = 1...9999) {
        let zone = time.minutesEast.map { min(max($0, -1440), 1440) }
        let first = Self.days(before: years.lowerBound) * 86_400
        let last = Self.days(before: years.upperBound + 1) * 86_400 - 1
        let (shifted, overflow) = time.seconds.addingReportingOverflow((zone ?? 0) * 60)
        let wanted = overflow ? time.seconds : shifted
        let local = min(max(wanted, first), last)
        let days = (local >= 0 ? local : local - 86_399) / 86_400
        let rest = local - days * 86_400
        // Years begin in March, so that the leap day is the last one of its year.
        let shiftedDays = days + 719_468
        let era = (shiftedDays >= 0 ? shiftedDays : shiftedDays - 146_096) / 146_097
        let dayOfEra = shiftedDays - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let index = (5 * dayOfYear + 2) / 153
        month = index < 10 ? index + 3 : index - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * index + 2) / 5 + 1
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
        microseconds =
            local == wanted ? min(max(time.nanoseconds, 0), 999_999_999) / 1000 : 0
        minutesEast = zone
    }

    /// The days from 1970 to the first day of a year.
    private static func days(before year: Int) -> Int {
        let last = year - 1
        return last * 365 + last / 4 - last / 100 + last / 400 - 719_162
    }
}
