/// A disc's tracks as libcdio lists them.
///
/// All addresses are logical: sector 0 is the first after the pause of 150 sectors.
public struct CdioTableOfContents: Sendable, Hashable, Codable {
    /// What kind of sectors a track has, in libcdio's terms (`track_format_t`).
    public enum Format: String, Sendable, Hashable, Codable {
        case audio
        case cdi
        /// Mode 2 of some sort.
        case xa
        /// Mode 1; of a drive, data of any mode.
        case data
        case playstation
        /// libcdio can't tell.
        case unknown
    }

    /// A track.
    public struct Track: Sendable, Hashable, Codable {
        /// Its number, from 1 to 99.
        public var number: Int
        /// Where its index 1 is.
        public var start: Int
        /// Where its pregap begins; `nil` if libcdio does not know, as of every drive.
        public var pregapStart: Int?
        /// Its last sector: the one before the next track, whose pregap counts to it.
        public var last: Int
        /// The kind of its sectors.
        public var format: Format
        /// Whether libcdio calls it “green” (CD-i or XA); of a drive it is the bit that permits copies.
        public var isGreen: Bool
        /// Whether it may be copied; `nil` if libcdio does not know.
        public var copyPermitted: Bool?
        /// Whether it has pre-emphasis; `nil` if libcdio does not know.
        public var preEmphasis: Bool?
        /// The channels of an audio track, 2 or 4; `nil` if libcdio does not know.
        public var channels: Int?
    }

    /// The tracks, in order.
    public var tracks: [Track]
    /// Where the lead-out begins.
    public var leadOut: Int
}

/// The kind of disc in libcdio's terms (`discmode_t`).
public enum CdioDiscMode: String, Sendable, Hashable, Codable {
    case audio = "cd-da"
    case mode1 = "cd-data"
    case xa = "cd-xa"
    case mixed = "cd-mixed"
    case cdi = "cd-i"
    case dvdROM = "dvd-rom"
    case dvdRAM = "dvd-ram"
    case dvdR = "dvd-r"
    case dvdRW = "dvd-rw"
    case hdDVDROM = "hd-dvd-rom"
    case hdDVDRAM = "hd-dvd-ram"
    case hdDVDR = "hd-dvd-r"
    case dvdPlusR = "dvd+r"
    case dvdPlusRW = "dvd+rw"
    case dvdPlusRWDualLayer = "dvd+rw-dl"
    case dvdPlusRDualLayer = "dvd+r-dl"
    case otherDVD = "dvd"
    /// libcdio does not know.
    case unknown
}
