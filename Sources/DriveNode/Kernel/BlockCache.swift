/// What has been read ahead of programs: some of Linux' page cache, in runs of pages.
struct BlockCache {
    /// A run of bytes of the disc.
    struct Run {
        var start: Int
        var count: Int
        var bytes: [UInt8]

        func contains(_ offset: Int) -> Bool { offset >= start && offset < start + count }
    }

    /// 32 runs of at most 128 KiB.
    private static let limit = 32

    /// The oldest first.
    private(set) var runs: [Run] = []

    /// The place in ``runs`` of the run that holds a byte.
    func index(of offset: Int) -> Int? {
        runs.lastIndex { $0.contains(offset) }
    }

    /// Adds a run.
    mutating func add(_ run: Run) {
        runs.append(run)
    }

    /// Room for a run: the memory of the oldest run where there are enough.
    mutating func room(for count: Int) -> [UInt8] {
        var bytes: [UInt8] = runs.count >= Self.limit ? runs.removeFirst().bytes : []
        if bytes.count < count {
            bytes = [UInt8](repeating: 0, count: count)
        }
        return bytes
    }

    /// Forgets what overlaps a range.
    mutating func remove(_ range: Range<Int>) {
        runs.removeAll { $0.start < range.upperBound && $0.start + $0.count > range.lowerBound }
    }

    /// Forgets everything.
    mutating func removeAll() {
        runs.removeAll()
    }
}
