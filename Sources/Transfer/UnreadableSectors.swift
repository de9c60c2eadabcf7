/// A source could not deliver sectors that it should hold.
public struct UnreadableSectors: Error, Sendable {
    /// The first of them.
    public var start: Int
    /// How many were asked for; which of them are to blame may not be known.
    public var count: Int
    /// Why, as far as the source knows: for a drive its sense data in words.
    public var reason: String
    /// Whether there is nothing to read, as in a pause between tracks, rather than something that can't
    /// be had.
    public var isAbsence: Bool

    /// Creates an error.
    public init(start: Int, count: Int, reason: String, isAbsence: Bool = false) {
        self.start = start
        self.count = count
        self.reason = reason
        self.isAbsence = isAbsence
    }
}

extension UnreadableSectors: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        count == 1
            ? "Sector \(start) can't be read: \(reason)."
            : "Sectors \(start) to \(start + count - 1) can't be read: \(reason)."
    }
}
