import Transfer

/// A small model of how ddrescue goes about a disc, after its manual (“Algorithm”), with the drive's own
/// retries at each failure: `-b2048 -d`, and some retry passes.
struct RescueModel {
    private(set) var map: SalvageMap
    private(set) var drive: SimulatedDrive
    /// Seconds until 99 of 100 readable sectors had been read.
    private(set) var secondsToMost: Double?
    private let most: Int
    private let cluster = 32

    init(_ drive: SimulatedDrive) {
        self.drive = drive
        most = drive.readable.count * 99 / 100
        map = SalvageMap(sectors: drive.sectors)
    }

    /// Reads sectors, and gives them a state.
    private mutating func read(_ range: Range<Int>, else state: SalvageMap.State) -> Bool {
        let isRead = drive.read(range, patiently: true) == .read
        map.mark(range, isRead ? .finished : state)
        if secondsToMost == nil, map.count(.finished) >= most { secondsToMost = drive.seconds }
        return isRead
    }

    mutating func run(retries: Int = 0) {
        copyForwards()
        copyBackwards()
        while let run = map.first([.untried], from: 0) {
            _ = read(run.sectors.prefix(cluster), else: .untrimmed)
        }
        while let run = map.first([.untrimmed], from: 0) { trim(run.sectors) }
        while let run = map.first([.unscraped], from: 0) {
            _ = read(run.sectors.prefix(1), else: .bad)
        }
        for pass in 0..<retries {
            let bad = map.ranges(.bad).joined()
            for sector in pass % 2 == 0 ? bad.reversed() : Array(bad) {
                _ = read(sector..<sector + 1, else: .bad)
            }
        }
    }

    private mutating func copyForwards() {
        var (position, skip) = (0, cluster)
        while let run = map.first([.untried], from: position) {
            let piece = run.sectors.prefix(cluster)
            position = piece.upperBound
            if read(piece, else: .untrimmed) {
                skip = cluster
            } else {
                position += skip
                skip = min(2 * skip, max(cluster, drive.sectors / 100))
            }
        }
    }

    private mutating func copyBackwards() {
        var position = drive.sectors
        while let run = map.last([.untried], before: position) {
            let piece = run.sectors.suffix(cluster)
            position =
                read(piece, else: .untrimmed) ? piece.lowerBound : run.sectors.lowerBound
        }
    }

    private mutating func trim(_ run: Range<Int>) {
        var rest = run
        while let first = rest.first, read(first..<first + 1, else: .bad) { rest.removeFirst() }
        rest = rest.dropFirst()
        while let last = rest.last, read(last..<last + 1, else: .bad) { rest.removeLast() }
        map.mark(rest.dropLast(), .unscraped)
    }
}
