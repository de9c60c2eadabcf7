import DiscImages
import DiscModel
import MMC

/// The features of the drive (MMC-6 §5.3).
struct FeatureTable {
    /// A feature: its code and version, whether it holds with every disc, and its data.
    struct Entry: Sendable {
        let code: Int
        let version: Int
        let isPersistent: Bool
        let data: @Sendable (VirtualRecorder) -> [UInt8]

        init(
            _ code: Int,
            version: Int = 0,
            persistent: Bool = false,
            _ data: @escaping @Sendable (VirtualRecorder) -> [UInt8] = { _ in [] }
        ) {
            self.code = code
            self.version = version
            isPersistent = persistent
            self.data = data
        }
    }

    static let entries: [Entry] = [
        Entry(0x000, persistent: true, profileList),
        // Core: serial ATA, device busy events.
        Entry(0x001, version: 2, persistent: true) { _ in [0, 0, 0, 7, 0x01, 0, 0, 0] },
        Entry(0x002, version: 1, persistent: true) { _ in [0x02, 0, 0, 0] },
        // Removable: a tray that ejects, loads and locks.
        Entry(0x003, version: 1, persistent: true) { _ in [0x39, 0, 0, 0] },
        Entry(0x010, randomReadable),
        Entry(0x01D),
        Entry(0x01E, version: 2) { _ in [DriveProfile.cdReading, 0, 0, 0] },
        Entry(0x01F, version: 2) { _ in [0x01, 0, 0x01, 0] },
        Entry(0x020, version: 1, randomWritable),
        Entry(0x021, version: 3, incrementalStreaming),
        Entry(0x023, version: 1) { _ in [0x07, 0, 0, 0, 0x01, 0, 0, 0] },
        Entry(0x024, version: 1) { _ in [0x80, 0, 0, 0] },
        Entry(0x026),
        // DVD+RW: writes it; closes only, no quick start.
        Entry(0x02A, version: 1) { _ in [0x01, 0x01, 0, 0] },
        Entry(0x02B, version: 1) { _ in [0x01, 0, 0, 0] },
        Entry(0x02C) { _ in [0x0F, 0, 0, 0] },
        // Track at once: underrun protection, rehearsal, CD-RW; block types as the write parameters.
        Entry(0x02D, version: 2) { _ in [0x46, 0, 0x27, 0x01] },
        Entry(0x02E, mastering),
        // DVD-R and -RW: underrun protection, dual layer, rehearsal, DVD-RW.
        Entry(0x02F, version: 2) { _ in [0x4E, 0, 0, 0] },
        Entry(0x037) { _ in [0, 0x3F, 0, 0] },
        Entry(0x038) { _ in [0, 0, 0, 0] },
        Entry(0x03B) { _ in [0x01, 0, 0, 0] },
        Entry(0x040) { _ in
            [1, 0, 0, 0, 0, 0x0C, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0]
                + [0, 0, 0, 0]
        },
        Entry(0x041) { _ in
            [1, 0, 0, 0, 0, 0x0C, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0]
        },
        Entry(0x100, persistent: true),
        Entry(0x105, version: 1, persistent: true) { _ in [0, 0, 0, 0] },
        // Real-time streaming: read buffer capacity, SET CD SPEED, page 2Ah, write speeds.
        Entry(0x107, version: 4) { _ in [0x1F, 0, 0, 0] },
        Entry(0x108, persistent: true) { _ in VirtualRecorder.serialNumber },
    ]

    /// The profiles that drives have current beside others.
    private static let secondProfiles = [
        0x1A: 0x10, 0x14: 0x13, 0x13: 0x14, 0x43: 0x02, 0x0A: 0x02,
    ]

    private static func profileList(_ drive: VirtualRecorder) -> [UInt8] {
        let current = drive.traits?.profile
        let second = drive.has(.twoProfiles) ? current.flatMap { secondProfiles[$0] } : nil
        return drive.profile.profiles.flatMap {
            [UInt8($0 >> 8), UInt8($0 & 0xFF), $0 == current || $0 == second ? 1 : 0, 0]
        }
    }

    private static func number(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// Sectors of 2048 bytes, in blocks as the disc has them; an error recovery page.
    private static func randomReadable(_ drive: VirtualRecorder) -> [UInt8] {
        let block = drive.disc?.record.medium.facts.sectorsPerBlock ?? 1
        return number(2048) + [0, UInt8(truncatingIfNeeded: block), 1, 0]
    }

    private static func randomWritable(_ drive: VirtualRecorder) -> [UInt8] {
        let block = drive.disc?.record.medium.facts.sectorsPerBlock ?? 1
        let last = max(0, (drive.disc?.record.format?.sectors ?? 1) - 1)
        return number(last) + number(2048) + [0, UInt8(truncatingIfNeeded: block), 1, 0]
    }

    /// Data blocks of 2048 bytes in mode 1, on CD in mode 2, too; underrun protection; a link of 16
    /// sectors, on CD of 7.
    private static func incrementalStreaming(_ drive: VirtualRecorder) -> [UInt8] {
        drive.disc?.record.medium.facts.family == .cd
            ? [0x05, 0x00, 0x01, 0x01, UInt8(TrackRecord.link), 0, 0, 0]
            : [0x01, 0x00, 0x01, 0x01, 0x10, 0, 0, 0]
    }

    /// Session at once: underrun protection, SAO, rehearsal, CD-RW; raw, and raw in several sessions,
    /// where the drive takes that; R to W; the longest cue sheet.
    private static func mastering(_ drive: VirtualRecorder) -> [UInt8] {
        let types = MediumTraits.cdWriteTypes(drive.quirks)
        let raw: UInt8 = types[3]?.isEmpty == false ? 0x18 : 0
        return [0x67 | raw, 0, 0x0C, 0x00]
    }
}

extension VirtualRecorder {
    /// GET CONFIGURATION (MMC-6 §6.6).
    func getConfiguration(_ cdb: CDB) throws(Sense) -> [UInt8] {
        let kind = cdb.u8(1) & 3
        let first = cdb.u16(2)
        guard kind != 3 else { throw cdb.invalid(1, bit: 1) }
        let traits = traits
        let offered = MediumTraits.features(of: profile.profiles)
        let features = FeatureTable.entries.compactMap { entry -> Feature? in
            let isCurrent = entry.isPersistent || traits?.features.contains(entry.code) == true
            guard isCurrent || offered.contains(entry.code) else { return nil }
            switch kind {
            case 0 where entry.code < first, 2 where entry.code != first: return nil
            case 1 where entry.code < first || !isCurrent: return nil
            default: break
            }
            return Feature(
                code: entry.code,
                version: entry.version,
                isPersistent: entry.isPersistent,
                isCurrent: isCurrent,
                data: entry.data(self)
            )
        }
        return Configuration(
            currentProfile: Profile(rawValue: traits?.profile ?? 0),
            features: features
        ).encoded
    }
}
