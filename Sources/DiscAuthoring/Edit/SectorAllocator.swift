import DiscModel

/// Ranges of sectors, none of which touch or overlap.
struct SectorSet {
    /// The ranges in their order.
    private(set) var ranges: [Range<Int>] = []

    /// Collects ranges, which may overlap.
    init(_ ranges: some Sequence<Range<Int>>) {
        for range in ranges.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound {
                let end = max(last.upperBound, range.upperBound)
                self.ranges[self.ranges.count - 1] = last.lowerBound..<end
            } else {
                self.ranges.append(range)
            }
        }
    }

    /// How many sectors there are.
    var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// The end of the last one.
    var end: Int { ranges.last?.upperBound ?? 0 }

    /// Whether a sector of a range is in it.
    func overlaps(_ range: Range<Int>) -> Bool {
        let after = index(after: range.lowerBound)
        if after > 0, ranges[after - 1].overlaps(range) { return true }
        return after < ranges.count && ranges[after].overlaps(range)
    }

    /// The first sector from one on with which sectors in a row begin that are not in it.
    func gap(of count: Int, from start: Int) -> Int {
        var start = start
        for range in ranges[max(0, index(after: start) - 1)...] {
            guard range.lowerBound < start + count else { break }
            start = max(start, range.upperBound)
        }
        return start
    }

    /// The number of ranges that begin at or before a sector.
    private func index(after sector: Int) -> Int {
        ranges.firstIndexInOrder { $0.lowerBound > sector }
    }

    /// What is in this set and not in another.
    func subtracting(_ other: SectorSet) -> SectorSet {
        var left: [Range<Int>] = []
        for range in ranges {
            var start = range.lowerBound
            var index = max(0, other.index(after: start) - 1)
            while start < range.upperBound, index < other.ranges.count {
                let taken = other.ranges[index]
                guard taken.lowerBound < range.upperBound else { break }
                if taken.lowerBound > start { left.append(start..<taken.lowerBound) }
                start = max(start, taken.upperBound)
                index += 1
            }
            if start < range.upperBound { left.append(start..<range.upperBound) }
        }
        return SectorSet(left)
    }
}

/// Gives sectors away: first those that have become free, then those behind the end.
struct SectorAllocator {
    /// The sector behind the last one that was given away or was there before.
    private(set) var end: Int
    /// Sectors that have become free and are free still.
    private(set) var free: [Range<Int>] = []
    /// Sectors in which no directory may lie.
    private var avoided = SectorSet([])
    /// Sectors behind the end before that were passed over for that.
    private(set) var passedOver: [Range<Int>] = []

    /// Begins with nothing free before an end.
    init(end: Int) { self.end = end }

    /// Frees sectors.
    mutating func release(_ set: SectorSet) { free = set.ranges }

    /// Has no directory lie in some sectors.
    mutating func avoid(_ set: SectorSet) { avoided = set }

    /// Sectors in a row.
    ///
    /// - Parameter count: How many, at least 1.
    /// - Returns: The first of them.
    mutating func take(_ count: Int) -> Int {
        for (index, range) in free.enumerated() where range.count >= count {
            let start = range.lowerBound
            if range.count == count {
                free.remove(at: index)
            } else {
                free[index] = start + count..<range.upperBound
            }
            return start
        }
        return append(count)
    }

    /// Sectors in a row behind the end.
    mutating func append(_ count: Int) -> Int {
        defer { end += count }
        return end
    }

    /// Sectors in a row behind the end, for a directory.
    mutating func appendDirectory(_ count: Int) -> Int {
        let start = avoided.gap(of: count, from: end)
        if start > end { passedOver.append(end..<start) }
        end = start
        return append(count)
    }
}
