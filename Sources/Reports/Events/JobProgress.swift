/// How far a job is: counts, without words.
public struct JobProgress: Codable, Hashable, Sendable {
    /// What is being done.
    public enum Phase: String, Codable, Sendable {
        case format, blank, write, close, read, verify, hash
    }

    /// What is being done.
    public var phase: Phase
    /// Bytes done in this phase.
    public var bytes: Int
    /// Bytes to do in this phase, where known.
    public var totalBytes: Int?
    /// What is done of a phase that does not go by bytes, from 0 to 1, as the drive tells it.
    public var share: Double?
    /// Bytes a second of late, where there is a rate.
    public var bytesPerSecond: Double?
    /// The same as a multiple of the medium's 1×, where there is a medium.
    public var speed: Double?
    /// Seconds since this phase began.
    public var elapsed: Double?
    /// Seconds of this phase still to go, where that can be foreseen.
    public var secondsLeft: Double?
    /// The number of the step of the job, from 1, where it has several.
    public var step: Int?
    /// The number of the job's steps, where it has several.
    public var steps: Int?
    /// Seconds of the whole job still to go, where that can be foreseen: it counts on reading as fast as was written.
    public var jobSecondsLeft: Double?
    /// How full the drive's buffer is, from 0 to 1.
    public var driveBuffer: Double?
    /// How full this program's own buffer is, from 0 to 1.
    public var fifo: Double?
    /// The sector that is being read.
    public var position: Int?
    /// What is done about damage once some was met: `copying`, `trimming`, `scraping` or `retrying`.
    public var activity: String?
    /// The number of the pass in that, from 1.
    public var pass: Int?
    /// Sectors that were tried and not read so far.
    public var badSectors: Int?
    /// In how many areas these lie.
    public var badAreas: Int?
    /// Seconds since sectors were read last.
    public var secondsSinceRead: Double?

    /// Creates counts; a quotient that is no finite number counts as not known.
    public init(
        phase: Phase,
        bytes: Int,
        totalBytes: Int? = nil,
        share: Double? = nil,
        bytesPerSecond: Double? = nil,
        speed: Double? = nil,
        secondsLeft: Double? = nil,
        driveBuffer: Double? = nil,
        fifo: Double? = nil
    ) {
        self.phase = phase
        self.bytes = bytes
        self.totalBytes = totalBytes
        self.share = Self.finite(share)
        self.bytesPerSecond = Self.finite(bytesPerSecond)
        self.speed = Self.finite(speed)
        self.secondsLeft = Self.finite(secondsLeft)
        self.driveBuffer = Self.finite(driveBuffer)
        self.fifo = Self.finite(fifo)
    }

    private static func finite(_ number: Double?) -> Double? {
        number.flatMap { $0.isFinite ? $0 : nil }
    }

    /// The part that is done, from 0 to 1, where the whole is known.
    public var fraction: Double? {
        if let share { return max(0, min(1, share)) }
        guard let totalBytes, totalBytes > 0 else { return nil }
        return min(1, Double(bytes) / Double(totalBytes))
    }
}
