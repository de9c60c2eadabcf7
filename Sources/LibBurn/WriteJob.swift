/// One track to be written.
public struct WriteJob: Hashable, Sendable {
    /// How the track is laid down.
    public enum Mode: String, Hashable, Sendable, Codable {
        /// Session at once: the whole session in one go, its layout known beforehand.
        case sessionAtOnce = "sao"
        /// Track at once on CD; incremental on DVD-R and DVD+R; sequential on BD-R; random on
        /// overwritable discs.
        case trackAtOnce = "tao"

        /// As the end of a sentence.
        public var name: String { self == .sessionAtOnce ? "session at once" : "track at once" }
    }

    /// How the track is laid down.
    public var mode: Mode
    /// The sectors of 2048 bytes that the input delivers; absent where that is not known.
    public var payloadSectors: Int?
    /// The sectors of zeros behind them.
    public var paddingSectors: Int
    /// Whether the laser stays low.
    public var isSimulation: Bool
    /// Whether the disc stays open for further sessions.
    public var keepsAppendable: Bool
    /// The write speed in kB/s of 1000 bytes; absent for the fastest.
    public var speed: Int?

    /// What the drive and the way to it take.
    public var conditions = WriteConditions()

    /// Creates a job.
    public init(
        mode: Mode,
        payloadSectors: Int?,
        paddingSectors: Int = 0,
        isSimulation: Bool = false,
        keepsAppendable: Bool = false,
        speed: Int? = nil
    ) {
        self.mode = mode
        self.payloadSectors = payloadSectors
        self.paddingSectors = paddingSectors
        self.isSimulation = isSimulation
        self.keepsAppendable = keepsAppendable
        self.speed = speed
    }

    /// All sectors that the job is known to write.
    public var knownSectors: Int? { payloadSectors.map { $0 + paddingSectors } }
}
