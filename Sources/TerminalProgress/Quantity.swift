import Reports

/// Quantities in the form that people read.
public enum Quantity {
    /// Bytes in decimal units, as discs are labelled: “4.7 GB”.
    public static func bytes(_ count: Int) -> String { Wording.size(count) }

    /// A rate in MB/s of a million bytes.
    public static func rate(_ bytesPerSecond: Double) -> String {
        "\(oneDigit(bytesPerSecond / 1e6)) MB/s"
    }

    /// A multiple of a medium's 1×.
    public static func times(_ speed: Double) -> String {
        "\(oneDigit(speed))×"
    }

    /// A time in minutes and seconds, or hours too.
    public static func time(_ seconds: Double) -> String {
        let whole = Int(max(0, min(seconds, 359_999)).rounded(.up))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return whole >= 3600
            ? "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
            : "\(whole / 60):\(two(whole % 60))"
    }

    private static func oneDigit(_ value: Double) -> String { Wording.oneDigit(value) }
}
