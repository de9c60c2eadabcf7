public import DiscChecksums
public import LibCrypto

/// What was read back from a disc or an image.
public struct ReadBackResult: Hashable, Sendable {
    /// The sums over the payload; none where some of it could not be read, or is not there.
    public var sums: [DigestAlgorithm: Checksum] = [:]
    /// The bytes of the payload that were there to be read.
    public var bytes: Int
    /// The sectors of the payload that could not be read, in rising order, as the source counts.
    public var unreadable: [Int] = []
    /// Where reading stopped, because too many sectors could not be read.
    public var gaveUpAt: Int?
    /// Where the source ended before it should.
    public var endedAt: Int?
    /// The sectors behind the payload that there were, readable or not.
    public var paddingSectors = 0
    /// Those of them that are not all zeros.
    public var notZero = NotZero()
    /// The sectors behind the payload that could not be read.
    public var unreadablePadding: [Int] = []
    /// The last sector of all that is not all zeros.
    public var lastNotZero: Int?
    /// The known sums that were looked for and found.
    public var matches: [PrefixMatch] = []

    /// Sectors of padding with something in them.
    public struct NotZero: Hashable, Sendable {
        /// How many there are.
        public var count = 0
        /// The first.
        public var first: Int?
    }

    /// The sector behind the last one that was looked at.
    var endOfReading = 0

    /// Whether the payload was there, and was read to its last byte.
    public var isWhole: Bool { unreadable.isEmpty && !sums.isEmpty }

    init(bytes: Int) {
        self.bytes = bytes
    }
}
