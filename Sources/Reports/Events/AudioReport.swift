/// What the databases of other people's rips say of a disc's audio.
public struct AudioReport: Codable, Hashable, Sendable {
    /// A database that was asked, and whether it knows the disc.
    ///
    /// That the disc is known does not say that a track of it matches.
    public struct Database: Codable, Hashable, Sendable {
        /// What it has of the disc.
        public enum State: String, Codable, Sendable {
            /// It has the disc.
            case found
            /// It has not.
            case absent
            /// The answer is about another disc.
            case otherDisc = "other-disc"
            /// Its server gave no answer, so that it is not known.
            case noAnswer = "no-answer"
        }

        /// `accuraterip` or `ctdb`.
        public var name: String
        /// The file, folder or address that its answer came from.
        public var source: String
        /// What it has.
        public var state: State
        /// The pressings, or different rips, that it has.
        public var entries: Int
        /// The most rips of a track, or of the disc, that were the same.
        public var confidence: Int
        /// Why its server gave no answer, as the rest of a sentence; `nil` if it did, or was not asked.
        ///
        /// An answer that was kept before may have taken its place.
        public var problem: String?
        /// The file in which the server's answer is kept; `nil` if it is not, or came from no server.
        public var kept: String?

        /// Creates a database's state.
        public init(
            name: String,
            source: String,
            state: State,
            entries: Int = 0,
            confidence: Int = 0
        ) {
            self.name = name
            self.source = source
            self.state = state
            self.entries = entries
            self.confidence = confidence
        }
    }

    /// What is known of a track.
    public enum Verdict: String, Codable, Sendable {
        /// Its samples are those of others' rips.
        case match
        /// They are, shifted: the disc is of another pressing, or the drive's offset was not corrected.
        case matchShifted = "match-shifted"
        /// Databases have the track, and with other samples.
        case mismatch
        /// No database has the track.
        case unknown
        /// It has sectors that could not be read.
        case unreadable
    }

    /// A sum that a track has and a database, too.
    public struct Evidence: Codable, Hashable, Sendable {
        /// `accuraterip` or `ctdb`.
        public var database: String
        /// The kind of sum: `v1`, `v2` or `crc32`.
        public var kind: String
        /// The rips that had it.
        public var confidence: Int
        /// By how many samples the track's lie later than the database's.
        public var offset: Int

        /// Creates evidence.
        public init(database: String, kind: String, confidence: Int, offset: Int) {
            self.database = database
            self.kind = kind
            self.confidence = confidence
            self.offset = offset
        }
    }

    /// A track's sums in hexadecimal.
    public struct Sums: Codable, Hashable, Sendable {
        /// AccurateRip's first sum.
        public var arV1: String?
        /// AccurateRip's second sum.
        public var arV2: String?
        /// AccurateRip's first sum of sector 450; `nil` if the track is shorter.
        public var ar450: String?
        /// CRC-32 of all samples.
        public var crc32: String?
        /// CRC-32 of the words that are not zero.
        public var crc32WithoutZeros: String?
        /// The CUETools Database's CRC-32.
        public var ctdb: String?

        /// Creates sums, none of which is known.
        public init() {}
    }

    /// An audio track.
    public struct Track: Codable, Hashable, Sendable {
        /// Its number.
        public var number: Int
        /// The sector that its index 1 begins with.
        public var start: Int
        /// Its sectors up to the next track's index 1.
        public var sectors: Int
        /// What is known of it.
        public var verdict: Verdict
        /// Its sums.
        public var sums: Sums
        /// The sums that databases have, too.
        public var evidence: [Evidence]
        /// The rips that had other sums, by database.
        public var against: [String: Int]
        /// How many of its sectors could not be read.
        public var unreadableSectors: Int?

        /// Creates a track of which nothing is known yet.
        public init(number: Int, start: Int, sectors: Int, sums: Sums) {
            self.number = number
            self.start = start
            self.sectors = sectors
            self.sums = sums
            verdict = .unknown
            evidence = []
            against = [:]
        }
    }

    /// An offset at which the disc is like one of a database.
    public struct Offset: Codable, Hashable, Sendable {
        /// By how many samples the disc's lie later.
        public var samples: Int
        /// The tracks whose sums match there.
        public var tracks: [Int]
        /// The tracks of which at least sector 450 matches there.
        public var frames: [Int]

        /// Creates an offset.
        public init(samples: Int, tracks: [Int], frames: [Int]) {
            self.samples = samples
            self.tracks = tracks
            self.frames = frames
        }
    }

    /// Where tracks that match do not go on as they do in the databases.
    public struct Seam: Codable, Hashable, Sendable {
        /// The track that matches at another offset than the one before.
        public var track: Int
        /// By how many samples later, in relation to that one.
        public var samples: Int

        /// Creates a seam.
        public init(track: Int, samples: Int) {
            self.track = track
            self.samples = samples
        }
    }

    /// What parity could do for a disc that does not match.
    public struct Repair: Codable, Hashable, Sendable {
        /// The database's entry that keeps the parity.
        public var entry: String
        /// Whether it puts the disc right, as the database's CRC-32 proves; `nil` if the parity is not
        /// at hand.
        public var isPossible: Bool?
        /// The samples that it changes.
        public var samples: Int?
        /// The sectors that these lie in.
        public var sectors: [SectorRun]?
        /// Where the database keeps the parity.
        public var location: String?
        /// Why the parity could not be fetched, or what is wrong with the file that should have it: a
        /// sentence; `nil` if it is right, or not there.
        public var problem: String?

        /// Creates what is known of a repair.
        public init(entry: String, isPossible: Bool? = nil) {
            self.entry = entry
            self.isPossible = isPossible
        }
    }

    /// The databases that were asked.
    public var databases: [Database]
    /// The audio tracks.
    public var tracks: [Track]
    /// The offsets at which the disc is like a database's.
    public var offsets: [Offset]
    /// Where tracks match at different offsets, so that samples may have been lost, doubled or put in; `nil` if
    /// nowhere.
    public var seams: [Seam]?
    /// What no database says anything of, a phrase each.
    public var notCovered: [String]
    /// What parity could do; `nil` if nothing is to be repaired, or no database keeps any.
    public var repair: Repair?

    /// Creates a report.
    public init(
        databases: [Database],
        tracks: [Track],
        offsets: [Offset],
        notCovered: [String],
        repair: Repair? = nil
    ) {
        self.databases = databases
        self.tracks = tracks
        self.offsets = offsets
        self.notCovered = notCovered
        self.repair = repair
    }
}
