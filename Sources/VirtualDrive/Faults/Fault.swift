public import MMC

/// Sectors that a virtual recorder reads or writes badly.
///
/// A specification is an operation and settings, such as `read lba=1000-1010 sense=3/11/05`. Its
/// ranges are inclusive.
public struct Fault: Hashable, Sendable {
    /// When it strikes.
    public enum Operation: String, Hashable, Sendable {
        case read, write
    }

    /// When it strikes.
    public var operation: Operation
    /// The sectors.
    public var sectors: ClosedRange<Int>
    /// What the drive says, with the first bad sector in the information field.
    public var sense: Sense
    /// How often the sectors are served well before the fault strikes.
    public var after: Int

    /// Creates a fault.
    public init(
        _ operation: Operation,
        sectors: ClosedRange<Int>,
        sense: Sense? = nil,
        after: Int = 0
    ) {
        self.operation = operation
        self.sectors = sectors
        self.sense = sense ?? Self.usualSense(operation)
        self.after = after
    }

    /// Reads a specification.
    ///
    /// - Throws: ``FaultError`` with one sentence that quotes what is wrong.
    public init(parsing text: String) throws(FaultError) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let first = words.first, let operation = Operation(rawValue: String(first)) else {
            throw FaultError(text, "it does not begin with “read” or “write”")
        }
        var sectors: ClosedRange<Int>?
        var sense = Self.usualSense(operation)
        var after = 0
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw FaultError(text, "“\(word)” is no setting") }
            switch parts[0] {
            case "lba":
                guard let range = Self.range(parts[1]) else {
                    throw FaultError(text, "“\(parts[1])” is no range of sectors")
                }
                sectors = range
            case "sense":
                guard let parsed = Self.sense(parts[1]) else {
                    throw FaultError(text, "“\(parts[1])” is no sense code such as 3/11/05")
                }
                sense = parsed
            case "after":
                guard let count = Int(parts[1]), count >= 0 else {
                    throw FaultError(text, "“\(parts[1])” is no count")
                }
                after = count
            default:
                throw FaultError(text, "“\(parts[0])” is not known")
            }
        }
        guard let sectors else { throw FaultError(text, "it names no sectors with “lba=”") }
        self.init(operation, sectors: sectors, sense: sense, after: after)
    }

    private static func usualSense(_ operation: Operation) -> Sense {
        switch operation {
        case .read: Sense(.mediumError, 0x11, 0x05)
        case .write: Sense(.mediumError, 0x0C, 0x00)
        }
    }

    /// A number, or two with a dash between them.
    private static func range(_ text: Substring) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = ends.first.flatMap({ Int($0) }), ends.count <= 2 else { return nil }
        guard ends.count == 2 else { return first...first }
        guard let last = Int(ends[1]), last >= first else { return nil }
        return first...last
    }

    /// Key, code and qualifier in hexadecimal.
    private static func sense(_ text: Substring) -> Sense? {
        let parts = text.split(separator: "/").map { UInt8($0, radix: 16) }
        guard parts.count == 3, let number = parts[0], let key = Sense.Key(rawValue: number),
            let asc = parts[1], let ascq = parts[2]
        else { return nil }
        return Sense(key, asc, ascq)
    }
}
