/// Numbers in words, as every verb shows them.
public enum Wording {
    /// A number of things: “1 sector”, “2 sectors”.
    ///
    /// - Parameters:
    ///   - count: The number.
    ///   - noun: What one of them is called.
    ///   - plural: What several are called; the noun with an “s” if left out.
    /// - Returns: The number and the word.
    public static func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
    }

    /// A number of bytes.
    public static func bytes(_ count: Int) -> String { counted(count, "byte") }

    /// A number of sectors.
    public static func sectors(_ count: Int) -> String { counted(count, "sector") }

    /// Bytes in decimal units, as discs are labelled: “4.7 GB”.
    public static func size(_ count: Int) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(count)
        var unit = 0
        // 999.95 kB would be rounded to 1000.0 kB.
        while value >= 999.95, unit + 1 < units.count {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(count) B" : "\(oneDigit(value)) \(units[unit])"
    }

    /// A number with one digit behind the point.
    public static func oneDigit(_ value: Double) -> String {
        let tenths = Int((max(0, min(value, 1e12)) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Rising numbers, those that follow one another together: “1 to 3, 5 and 9”.
    public static func ranges(_ numbers: some Sequence<Int>) -> String {
        var runs: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound + 1 == number {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        let parts = runs.flatMap { run in
            switch run.count {
            case 1: ["\(run.lowerBound)"]
            case 2: ["\(run.lowerBound)", "\(run.upperBound)"]
            default: ["\(run.lowerBound) to \(run.upperBound)"]
            }
        }
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return "\(parts.dropLast().joined(separator: ", ")) and \(last)"
    }

    /// Numbers in a row: “1, 2, 5”.
    public static func list(_ numbers: some Sequence<Int>) -> String {
        numbers.map(String.init).joined(separator: ", ")
    }
}
