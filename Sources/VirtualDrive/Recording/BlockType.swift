import DiscImages
import DiscModel

/// What a host sends of each sector, and what becomes of it (MMC-6 table 690 and 567).
struct BlockType: Sendable {
    /// Bytes from the host for each sector; 0 where the drive makes the sector by itself.
    var size: Int
    /// The data mode of the sectors: 0 audio, 1, 2; absent where the bytes tell it.
    var dataMode: Int?
    /// What is kept of them.
    var form: TrackRecord.Form
    /// Where the host's bytes belong in the raw sector.
    var offset: Int
    /// What is made around them, where they are not the whole sector.
    var kind: RawSector.Kind?
    /// Bytes of subchannel behind each sector from the host.
    var subchannel = 0

    /// Bytes from the host for each sector, subchannel included.
    var total: Int { size + subchannel }

    /// What a data form of a cue sheet means (MMC-6 table 567): bits 7 and 6 have the host send raw
    /// or packed subchannel behind each sector, which is kept of whole sectors only.
    static func byCueSheet(_ form: Int) -> BlockType? {
        guard var blocks = byDataForm[form & 0x3F] else { return nil }
        switch form >> 6 {
        case 0: return blocks
        case 1 where blocks.size == 2352, 3 where blocks.size == 2352:
            blocks.subchannel = 96
            blocks.form = .rawWithSubchannel
            return blocks
        default: return nil
        }
    }

    /// By the write parameters' data block type.
    static let byWriteParameters: [Int: BlockType] = [
        0: BlockType(size: 2352, dataMode: nil, form: .raw, offset: 0),
        // With 96 bytes of subchannel, packed R to W or raw P to W.
        2: BlockType(size: 2352, form: .rawWithSubchannel, offset: 0, subchannel: 96),
        3: BlockType(size: 2352, form: .rawWithSubchannel, offset: 0, subchannel: 96),
        8: BlockType(size: 2048, dataMode: 1, form: .cooked, offset: 16),
        9: BlockType(size: 2336, dataMode: 2, form: .raw, offset: 16, kind: .mode2),
        10: BlockType(size: 2048, dataMode: 2, form: .cooked, offset: 24),
        // A subheader and the user data of form 1 or 2, whichever the subheader says.
        13: BlockType(size: 2332, dataMode: 2, form: .raw, offset: 16, kind: .mode2Form2),
    ]

    /// By the data form of a cue sheet, without the bits for subchannel.
    static let byDataForm: [Int: BlockType] = [
        0x00: BlockType(size: 2352, dataMode: 0, form: .raw, offset: 0),
        0x01: BlockType(size: 0, dataMode: 0, form: .raw, offset: 0),
        0x10: BlockType(size: 2048, dataMode: 1, form: .cooked, offset: 16),
        0x11: BlockType(size: 2352, dataMode: 1, form: .raw, offset: 0),
        0x14: BlockType(size: 0, dataMode: 1, form: .cooked, offset: 16),
        0x20: BlockType(size: 2336, dataMode: 2, form: .raw, offset: 16, kind: .mode2),
        0x21: BlockType(size: 2352, dataMode: 2, form: .raw, offset: 0),
        0x24: BlockType(size: 0, dataMode: 2, form: .raw, offset: 0),
        0x30: BlockType(size: 2336, dataMode: 2, form: .raw, offset: 16, kind: .mode2),
        0x31: BlockType(size: 2352, dataMode: 2, form: .raw, offset: 0),
        0x34: BlockType(size: 0, dataMode: 2, form: .raw, offset: 0),
    ]
}
