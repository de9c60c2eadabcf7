/// Bytes that a disc owes, but for those of which that is not known.
struct OwedBytes {
    /// The bytes; zeros where they are not known.
    private(set) var bytes: [UInt8]
    private var unknown: [Range<Int>] = []

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func append(_ more: [UInt8]) {
        bytes += more
    }

    mutating func appendUnknown(_ count: Int) {
        unknown.append(bytes.count..<(bytes.count + count))
        bytes += [UInt8](repeating: 0, count: count)
    }

    mutating func dropFirst(_ count: Int) {
        bytes.removeFirst(min(count, bytes.count))
        unknown = unknown.map { max(0, $0.lowerBound - count)..<max(0, $0.upperBound - count) }
    }

    /// Whether what was read is what is owed, as far as that is known.
    ///
    /// - Parameters:
    ///   - read: What was read, which begins where these bytes do.
    ///   - range: The part to look at.
    /// - Returns: False also where less is owed, or was read, than the part has.
    func matches(_ read: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.upperBound <= read.count, range.upperBound <= bytes.count else { return false }
        let unknown = unknown.filter { $0.overlaps(range) }
        if unknown.isEmpty { return read[range] == bytes[range] }
        return range.allSatisfy { place in
            read[place] == bytes[place] || unknown.contains { $0.contains(place) }
        }
    }
}
