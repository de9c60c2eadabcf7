import LinuxCalls
import Reports
import Transfer

/// Says how far the reading of discs is, at a steady beat also while a drive struggles with a sector.
struct ReadingProgress {
    /// Seconds without a buffer up to which the rate stays what it was: a slow drive takes some over each.
    private static let patience = 10.0

    private var meter: RateMeter
    private var last: JobProgress
    /// When the last buffer came, and when was told of it, by the clock.
    private var came = Clock.seconds
    private var counted = Clock.seconds

    /// Begins with nothing read.
    init(_ meter: RateMeter) {
        self.meter = meter
        last = self.meter.progress(bytes: 0)
    }

    /// Takes note of a buffer.
    ///
    /// - Returns: Whether it is time to tell.
    mutating func take() -> Bool {
        came = Clock.seconds
        return meter.isDue
    }

    /// How far it is.
    ///
    /// - Parameters:
    ///   - bytes: The bytes that have come.
    ///   - readings: What was met by each that reads.
    ///   - isWaiting: Whether a buffer is waited for.
    /// - Returns: What to tell.
    mutating func next(bytes: Int, _ readings: [DiscReading], isWaiting: Bool = false)
        -> JobProgress
    {
        let now = Clock.seconds
        var progress = last
        if isWaiting, now - came < Self.patience {
            progress.elapsed = last.elapsed.map { $0 + now - counted }
        } else {
            progress = meter.progress(bytes: bytes)
            (last, counted) = (progress, now)
        }
        let unreadable = readings.map(\.met.unreadable).filter { !$0.isEmpty }
        guard !unreadable.isEmpty else { return progress }
        progress.badSectors = unreadable.reduce(0) { $0 + $1.count }
        progress.badAreas = unreadable.reduce(0) { $0 + Self.areas($1) }
        if isWaiting { progress.secondsLeft = nil }
        return progress
    }

    /// In how many areas sectors lie that are in rising order.
    private static func areas(_ sectors: [Int]) -> Int {
        zip(sectors, sectors.dropFirst()).reduce(1) { $0 + ($1.1 > $1.0 + 1 ? 1 : 0) }
    }
}
