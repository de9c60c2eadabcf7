/// A session to be written: tracks that follow each other, and what its lead-in says of them.
public struct SessionJob: Hashable, Sendable, Codable {
    /// How tracks are laid down.
    public enum Mode: String, Hashable, Sendable, Codable {
        /// Session at once: the whole session in one go, its layout known beforehand.
        case sessionAtOnce = "sao"
        /// Track at once on CD; incremental on DVD-R and DVD+R; sequential on BD-R; random on
        /// overwritable discs.
        case trackAtOnce = "tao"

        /// As the end of a sentence.
        public var name: String { self == .sessionAtOnce ? "session at once" : "track at once" }
    }

    /// How its tracks are laid down.
    public var mode: Mode
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
    public var conditions: WriteConditions
    /// The first sector, on a disc that can be written anywhere; `nil` for where the drive begins.
    public var startSector: Int?
    /// Whether the drive writes without looking back at each block, which leaves bad ones unreplaced.
    public var streams: Bool

    /// Creates a job.
    public init(
        mode: Mode,
        tracks: [TrackJob],
        firstTrackNumber: Int = 1,
        catalog: String? = nil,
        textPacks: [UInt8] = [],
        isSimulation: Bool = false,
        keepsAppendable: Bool = false,
        speed: Int? = nil,
        conditions: WriteConditions = WriteConditions(),
        startSector: Int? = nil,
        streams: Bool = false
    ) {
        self.mode = mode
        self.tracks = tracks
        self.firstTrackNumber = firstTrackNumber
        self.catalog = catalog
        self.textPacks = textPacks
        self.isSimulation = isSimulation
        self.keepsAppendable = keepsAppendable
        self.speed = speed
        self.conditions = conditions
        self.startSector = startSector
        self.streams = streams
    }

    /// All sectors that the job is known to write.
    var knownSectors: Int? { total { $1 + $0.paddingSectors } }
    /// The sectors that the input is to deliver, where that is known.
    var payloadSectors: Int? { total { $1 } }
    /// The bytes that the input is to deliver, where that is known.
    var payloadBytes: Int? { total { $1 * $0.kind.sectorSize } }

    /// The sum of what tracks and their payloads' sectors make; `nil` if one's length is not known.
    private func total(_ part: (TrackJob, Int) -> Int) -> Int? {
        tracks.reduce(0) { sum, track in
            guard let sum, let payload = track.payloadSectors else { return nil }
            return sum + part(track, payload)
        }
    }
}
