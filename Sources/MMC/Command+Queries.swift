extension Command {
    /// Asks whether the drive is ready (SPC-4 §6.47).
    public static let testUnitReady = Command(
        "TEST UNIT READY",
        cdb: [0x00, 0, 0, 0, 0, 0],
        timeout: .seconds(10)
    )

    /// Asks who the drive is (SPC-4 §6.4).
    public static let inquiry = Command(
        "INQUIRY",
        cdb: [0x12, 0, 0, 0, 36, 0],
        data: .fromDrive(36),
        timeout: .seconds(10)
    )

    /// Asks why the last command failed, or how far a long operation is (SPC-4 §6.39).
    public static let requestSense = Command(
        "REQUEST SENSE",
        cdb: [0x03, 0, 0, 0, 18, 0],
        data: .fromDrive(18),
        timeout: .seconds(10)
    )

    /// Asks for the current profile and the features (MMC-6 §6.6).
    ///
    /// The length is even and no multiple of 256, which some carriers turn into zero.
    public static func getConfiguration(from feature: Int = 0, length: Int = 0x3FC) -> Command {
        Command(
            "GET CONFIGURATION",
            cdb: [0x46, 0] + be16(feature) + [0, 0, 0] + be16(length) + [0],
            data: .fromDrive(length)
        )
    }

    /// Asks what has happened to the medium, without waiting (MMC-6 §6.8).
    public static let getMediaEvent = Command(
        "GET EVENT STATUS NOTIFICATION",
        cdb: [0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0],
        data: .fromDrive(8),
        timeout: .seconds(10)
    )

    /// Asks for the disc's state (MMC-6 §6.22).
    public static let readDiscInformation = Command(
        "READ DISC INFORMATION",
        cdb: [0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0],
        data: .fromDrive(34)
    )

    /// What READ TRACK INFORMATION looks for (MMC-6 §6.27.2).
    public enum TrackSelector: Sendable, Hashable {
        /// The track that holds an address.
        case address(Int)
        /// A track's number; FFh for the invisible track.
        case track(Int)
        /// The first track of a session.
        case session(Int)
    }

    /// Asks for a track's state (MMC-6 §6.27).
    public static func readTrackInformation(_ selector: TrackSelector) -> Command {
        let (type, number) =
            switch selector {
            case .address(let address): (0, address)
            case .track(let track): (1, track)
            case .session(let session): (2, session)
            }
        return Command(
            "READ TRACK INFORMATION",
            cdb: [0x52, UInt8(type)] + be32(number) + [0] + be16(36) + [0],
            data: .fromDrive(36)
        )
    }

    /// Asks for the tracks of the finished sessions, in LBAs (MMC-6 §6.25, format 0).
    public static let readTableOfContents = Command(
        "READ TOC/PMA/ATIP",
        cdb: [0x43, 0, 0, 0, 0, 0, 0] + be16(804) + [0],
        data: .fromDrive(804)
    )

    /// Asks where the last session begins (MMC-6 §6.25, format 1).
    public static let readSessionTable = Command(
        "READ TOC/PMA/ATIP",
        cdb: [0x43, 0, 1, 0, 0, 0, 0, 0, 12, 0],
        data: .fromDrive(12)
    )

    /// Asks for the raw table of contents of all sessions (MMC-6 §6.25, format 2).
    public static let readFullTOC = Command(
        "READ TOC/PMA/ATIP",
        cdb: [0x43, 2, 2, 0, 0, 0, 1] + be16(2048 - 4) + [0],
        data: .fromDrive(2048 - 4)
    )

    /// Asks what the groove of a CD-R or CD-RW says (MMC-6 §6.25, format 4).
    public static let readATIP = Command(
        "READ TOC/PMA/ATIP",
        cdb: [0x43, 2, 4, 0, 0, 0, 0, 0, 28, 0],
        data: .fromDrive(28)
    )

    /// Asks for the CD-TEXT in the lead-in (MMC-6 §6.25, format 5): as many packs as eight blocks
    /// can have.
    public static let readCDText = Command(
        "READ TOC/PMA/ATIP",
        cdb: [0x43, 0, 5, 0, 0, 0, 0] + be16(4 + 2048 * 18) + [0],
        data: .fromDrive(4 + 2048 * 18)
    )

    /// Asks for the media catalogue number (MMC-3 §6.27, READ SUB-CHANNEL format 02h).
    public static let readCatalogNumber = Command(
        "READ SUB-CHANNEL",
        cdb: [0x42, 0, 0x40, 2, 0, 0, 0, 0, 24, 0],
        data: .fromDrive(24)
    )

    /// Asks for a track's recording code (MMC-3 §6.27, READ SUB-CHANNEL format 03h).
    public static func readRecordingCode(track: Int) -> Command {
        Command(
            "READ SUB-CHANNEL",
            cdb: [0x42, 0, 0x40, 3, 0, 0, UInt8(clamping: track), 0, 24, 0],
            data: .fromDrive(24)
        )
    }

    /// Asks for the last readable sector (MMC-6 §6.24).
    public static let readCapacity = Command(
        "READ CAPACITY",
        cdb: [0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        data: .fromDrive(8)
    )

    /// Asks what the disc holds and how it can be formatted (MMC-6 §6.23).
    public static let readFormatCapacities = Command(
        "READ FORMAT CAPACITIES",
        cdb: [0x23, 0, 0, 0, 0, 0, 0] + be16(252) + [0],
        data: .fromDrive(252)
    )

    /// Asks for a BD's disc information (MMC-6 §6.21.4, READ DISC STRUCTURE of media type 1, format
    /// 00h).
    public static let readBDStructure = Command(
        "READ DISC STRUCTURE",
        cdb: [0xAD, 1, 0, 0, 0, 0, 0, 0] + be16(4 + 112) + [0, 0],
        data: .fromDrive(4 + 112)
    )

    /// Asks how full the drive's buffer is (MMC-6 §6.20).
    public static let readBufferCapacity = Command(
        "READ BUFFER CAPACITY",
        cdb: [0x5C, 0, 0, 0, 0, 0, 0, 0, 12, 0],
        data: .fromDrive(12),
        timeout: .seconds(10)
    )

    /// Asks at which speeds the disc can be written (MMC-6 §6.7, type 03h).
    public static let getWriteSpeeds = Command(
        "GET PERFORMANCE",
        cdb: [0xAC, 0, 0, 0, 0, 0, 0, 0] + be16(32) + [0x03, 0],
        data: .fromDrive(8 + 32 * 16)
    )

    /// Asks for a mode page's current values (SPC-4 §6.12).
    public static func modeSense(page: Int, length: Int = 0x1FC) -> Command {
        Command(
            "MODE SENSE",
            cdb: [0x5A, 0x08, UInt8(page & 0x3F), 0, 0, 0, 0] + be16(length) + [0],
            data: .fromDrive(length)
        )
    }

    static func be16(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    static func be24(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value >> 16)] + be16(value)
    }

    static func be32(_ value: Int) -> [UInt8] {
        be16(value >> 16) + be16(value)
    }
}
