public import DiscFiles

/// What an image with UDF is to be like.
public struct UDFImageOptions: Sendable {
    /// What the files are, where players want them in certain places.
    public enum Video: String, CaseIterable, Sendable {
        /// DVD-Video: `VIDEO_TS`.
        case dvd
        /// Blu-ray: `BDMV`.
        case bluRay = "bd"

        /// The revision that players want.
        public var revision: UDFRevision { self == .dvd ? .v1_02 : .v2_50 }
    }

    /// A file that a computer starts from; El Torito's entries without emulation of a disk.
    public struct BootEntry: Hashable, Sendable {
        /// Whose firmware it is for.
        public enum Platform: UInt8, Sendable {
            /// A PC's BIOS.
            case bios = 0
            /// UEFI, which wants an image of a FAT file system.
            case efi = 0xEF
        }

        /// Whose firmware it is for.
        public var platform: Platform
        /// The file in the tree: names with slashes between them.
        public var path: String
        /// How many units of 512 bytes the firmware loads; the whole file if `nil`.
        public var loadCount: UInt16?

        /// Creates an entry.
        public init(_ platform: Platform, path: String, loadCount: UInt16? = nil) {
            self.platform = platform
            self.path = path
            self.loadCount = loadCount
        }
    }

    /// The revision of UDF.
    public var revision: UDFRevision
    /// The name of the volume.
    public var label: String
    /// When the volume was made.
    public var time: FileTime
    /// What players want.
    public var video: Video?
    /// Whether the same files can be read through ISO 9660, too: a bridge disc.
    public var hasISO9660: Bool
    /// Whether ISO 9660 also has long names in Unicode, by Joliet.
    public var hasJoliet: Bool
    /// What computers start from, the one for old firmware first; ISO 9660 is needed for them.
    public var bootEntries: [BootEntry] = []
    /// Whether other systems can append to the volume on a disc that is written once.
    ///
    /// It then has a virtual allocation table, which its last sector leads to; in UDF 2.01, without
    /// ISO 9660.
    public var isAppendable = false
    /// The sectors of the medium that an appendable volume is for; as many as are written if `nil`, which
    /// leaves nothing to append to.
    public var capacity: Int?

    /// Creates options.
    ///
    /// - Parameters:
    ///   - revision: The revision of UDF; what the players want if `nil`, else 2.01.
    ///   - label: The name of the volume; at most 126 characters, or 63 if one is beyond ISO 8859-1.
    ///   - time: When the volume was made.
    ///   - video: What players want.
    public init(
        revision: UDFRevision? = nil,
        label: String,
        time: FileTime,
        video: Video? = nil
    ) {
        let revision = revision ?? video?.revision ?? .v2_01
        self.revision = revision
        self.label = label
        self.time = time
        self.video = video
        hasISO9660 = revision == .v1_02
        hasJoliet = revision == .v1_02 && video == nil
    }

    /// Whether directories and file entries are found through a partition map of their own, so that files
    /// need to say that theirs is the other one.
    var hasStructureMap: Bool { revision.hasMetadataPartition || isAppendable }
}
