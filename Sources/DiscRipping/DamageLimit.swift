/// How many bad sectors of a disc are too many.
public enum DamageLimit: Hashable, Sendable {
    /// More than so many.
    case sectors(Int)
    /// More than so many of a hundred.
    case percent(Double)

    /// The most bad sectors of a disc of so many.
    public func sectors(of total: Int) -> Int {
        switch self {
        case .sectors(let count): max(0, count)
        case .percent(let share): Int(Double(max(0, total)) * max(0, min(100, share)) / 100)
        }
    }
}
