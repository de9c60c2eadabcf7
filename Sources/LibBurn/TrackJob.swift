/// A track to be written.
public struct TrackJob: Hashable, Sendable, Codable {
    /// What its sectors are: libburn 1.5.4 writes no others (`burn_track_define_data`).
    public enum Kind: Hashable, Sendable, Codable {
        /// 2048 bytes of data, mode 1.
        case data
        /// 2352 bytes of audio, the low byte first.
        case audio

        /// Bytes of a sector.
        public var sectorSize: Int { self == .data ? 2048 : 2352 }
    }

    /// What the control nibble of its Q says beside “data” (ECMA-130 §22.3.1).
    public struct Flags: OptionSet, Hashable, Sendable, Codable {
        /// The bits, as they stand in the control nibble.
        public let rawValue: Int

        /// Creates a set from the bits of a control nibble.
        public init(rawValue: Int) {
            self.rawValue = rawValue
        }

        /// The audio was recorded with pre-emphasis.
        public static let preEmphasis = Flags(rawValue: 1)
        /// Copying is permitted.
        public static let copyPermitted = Flags(rawValue: 2)
        /// Four channels of audio.
        public static let fourChannels = Flags(rawValue: 8)
    }

    /// What its sectors are.
    public var kind: Kind
    /// The sectors that the input delivers; absent where that is not known.
    public var payloadSectors: Int?
    /// The sectors of zeros behind them.
    public var paddingSectors: Int
    /// What its control nibble says.
    public var flags: Flags
    /// Where indexes begin, in sectors of the payload, by their numbers.
    ///
    /// Index 0 is there where the payload begins with a pregap. Of a session at once only.
    public var indexes: [Int: Int]
    /// The international standard recording code: 12 characters.
    public var isrc: String?

    /// Creates a job.
    public init(
        kind: Kind,
        payloadSectors: Int?,
        paddingSectors: Int = 0,
        flags: Flags = [],
        indexes: [Int: Int] = [:],
        isrc: String? = nil
    ) {
        self.kind = kind
        self.payloadSectors = payloadSectors
        self.paddingSectors = paddingSectors
        self.flags = flags
        self.indexes = indexes
        self.isrc = isrc
    }
}
