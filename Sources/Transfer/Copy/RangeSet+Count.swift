extension RangeSet<Int> {
    /// How many numbers there are in it.
    package var elementCount: Int { ranges.reduce(0) { $0 + $1.count } }
}
