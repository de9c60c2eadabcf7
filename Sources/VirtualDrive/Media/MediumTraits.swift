import DiscImages
import DiscModel
import MMC

/// How a drive treats a kind of disc: what `MediumFacts` say of the disc itself, this says of the
/// drive with that disc in it.
struct MediumTraits: Sendable {
    /// The profile (MMC-6 §5.3.1).
    var profile: Int
    /// The features that are current with it, besides those that always are.
    var features: Set<Int>
    /// The last session's lead-out to the next session's first track: after the first session, and
    /// after those behind it.
    var sessionGap = (first: 0, later: 0)
    /// From a track to the next in the same session.
    var trackGap = 0
    /// Sectors of the capacity that incremental recording can't use.
    var reservedSectors = 0
    /// The read speed in kB/s.
    var readSpeed: Int
    /// The write speeds in kB/s, fastest first.
    var writeSpeeds: [Int] = []
    /// The formats that can be put on it while it is not formatted.
    var formats: [FormatCapacities.Descriptor] = []
    /// The write types that it takes with each block type (MMC-6 table 686 and 690); where there
    /// are none, the drive keeps write parameters without heeding them.
    var writeTypes: [Int: Set<Int>] = [:]
    /// What each close function does (MMC-6 table 277).
    var closeActions: [Int: CloseAction] = [:]
    /// The book type and part version in its lead-in, and its layer type.
    var book = (type: 0, version: 0, layerType: 1)
    /// What READ(10) says to any address of a blank disc: recorded from drives.
    var blankReadSense = Sense.outOfRange

    /// The traits of a kind of disc in its present state.
    static func of(_ record: DiscRecord) -> MediumTraits {
        if record.medium == .dvdRW, record.format != nil { return restrictedOverwrite }
        var traits = table[record.medium] ?? MediumTraits(profile: 0, features: [], readSpeed: 0)
        if record.medium == .cdRW {
            let sectors = record.sectorsInPackets
            traits.formats = [format(0x10, sectors, DiscRecord.packetOfCDRW)]
            if record.format != nil {
                traits.features.subtract([0x21, 0x2D, 0x2E])
                traits.features.insert(0x26)
            }
        }
        // A DVD-RW that was blanked quickly offers no incremental recording until it is blanked
        // fully: seen on NEC, LG and AOPEN drives.
        if record.isMinimallyBlanked, record.medium == .dvdRW {
            traits.features.remove(0x21)
            traits.writeTypes[0] = nil
        }
        if record.format?.allowsReplacing == true { traits.features.insert(0x38) }
        return traits
    }

    /// The features that a drive of some profiles has, current or not, besides those that always are.
    static func features(of profiles: [Int]) -> Set<Int> {
        let own = (Array(table.values) + [restrictedOverwrite]).filter {
            profiles.contains($0.profile)
        }
        var features = own.reduce(into: Set<Int>()) { $0.formUnion($1.features) }
        // Of a formatted CD-RW, and of a BD-R whose sectors can be replaced.
        if profiles.contains(0x0A) { features.insert(0x26) }
        if profiles.contains(0x41) { features.insert(0x38) }
        return features
    }

    /// A session gap that is the same after every session.
    private static func equalGap(_ sectors: Int) -> (first: Int, later: Int) {
        (sectors, sectors)
    }

    // Lead-out, lead-in and pregap: 6750 + 4500 + 150, later 2250 + 4500 + 150 sectors.
    private static let cdGap = (first: 11400, later: 6900)
    // Border-out and border-in: the first as recorded of CMC and Ritek DVD-RW; for later ones MMC-6
    // §4.3.3 gives a range that 12 MB lie in.
    private static let borderGap = (first: 28688, later: 6144)

    private static let cdFeatures: Set<Int> = [0x10, 0x1D, 0x1E, 0x107]
    private static let dvdFeatures: Set<Int> = [0x10, 0x1D, 0x1F, 0x107]
    private static let bdFeatures: Set<Int> = [0x10, 0x1D, 0x40, 0x107]

    private static let cdClose: [Int: CloseAction] = [1: .track, 2: .session]
    // Function 3 finalizes a DVD-RW in restricted overwrite mode, and DVD-R drives take it too.
    private static let dvdMinusClose: [Int: CloseAction] = [1: .track, 2: .session, 3: .finalize]
    private static let dvdPlusClose: [Int: CloseAction] = [
        1: .track, 2: .session, 5: .finalize, 6: .finalize,
    ]
    private static let bdClose: [Int: CloseAction] = [1: .track, 2: .session, 6: .finalize]
    private static let rewritableClose: [Int: CloseAction] = [
        0: .stopFormat, 2: .stopFormat, 3: .stopFormat,
    ]

    /// The write types that the drive takes for CDs: packets, track at once, session at once, raw.
    static let cdWriteTypes: [Int: Set<Int>] = [
        0: [8, 10], 1: cdBlockTypes, 2: cdBlockTypes.union([2, 3]),
        3: Set(RawBlock.allCases.map(\.rawValue)),
    ]

    /// The write types that a drive with some quirks takes for CDs.
    static func cdWriteTypes(_ quirks: Set<Quirk>) -> [Int: Set<Int>] {
        var types = cdWriteTypes
        if quirks.contains(.noPackets) { types[0] = nil }
        if quirks.contains(.noRaw16) { types[3]?.remove(RawBlock.withQ.rawValue) }
        if quirks.contains(.raw96Only) {
            types[2]?.remove(RawBlock.packed.rawValue)
            types[3] = [RawBlock.raw.rawValue]
        }
        return types
    }

    // Whole sectors of 2352 bytes, mode 1, the whole of mode 2, and mode 2 form 1 and 2.
    private static let cdBlockTypes: Set<Int> = [0, 8, 9, 10, 13]

    private static func format(_ type: Int, _ sectors: Int, _ parameter: Int = 0)
        -> FormatCapacities.Descriptor
    {
        FormatCapacities.Descriptor(type: type, sectors: sectors, parameter: parameter)
    }

    /// DVD-RW after FORMAT UNIT (profile 0013h).
    private static let restrictedOverwrite = MediumTraits(
        profile: 0x13,
        features: dvdFeatures.union([0x20, 0x23, 0x26, 0x2C]),
        readSpeed: 11_080,
        writeSpeeds: [5540, 2770],
        formats: [
            format(0x00, 2_297_888, 2048), format(0x10, 2_297_888, 16), format(0x13, 0, 16),
            format(0x15, 2_297_888, 16),
        ],
        writeTypes: [0: [8]],
        closeActions: [2: .session, 3: .finalize],
        book: (3, 2, 4)
    )

    private static let table: [MediumKind: MediumTraits] = [
        .cdROM: MediumTraits(profile: 0x08, features: cdFeatures, readSpeed: 8467),
        .cdR: MediumTraits(
            profile: 0x09,
            features: cdFeatures.union([0x21, 0x2D, 0x2E]),
            sessionGap: cdGap,
            trackGap: 150,
            readSpeed: 8467,
            writeSpeeds: [8467, 7056, 5645, 4234, 2822, 1411, 706],
            writeTypes: cdWriteTypes,
            closeActions: cdClose
        ),
        .cdRW: MediumTraits(
            profile: 0x0A,
            features: cdFeatures.union([0x21, 0x23, 0x2D, 0x2E, 0x37]),
            sessionGap: cdGap,
            trackGap: 150,
            readSpeed: 7056,
            writeSpeeds: [4234, 2822, 1764],
            writeTypes: cdWriteTypes,
            closeActions: cdClose
        ),
        .dvdROM: MediumTraits(
            profile: 0x10,
            features: dvdFeatures,
            readSpeed: 22_160,
            book: (0, 1, 1)
        ),
        .dvdR: MediumTraits(
            profile: 0x11,
            features: dvdFeatures.union([0x21, 0x2F]),
            sessionGap: borderGap,
            reservedSectors: 608,
            readSpeed: 16_620,
            writeSpeeds: [22_160, 16_620, 11_080, 5540],
            writeTypes: [0: [8], 2: [8]],
            closeActions: dvdMinusClose,
            book: (2, 5, 2),
            blankReadSense: .wrongKindOfSector
        ),
        .dvdRDualLayer: MediumTraits(
            profile: 0x15,
            features: dvdFeatures.union([0x21, 0x2F]),
            sessionGap: borderGap,
            readSpeed: 11_080,
            writeSpeeds: [11_080, 8310, 5540],
            writeTypes: [0: [8], 2: [8]],
            closeActions: dvdMinusClose,
            book: (2, 6, 2),
            blankReadSense: .wrongKindOfSector
        ),
        .dvdRW: MediumTraits(
            profile: 0x14,
            features: dvdFeatures.union([0x21, 0x23, 0x2F]),
            sessionGap: borderGap,
            reservedSectors: 608,
            readSpeed: 11_080,
            writeSpeeds: [5540, 2770],
            formats: [
                format(0x00, 2_297_888, 2048), format(0x10, 2_297_888, 16),
                format(0x15, 2_297_888, 16),
            ],
            writeTypes: [0: [8], 2: [8]],
            closeActions: dvdMinusClose,
            book: (3, 2, 4),
            blankReadSense: .wrongKindOfSector
        ),
        .dvdPlusR: MediumTraits(
            profile: 0x1B,
            features: dvdFeatures.union([0x21, 0x2B]),
            sessionGap: equalGap(2048),
            readSpeed: 16_620,
            writeSpeeds: [22_160, 16_620, 11_080, 8310, 5540],
            closeActions: dvdPlusClose,
            book: (10, 1, 2)
        ),
        .dvdPlusRDualLayer: MediumTraits(
            profile: 0x2B,
            features: dvdFeatures.union([0x21, 0x3B]),
            sessionGap: equalGap(2048),
            readSpeed: 11_080,
            writeSpeeds: [8310, 5540, 3324],
            closeActions: dvdPlusClose,
            book: (14, 1, 2)
        ),
        .dvdPlusRW: MediumTraits(
            profile: 0x1A,
            features: dvdFeatures.union([0x20, 0x23, 0x2A]),
            readSpeed: 11_080,
            writeSpeeds: [5540, 3324],
            formats: [format(0x26, 2_295_104)],
            closeActions: rewritableClose,
            book: (9, 2, 4)
        ),
        .dvdRAM: MediumTraits(
            profile: 0x12,
            features: dvdFeatures.union([0x20, 0x23, 0x24]),
            readSpeed: 6925,
            writeSpeeds: [6925, 4155, 2770],
            formats: [
                format(0x00, 2_236_704, 2048), format(0x00, 2_295_072, 2048),
                format(0x01, 2_226_976, 2048), format(0x01, 2_217_248, 2048),
            ],
            closeActions: rewritableClose,
            book: (1, 6, 4)
        ),
        .bdROM: MediumTraits(profile: 0x40, features: bdFeatures, readSpeed: 35_968),
        .bdR: MediumTraits(
            profile: 0x41,
            features: bdFeatures.union([0x21, 0x23, 0x41]),
            readSpeed: 35_968,
            writeSpeeds: [53_952, 44_960, 35_968, 26_976, 17_984],
            formats: [
                format(0x00, 11_826_176, 12_288), format(0x32, 11_826_176),
                format(0x32, 5_796_864), format(0x32, 12_088_320),
            ],
            closeActions: bdClose
        ),
        .bdRDualLayer: MediumTraits(
            profile: 0x41,
            features: bdFeatures.union([0x21, 0x23, 0x41]),
            readSpeed: 26_976,
            writeSpeeds: [35_968, 26_976, 17_984],
            formats: [
                format(0x00, 23_652_352, 12_288), format(0x32, 23_652_352),
                format(0x32, 11_593_728), format(0x32, 24_176_640),
            ],
            closeActions: bdClose
        ),
        .bdRE: MediumTraits(
            profile: 0x43,
            features: bdFeatures.union([0x20, 0x23, 0x24, 0x41]),
            readSpeed: 26_976,
            writeSpeeds: [8990],
            formats: [
                format(0x00, 11_826_176, 12_288), format(0x30, 11_826_176),
                format(0x30, 5_796_864), format(0x30, 12_088_320), format(0x31, 12_219_392),
            ],
            closeActions: rewritableClose
        ),
        .bdREDualLayer: MediumTraits(
            profile: 0x43,
            features: bdFeatures.union([0x20, 0x23, 0x24, 0x41]),
            readSpeed: 26_976,
            writeSpeeds: [8990],
            formats: [
                format(0x00, 23_652_352, 12_288), format(0x30, 23_652_352),
                format(0x30, 11_593_728), format(0x30, 24_176_640), format(0x31, 24_438_784),
            ],
            closeActions: rewritableClose
        ),
    ]
}

extension VirtualRecorder {
    /// How the drive treats the disc in it, while the tray is in.
    var traits: MediumTraits? {
        guard let disc, !condition.isTrayOpen, !has(.missesDisc), !has(.rejectsDisc) else {
            return nil
        }
        return profile.traits(of: disc.record, quirks)
    }
}
