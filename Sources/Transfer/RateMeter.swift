import LinuxCalls
public import Reports

/// Tells a job's progress at a steady beat, with a rate over the last seconds.
public struct RateMeter: Sendable {
    /// Seconds between two reports.
    private static let interval = 0.25
    /// Seconds that the rate looks back.
    private static let window = 4.0

    private let phase: JobProgress.Phase
    private let total: Int?
    private let singleSpeed: Double?
    private var samples: [(time: Double, bytes: Int)]
    private var lastReport: Double
    private let start: Double
    private let patience: Double

    /// Starts the clock.
    ///
    /// - Parameters:
    ///   - phase: What is being done.
    ///   - total: The bytes to do, where known.
    ///   - done: The bytes that are done already.
    ///   - singleSpeed: Bytes a second of the medium's 1×, where there is a medium.
    ///   - patience: Seconds before which nothing is foreseen: drives begin slowly.
    public init(
        phase: JobProgress.Phase,
        total: Int?,
        done: Int = 0,
        singleSpeed: Double? = nil,
        patience: Double = 3
    ) {
        self.phase = phase
        self.patience = patience
        self.total = total
        self.singleSpeed = singleSpeed
        let now = Clock.seconds
        samples = [(now, done)]
        lastReport = now
        start = now
    }

    /// Whether it is time for another report.
    public var isDue: Bool { Clock.seconds - lastReport >= Self.interval }

    /// The counts now.
    public mutating func progress(bytes: Int, driveBuffer: Double? = nil, fifo: Double? = nil)
        -> JobProgress
    {
        // What is done stays done: libburn counts from 0 again when it is through with a track.
        let bytes = max(bytes, samples.last?.bytes ?? 0)
        let now = Clock.seconds
        lastReport = now
        samples.append((now, bytes))
        while samples.count > 2, now - samples[0].time > Self.window { samples.removeFirst() }
        let elapsed = now - samples[0].time
        let rate = elapsed > 0.05 ? Double(bytes - samples[0].bytes) / elapsed : nil
        var left: Double?
        if now - start >= patience, let total, let rate, rate > 0 {
            left = Double(max(0, total - bytes)) / rate
        }
        var progress = JobProgress(
            phase: phase,
            bytes: bytes,
            totalBytes: total,
            bytesPerSecond: rate,
            speed: singleSpeed.flatMap { speed in rate.map { $0 / speed } },
            secondsLeft: left,
            driveBuffer: driveBuffer,
            fifo: fifo
        )
        progress.elapsed = now - start
        return progress
    }
}
