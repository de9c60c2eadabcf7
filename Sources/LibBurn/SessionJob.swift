/// A session to be written: tracks that follow each other, and what its lead-in says of them.
public struct SessionJob: Hashable, Sendable, Codable {
    /// How its tracks are laid down.
    public var mode: WriteJob.Mode
    /// The tracks, at least one.
    public var tracks: [TrackJob]
    /// The number of the first of them; the drive's next one where the disc has tracks already.
    public var firstTrackNumber: Int
    /// The media catalogue number: 13 digits.
    public var catalog: String?
    /// The packs of CD-TEXT, 18 bytes each with their CRC.
    public var textPacks: [UInt8]
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
        mode: WriteJob.Mode,
        tracks: [TrackJob],
        firstTrackNumber: Int = 1,
        catalog: String? = nil,
        textPacks: [UInt8] = [],
        isSimulation: Bool = false,
        keepsAppendable: Bool = false,
        speed: Int? = nil
    ) {
        self.mode = mode
        self.tracks = tracks
        self.firstTrackNumber = firstTrackNumber
        self.catalog = catalog
        self.textPacks = textPacks
        self.isSimulation = isSimulation
        self.keepsAppendable = keepsAppendable
        self.speed = speed
    }

    /// Creates the session of a job with one track of data.
    public init(_ job: WriteJob) {
        self.init(
            mode: job.mode,
            tracks: [
                TrackJob(
                    kind: .data,
                    payloadSectors: job.payloadSectors,
                    paddingSectors: job.paddingSectors
                )
            ],
            isSimulation: job.isSimulation,
            keepsAppendable: job.keepsAppendable,
            speed: job.speed
        )
        conditions = job.conditions
    }

    /// All sectors that the job is known to write.
    public var knownSectors: Int? {
        tracks.reduce(0) { sum, track in
            guard let sum, let payload = track.payloadSectors else { return nil }
            return sum + payload + track.paddingSectors
        }
    }
}
