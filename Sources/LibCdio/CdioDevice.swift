internal import CLibCdio

/// A drive as libcdio describes it.
public struct CdioDevice: Sendable, Hashable {
    /// What a drive reads.
    ///
    /// libcdio asks the capabilities page of MODE SENSE (MMC-3 §5.5.10), which newer drives no longer
    /// keep: of DVDs it tells DVD-ROM alone, and of BDs nothing.
    public struct Reading: OptionSet, Sendable, Hashable {
        /// libcdio's bits.
        public let rawValue: UInt32

        /// Takes libcdio's bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Plays audio.
        public static let audio = Reading(rawValue: CDIO_DRIVE_CAP_READ_AUDIO.rawValue)
        /// Reads the samples of audio tracks.
        public static let audioTracks = Reading(rawValue: CDIO_DRIVE_CAP_READ_CD_DA.rawValue)
        /// Reads CD+G.
        public static let graphics = Reading(rawValue: CDIO_DRIVE_CAP_READ_CD_G.rawValue)
        /// Reads CD-R.
        public static let cdR = Reading(rawValue: CDIO_DRIVE_CAP_READ_CD_R.rawValue)
        /// Reads CD-RW.
        public static let cdRW = Reading(rawValue: CDIO_DRIVE_CAP_READ_CD_RW.rawValue)
        /// Reads DVD-ROM.
        public static let dvdROM = Reading(rawValue: CDIO_DRIVE_CAP_READ_DVD_ROM.rawValue)
        /// Tells of errors that its correction left (C2).
        public static let errorPointers = Reading(rawValue: CDIO_DRIVE_CAP_READ_C2_ERRS.rawValue)
        /// Reads mode 2, form 1.
        public static let mode2Form1 = Reading(rawValue: CDIO_DRIVE_CAP_READ_MODE2_FORM1.rawValue)
        /// Reads mode 2, form 2.
        public static let mode2Form2 = Reading(rawValue: CDIO_DRIVE_CAP_READ_MODE2_FORM2.rawValue)
        /// Reads media catalogue numbers.
        public static let catalogNumber = Reading(rawValue: CDIO_DRIVE_CAP_READ_MCN.rawValue)
        /// Reads recording codes.
        public static let recordingCode = Reading(rawValue: CDIO_DRIVE_CAP_READ_ISRC.rawValue)
    }

    /// What a drive writes.
    public struct Writing: OptionSet, Sendable, Hashable {
        /// libcdio's bits.
        public let rawValue: UInt32

        /// Takes libcdio's bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Writes CD-R.
        public static let cdR = Writing(rawValue: CDIO_DRIVE_CAP_WRITE_CD_R.rawValue)
        /// Writes CD-RW.
        public static let cdRW = Writing(rawValue: CDIO_DRIVE_CAP_WRITE_CD_RW.rawValue)
        /// Writes DVD-R.
        public static let dvdR = Writing(rawValue: CDIO_DRIVE_CAP_WRITE_DVD_R.rawValue)
        /// Writes DVD-RAM.
        public static let dvdRAM = Writing(rawValue: CDIO_DRIVE_CAP_WRITE_DVD_RAM.rawValue)
    }

    /// What else a drive does.
    ///
    /// libcdio 2.1.0 puts the protection against buffer underruns here, in the bit of a reset
    /// (`mmc_get_drive_cap_buf`), so neither is told.
    public struct Handling: OptionSet, Sendable, Hashable {
        /// libcdio's bits.
        public let rawValue: UInt32

        /// Takes libcdio's bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Draws its tray in.
        public static let closesTray = Handling(rawValue: CDIO_DRIVE_CAP_MISC_CLOSE_TRAY.rawValue)
        /// Lets the disc out.
        public static let ejects = Handling(rawValue: CDIO_DRIVE_CAP_MISC_EJECT.rawValue)
        /// Locks its door.
        public static let locks = Handling(rawValue: CDIO_DRIVE_CAP_MISC_LOCK.rawValue)
        /// Reads sessions after the first.
        public static let multisession = Handling(
            rawValue: CDIO_DRIVE_CAP_MISC_MULTI_SESSION.rawValue
        )

        static let told: Handling = [.closesTray, .ejects, .locks, .multisession]
    }

    /// The device node.
    public var path: String
    /// The maker, without the blanks around it; `nil` if the drive does not say.
    public var vendor: String?
    /// The model, without the blanks around it; `nil` if the drive does not say.
    public var model: String?
    /// The firmware's revision; `nil` if the drive does not say.
    public var revision: String?
    /// What it reads; `nil` if the drive does not say.
    public var reading: Reading?
    /// What it writes; `nil` if the drive does not say.
    public var writing: Writing?
    /// What else it does; `nil` if the drive does not say.
    public var handling: Handling?
}
