/// What a job will do, told before it does anything.
public struct JobPlan: Codable, Hashable, Sendable {
    /// One source that says how large a disc or an image is, and what it says.
    public struct SizeClaim: Codable, Hashable, Sendable {
        /// Who says so, such as `READ CAPACITY` or `ISO 9660`.
        public var source: String
        /// The sectors from LBA 0 that it claims.
        public var sectors: Int
        /// Whether the image ends there.
        public var decides: Bool

        /// Creates a claim.
        public init(source: String, sectors: Int, decides: Bool = false) {
            self.source = source
            self.sectors = sectors
            self.decides = decides
        }
    }

    /// A track that will be written.
    public struct PlannedTrack: Codable, Hashable, Sendable {
        /// The track's number.
        public var number: Int
        /// Its session, from 1.
        public var session: Int
        /// What its sectors are: `audio` or `mode1`.
        public var mode: String
        /// The sector that its index 1 will begin with.
        public var start: Int
        /// Its sectors from there on.
        public var sectors: Int
        /// How it is laid down: `sao` or `tao`.
        public var writeMode: String

        /// Creates a track.
        public init(
            number: Int,
            session: Int,
            mode: String,
            start: Int,
            sectors: Int,
            writeMode: String
        ) {
            self.number = number
            self.session = session
            self.mode = mode
            self.start = start
            self.sectors = sectors
            self.writeMode = writeMode
        }
    }

    /// The verb: `burn`, `rip`, `convert` and so on.
    public var verb: String
    /// What is read.
    public var source: String
    /// What is written, or compared with.
    public var target: String
    /// The format of the source, by its name, where it is an image.
    public var sourceFormat: String?
    /// The format of the target, by its name, where it is an image.
    public var targetFormat: String?
    /// The files that will be made.
    public var files: [String]?
    /// What the target can't hold, and will lose.
    public var losses: [JobLoss]?
    /// The drive's maker and model, where a drive takes part.
    public var drive: String?
    /// The drive's maker and model, where ``drive`` is its node, as in events of several drives.
    public var model: String?
    /// The kind of disc, where a disc takes part.
    public var medium: String?
    /// The bytes that will go over.
    public var bytes: Int?
    /// The sectors that will be written or read, padding included.
    public var sectors: Int?
    /// The sectors that are added behind the source's.
    public var paddingSectors: Int?
    /// The sectors that the disc can take.
    public var capacitySectors: Int?
    /// The write mode: `sao`, `tao`, `dao`, `incremental`, `overwrite`.
    public var writeMode: String?
    /// Why it is this one, as the rest of a sentence.
    public var writeModeReason: String?
    /// The sector of the disc that the burn begins with; `nil` if that is its beginning.
    public var start: Int?
    /// The number of the session that is written first.
    public var session: Int?
    /// The sectors of the image that are on the disc already, where a burn is gone on with.
    public var resumedSectors: Int?
    /// The node of the other drive in which the disc is read back, where that was asked for.
    public var verifyDrive: String?
    /// Whether the disc is to take further sessions.
    public var keepsOpen: Bool?
    /// Whether bad blocks are replaced as they are written, if that was asked for or against.
    public var defectManagement: Bool?
    /// The write speed that was asked for in kB/s, where one was.
    public var speed: Int?
    /// Whether the laser stays low.
    public var simulate: Bool?
    /// Whether the disc will be formatted or blanked first, and how.
    public var preparation: String?
    /// Whether the disc is read back and compared.
    public var verify: Bool?
    /// Whether damaged sectors of the source are repaired; `nil` if not.
    public var repair: Bool?
    /// Whether the disc is ejected at the end.
    public var eject: Bool?
    /// The tracks, where a disc of several is written.
    public var tracks: [PlannedTrack]?
    /// The audio files that become tracks, where the source is such files.
    public var sounds: [PlannedSound]?
    /// By how many samples the drive reads audio too early, negative where too late, where that is
    /// corrected.
    public var readOffset: Int?
    /// Where that number comes from: `given`, `table` or `database`.
    public var readOffsetSource: String?
    /// Of a rip of a disc with audio, its names in databases.
    public var identifiers: IdentifierReport?
    /// By how many samples the drive writes audio too late, negative where too early, where that is
    /// corrected.
    public var writeOffset: Int?
    /// Everyone who says how large the source is.
    public var sizes: [SizeClaim]?
    /// Data after the end that the source's file systems claim, where there is any.
    public var trailing: [TrailingData]?
    /// What a person should know before it begins, a sentence each.
    public var notes: [String]

    /// Creates a plan with what every plan has.
    public init(verb: String, source: String, target: String) {
        self.verb = verb
        self.source = source
        self.target = target
        notes = []
    }
}
