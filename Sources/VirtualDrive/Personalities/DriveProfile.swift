import DiscImages
import DiscModel
public import MMC

/// A model of drive: who it says it is, what it can do, how quick it is, and its quirks.
public struct DriveProfile: Sendable {
    /// The name under which it is chosen.
    public var name: String
    /// Who it says it is.
    public var identity: Inquiry
    /// What else its INQUIRY data say: the version and the response data format.
    package var inquiry: (version: UInt8, format: UInt8) = (5, 2)
    /// Its profiles in the order of the feature 0000h.
    package var profiles = standardProfiles
    /// The size of its buffer in bytes.
    var buffer = 4 << 20
    /// The fastest read speeds in kB/s, where they are not those of a plain drive.
    var readSpeeds: [MediumFacts.Family: Int] = [:]
    /// The write speeds in kB/s, fastest first, where they are not those of a plain drive.
    var writeSpeeds: [MediumKind: [Int]] = [:]
    /// How quick its mechanism is.
    var mechanics = Mechanics.desktop
    /// How it treats audio; read offsets are AccurateRip's.
    public var audio = AudioTraits()
    /// What it does otherwise than others.
    public var quirks: Set<Quirk> = []

    /// The profiles of a drive that writes whatever is written.
    static let standardProfiles = [
        0x43, 0x41, 0x40, 0x2B, 0x1B, 0x1A, 0x15, 0x14, 0x13, 0x12, 0x11, 0x10, 0x0A, 0x09, 0x08,
    ]

    /// A drive without quirks.
    public static let plain = DriveProfile(
        name: "plain",
        identity: Inquiry(vendor: "SPINDLE", product: "VIRTUAL RECORDER", revision: "1.00")
    )

    /// Whether it writes a disc, as far as the kind of disc goes.
    func writes(_ record: DiscRecord) -> Bool {
        profiles.contains(MediumTraits.of(record).profile)
    }

    /// How it treats a disc; `nil` if it can't use it.
    func traits(of record: DiscRecord, _ quirks: Set<Quirk>) -> MediumTraits? {
        var traits = MediumTraits.of(record)
        let family = record.medium.facts.family
        if !profiles.contains(traits.profile) {
            // A reader takes a recorded disc for a pressed one.
            let pressed: [MediumFacts.Family: MediumKind] = [
                .cd: .cdROM, .dvd: .dvdROM, .bd: .bdROM,
            ]
            guard let medium = pressed[family], record.layout.leadOut != nil,
                record.medium != .dvdRAM
            else { return nil }
            let book = traits.book
            var copy = record
            copy.medium = medium
            copy.format = nil
            traits = MediumTraits.of(copy)
            traits.book = book
            guard profiles.contains(traits.profile) else { return nil }
        }
        if let speed = readSpeeds[family] { traits.readSpeed = min(speed, traits.readSpeed) }
        if !traits.writeSpeeds.isEmpty, let own = writeSpeeds[record.medium] {
            traits.writeSpeeds = own
        }
        if traits.writeTypes[1] != nil { traits.writeTypes = MediumTraits.cdWriteTypes(quirks) }
        if quirks.contains(.slowestOnly) { traits.writeSpeeds = traits.writeSpeeds.suffix(1) }
        if quirks.contains(.speedsRoundedUp) {
            let rounded = [8467: 8468, 2822: 2823]
            traits.writeSpeeds = traits.writeSpeeds.map { rounded[$0] ?? $0 }
        }
        if quirks.contains(.repeatedSpeed), let last = traits.writeSpeeds.last {
            traits.writeSpeeds.append(last)
        }
        if quirks.contains(.liesAboutIncremental), record.medium == .dvdRW,
            record.isMinimallyBlanked, record.format == nil
        {
            traits.features.insert(0x21)
            traits.writeTypes[0] = [8]
        }
        return traits
    }

    /// The drive of a name.
    public init?(named name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    init(name: String, identity: Inquiry) {
        self.name = name
        self.identity = identity
    }

    /// A drive of a model that is sold.
    private init(
        _ name: String,
        _ vendor: String,
        _ product: String,
        _ revision: String,
        _ change: (inout DriveProfile) -> Void
    ) {
        self.init(
            name: name,
            identity: Inquiry(vendor: vendor, product: product, revision: revision)
        )
        audio.readOffset = ReadOffset.samples(of: identity) ?? 0
        change(&self)
    }

    // The lists of profiles that drives gave, in their order.
    private static let bdWriter = [
        0x43, 0x42, 0x41, 0x40, 0x2B, 0x1B, 0x1A, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, 0x10, 0x0A,
        0x09, 0x08, 0x02,
    ]
    private static let pioneerBD = [
        0x43, 0x42, 0x41, 0x40, 0x2B, 0x1A, 0x1B, 0x16, 0x15, 0x13, 0x14, 0x11, 0x02, 0x10, 0x0A,
        0x09, 0x08,
    ]
    private static let ramFirst = [
        0x12, 0x2B, 0x1B, 0x1A, 0x16, 0x15, 0x14, 0x13, 0x11, 0x10, 0x0A, 0x09, 0x08, 0x02,
    ]
    private static let dvdWriter = [
        0x2B, 0x1B, 0x1A, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, 0x10, 0x0A, 0x09, 0x08, 0x02,
    ]
    private static let earlyDVDWriter = [
        0x2B, 0x1B, 0x1A, 0x14, 0x13, 0x11, 0x10, 0x0A, 0x09, 0x08,
    ]

    /// All models: the plain one, and those that are modelled on what real ones replied.
    public static let all: [DriveProfile] = [
        plain,
        // d-077, d-118.
        DriveProfile("lg-bh16ns40", "HL-DT-ST", "BD-RE  BH16NS40", "1.03") {
            $0.inquiry = (0, 2)
            $0.profiles = bdWriter
            $0.buffer = 4064 << 10
            $0.writeSpeeds = [.bdR: [26_976, 17_984, 8992]]
            $0.quirks = [.noStructure11, .noPackets]
        },
        // d-061; s-165, s-166 and s-177 of its maker, d-084 of its predecessor.
        DriveProfile("pioneer-bdr-207d", "PIONEER", "BD-RW   BDR-207D", "1.21") {
            $0.inquiry = (0, 2)
            $0.profiles = pioneerBD
            $0.buffer = 4000 << 10
            $0.readSpeeds = [.dvd: 22_160]
            $0.writeSpeeds = [.bdR: [44_950, 35_968, 26_976, 17_984]]
            $0.quirks = [.readyTooEarly, .busyWhenFull, .blankAtPregap, .leadInAtPregap]
        },
        // d-065: two current profiles, an ATIP of zeros; s-137.
        DriveProfile("asus-bw-12b1st", "ASUS", "BW-12B1ST", "1.03") {
            $0.inquiry = (0, 2)
            $0.profiles = bdWriter
            $0.buffer = 5760 << 10
            $0.quirks = [.twoProfiles, .atipZeros]
        },
        // d-063, t-013: slim, DVD-RAM first in its list.
        DriveProfile("lg-gt50n", "HL-DT-ST", "DVDRAM GT50N", "LC02") {
            $0.profiles = ramFirst
            $0.buffer = 1024 << 10
            $0.writeSpeeds = [.dvdPlusRW: [5540], .cdR: [4234, 2822, 1764, 706]]
            $0.readSpeeds = [.cd: 4234, .dvd: 11_080]
            $0.mechanics = .slim
            $0.quirks = [.twoProfiles, .noTrayMotor, .senseLength0E]
        },
        // d-008: CD speeds in page 2Ah, performance to one past the last block; raw writing as d-045
        // and d-044 of its family have it.
        DriveProfile("nec-nd-3540a", "_NEC", "DVD_RW ND-3540A", "1.04") {
            $0.inquiry = (0, 2)
            $0.profiles = earlyDVDWriter
            $0.buffer = 2048 << 10
            $0.writeSpeeds = [.dvdPlusRW: [5540, 3324]]
            $0.quirks = [.speedsOnGrid, .performanceEndIsCount, .senseLength10, .raw96Only]
        },
        // d-120: both profiles of DVD-RW are current; raw writing as d-045 and d-044 of its family.
        DriveProfile("nec-nd-4570a", "_NEC", "DVD_RW ND-4570A", "1.02") {
            $0.inquiry = (0, 2)
            $0.profiles = dvdWriter.filter { $0 != 0x16 }
            $0.buffer = 1728 << 10
            $0.quirks = [.twoProfiles, .liesAboutIncremental, .raw96Only]
        },
        // d-022; s-142 of its maker: reading the lead-in resets the bridge.
        DriveProfile("tsstcorp-sh-s223c", "TSSTcorp", "CDDVDW SH-S223C", "SB03") {
            $0.profiles = dvdWriter
            $0.buffer = 704 << 10
            $0.quirks = [.resetsAtLeadIn, .speedsRoundedUp, .senseLength12]
        },
        // d-067, s-138, s-140; d-124 of its maker.
        DriveProfile("asus-drw-24d5mt", "ASUS", "DRW-24D5MT", "1.00") {
            $0.inquiry = (0, 2)
            $0.profiles = dvdWriter
            $0.quirks = [.readsDataAsAudio, .noNegativeAddresses, .noPackets, .noRaw16]
        },
        // d-112; s-170: once a session at once has failed, nothing more is written.
        DriveProfile("matshita-uj-850s", "MATSHITA", "DVD-RAM UJ-850S", "1.05") {
            $0.inquiry = (0, 2)
            $0.profiles = dvdWriter
            $0.buffer = 2048 << 10
            $0.readSpeeds = [.cd: 4234, .dvd: 11_080]
            $0.writeSpeeds = [.cdRW: [1764, 1411, 706], .cdR: [4234, 2822, 1764, 706]]
            $0.mechanics = .slim
            $0.quirks = [.refusesAfterError, .noTrayMotor, .runOut1105]
        },
        // d-085: a writer of CDs; the next writable address of a blank one is -150.
        DriveProfile("liteon-ltr-48125s", "LITE-ON", "LTR-48125S", "1S0X") {
            $0.inquiry = (0, 2)
            $0.profiles = [0x0A, 0x09, 0x08]
            $0.buffer = 2048 << 10
            $0.quirks = [.blankAtPregap, .emptyClose2C04, .noTrayState]
        },
        // d-026: writes CDs, reads DVDs; two current profiles, in no order.
        DriveProfile("lg-gcc-4480b", "HL-DT-ST", "RW/DVD GCC-4480B", "1.00") {
            $0.inquiry = (0, 2)
            $0.profiles = [0x0A, 0x09, 0x08, 0x02, 0x10]
            $0.buffer = 1554 << 10
            $0.quirks = [.twoProfiles, .slowFixation]
        },
        // d-064: a reader.
        DriveProfile("hp-su-108gb", "hp", "DVD-ROM SU-108GB", "JN00") {
            $0.profiles = [0x10, 0x08]
            $0.buffer = 512 << 10
            $0.mechanics = .slim
            $0.quirks = [.noTrayMotor]
        },
        // d-115: a reader of CDs with response format 1.
        DriveProfile("liteon-ltn483s", "Lite-On", "LTN483S 48x Max", "PD02") {
            $0.inquiry = (0, 1)
            $0.profiles = [0x08]
            $0.buffer = 128 << 10
            $0.quirks = [.runOut2600, .noTrayState]
        },
    ]
}
