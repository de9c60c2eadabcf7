/// What is true of every disc of one kind.
public struct MediumFacts: Sendable {
    /// The family that decides the physics: wavelength, sector format, speeds.
    public enum Family: String, Sendable {
        case cd, dvd, bd
    }

    /// What can be done to what is recorded.
    public enum Recording: Sendable {
        /// Pressed: nothing is ever written.
        case readOnly
        /// Each sector is written once, in sequence.
        case once
        /// Written in sequence, and blanked as a whole.
        case blankable
        /// Any block can be written again at any time.
        case overwritable
    }

    /// The name that is printed on the disc.
    public var displayName: String
    /// The family.
    public var family: Family
    /// What can be done to what is recorded.
    public var recording: Recording
    /// Sectors that are always written together: an ECC block (ECMA-267 §18: 16 on DVD; 32 on BD).
    public var sectorsPerBlock: Int
    /// Whether a drive can rehearse a write with the laser low (MMC-6 §7.5.4.2, test write).
    public var canSimulate: Bool

    /// Bytes a second at 1×: 75 sectors of 2048 on CD, 1 385 000 on DVD, 4 495 625 on BD.
    public var bytesPerSecondAtSingleSpeed: Double {
        switch family {
        case .cd: 75 * 2048
        case .dvd: 1_385_000
        case .bd: 4_495_625
        }
    }

    init(
        _ displayName: String,
        _ family: Family,
        _ recording: Recording,
        block: Int,
        simulates: Bool = false
    ) {
        self.displayName = displayName
        self.family = family
        self.recording = recording
        sectorsPerBlock = block
        canSimulate = simulates
    }

    static let unknown = MediumFacts("disc of an unknown kind", .cd, .readOnly, block: 1)

    static let table: [MediumKind: MediumFacts] = [
        .cdROM: MediumFacts("CD-ROM", .cd, .readOnly, block: 1),
        .cdR: MediumFacts("CD-R", .cd, .once, block: 1, simulates: true),
        .cdRW: MediumFacts("CD-RW", .cd, .blankable, block: 1, simulates: true),
        .dvdROM: MediumFacts("DVD-ROM", .dvd, .readOnly, block: 16),
        .dvdR: MediumFacts("DVD-R", .dvd, .once, block: 16, simulates: true),
        .dvdRDualLayer: MediumFacts("DVD-R DL", .dvd, .once, block: 16, simulates: true),
        .dvdRW: MediumFacts("DVD-RW", .dvd, .blankable, block: 16, simulates: true),
        .dvdPlusR: MediumFacts("DVD+R", .dvd, .once, block: 16),
        .dvdPlusRDualLayer: MediumFacts("DVD+R DL", .dvd, .once, block: 16),
        .dvdPlusRW: MediumFacts("DVD+RW", .dvd, .overwritable, block: 16),
        .dvdRAM: MediumFacts("DVD-RAM", .dvd, .overwritable, block: 16),
        .bdROM: MediumFacts("BD-ROM", .bd, .readOnly, block: 32),
        .bdR: MediumFacts("BD-R", .bd, .once, block: 32),
        .bdRDualLayer: MediumFacts("BD-R DL", .bd, .once, block: 32),
        .bdRE: MediumFacts("BD-RE", .bd, .overwritable, block: 32),
        .bdREDualLayer: MediumFacts("BD-RE DL", .bd, .overwritable, block: 32),
    ]
}
