/// A record of a binary descriptor that is being written.
struct BinaryRecord {
    private(set) var bytes: [UInt8] = []
    private let order: BinaryFields.Order

    init(_ order: BinaryFields.Order) {
        self.order = order
    }

    /// Adds the low bytes of a number.
    mutating func add(_ number: Int, _ count: Int) {
        for i in 0..<count {
            let shift = 8 * (order == .big ? count - 1 - i : i)
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// Adds bytes.
    mutating func add(_ other: some Sequence<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// Adds a text of so many bytes, filled up with zeros.
    mutating func add(_ text: String, _ count: Int) {
        let body = Array(text.utf8.prefix(count))
        add(body + Array(repeating: 0, count: count - body.count))
    }

    /// Adds zeros.
    mutating func addZeros(_ count: Int) {
        add(repeatElement(0, count: max(0, count)))
    }
}
