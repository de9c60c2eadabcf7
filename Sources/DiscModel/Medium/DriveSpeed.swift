/// A speed of a drive, as a person asks for it.
public enum DriveSpeed: Hashable, Sendable {
    /// A multiple of the medium's 1×.
    case times(Double)
    /// So many kB/s of 1000 bytes.
    case kilobytes(Int)

    /// Reads `8x`, `8` or `11080k`.
    public init?(_ text: String) {
        let text = text.lowercased()
        // No signs, exponents or hexadecimal digits, which numbers may have.
        guard text.utf8.first.map({ (0x30...0x39).contains($0) }) == true,
            text.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E })
        else { return nil }
        if text.hasSuffix("k") {
            guard let number = Int(text.dropLast()), number > 0, number < 1 << 24 else {
                return nil
            }
            self = .kilobytes(number)
        } else {
            let digits = text.hasSuffix("x") ? String(text.dropLast()) : text
            guard let factor = Double(digits), factor > 0, factor < 1000 else { return nil }
            self = .times(factor)
        }
    }

    /// The speed in kB/s on a medium, as drives count it: 176.4 to 1× on CD, where they count raw
    /// sectors; 1385 on DVD; 4495.625 on BD.
    public func kilobytesPerSecond(on medium: MediumKind) -> Int {
        switch self {
        case .kilobytes(let number): return number
        case .times(let factor):
            let single: Double =
                switch medium.facts.family {
                case .cd: 176.4
                case .dvd: 1385
                case .bd: 4495.625
                }
            return Int((factor * single).rounded(.up))
        }
    }
}
