/// What the sums over all samples before a position are, for each position in a stretch.
///
/// From two such positions follows each sum over what lies between them.
struct SumWindow: Sendable {
    /// The sums at a position.
    struct Point: Sendable {
        /// The sum of the samples.
        var sum: UInt32
        /// The sum of the samples, each multiplied by its position.
        var weighted: UInt32
        /// The register of CRC-32.
        var register: UInt32
    }

    /// The positions.
    let positions: Range<Int>
    /// The sums at each, as far as samples have come.
    private(set) var points: [Point] = []

    init(_ positions: Range<Int>) {
        self.positions = positions
        points.reserveCapacity(positions.count)
    }

    /// The sums at a position; `nil` if it lies outside, or samples have not come so far.
    subscript(position: Int) -> Point? {
        let index = position - positions.lowerBound
        return points.indices.contains(index) ? points[index] : nil
    }

    /// Takes the sums at the next position.
    mutating func append(_ point: Point) { points.append(point) }

    /// The stretches around positions, those that touch made one, in order.
    static func around(_ positions: [Int], reach: Int, end: Int) -> [SumWindow] {
        var ranges: [Range<Int>] = []
        for position in positions.sorted() {
            let lower = max(0, position - reach)
            let upper = min(end, position + reach) + 1
            guard lower < upper else { continue }
            if let last = ranges.last, lower <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, upper)
            } else {
                ranges.append(lower..<upper)
            }
        }
        return ranges.map(SumWindow.init)
    }
}
