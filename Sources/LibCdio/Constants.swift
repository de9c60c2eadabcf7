internal import CLibCdio

/// libcdio's constants under English names.
enum Constants {
    /// Every drive, whatever is in it (`CDIO_FS_MATCH_ALL`, a macro that Swift does not see).
    static let anyDevice = cdio_fs_anal_t(bitPattern: ~0x0F)
    /// An address that is none (`CDIO_INVALID_LBA`).
    static let noAddress: Int32 = -45301
    /// Sectors between absolute time 0 and the logical address 0 (`CDIO_PREGAP_SECTORS`).
    static let firstPause: Int32 = 150
    /// A track that is none.
    static let noTrack = UInt8(CDIO_INVALID_TRACK.rawValue)
    /// The number of the lead-out.
    static let leadOut = UInt8(CDIO_CDROM_LEADOUT_TRACK.rawValue)
    /// A drive's answer about its capabilities that is none.
    static let noCapabilities = CDIO_DRIVE_CAP_ERROR.rawValue | CDIO_DRIVE_CAP_UNKNOWN.rawValue
    /// Languages that CD-TEXT has room for.
    static let textBlocks: Int32 = 8
    /// Bytes of a pack of CD-TEXT.
    static let textPackSize = 18
    /// Bytes before the packs in a drive's answer.
    static let textHeaderSize = 4
    /// Sectors that one READ CD may ask for (lib/driver/mmc/mmc.c: “only up to 25 blocks”).
    static let mostSectors = 25
    /// Sectors below the place where `2048 * lsn` overflows in `cdio_generic_read_form1_sector` and
    /// `read_data_sectors_generic`.
    static let addressLimit = 1 << 20
}
