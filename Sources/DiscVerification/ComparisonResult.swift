public import LibCrypto

/// What a comparison of two sources found.
public struct ComparisonResult: Hashable, Sendable {
    /// One of the two.
    public enum Side: Hashable, Sendable {
        case first, second
    }

    /// What the longer source has behind the end of the shorter.
    public struct Tail: Hashable, Sendable {
        /// The source that has it.
        public var side: Side
        /// Its first sector.
        public var start: Int
        /// How many sectors it has.
        public var sectors: Int
        /// The first of them that is not all zeros.
        public var firstNotZero: Int?
        /// Those that could not be read, in rising order.
        public var unreadable: [Int] = []
        /// Whether all of it was read.
        public var isKnown: Bool
    }

    /// The sectors that both have, as far as they were read.
    public var sectors: Int
    /// How many of them differ.
    public var differingSectors = 0
    /// The first that differs.
    public var firstDifferingSector: Int?
    /// The sector in which nothing but what follows the payload's last byte differs; it is not
    /// counted among those that differ.
    public var differingRest: Int?
    /// The sectors of both that could not be read in one or the other, in rising order.
    public var unreadable: [Int] = []
    /// The sector before which reading stopped, because too many could not be read.
    public var gaveUpAt: Int?
    /// What only one of the two has.
    public var tail: Tail?
    /// The bytes of payload that both have.
    public var bytes: Int
    /// The sum over them, as the first source has them; absent where it could not be read in full,
    /// or where its length was known too late.
    public var sha256: Checksum?

    init(sectors: Int, bytes: Int) {
        self.sectors = sectors
        self.bytes = bytes
    }

    /// Whether every sector that both have was read, and is the same.
    public var isSame: Bool {
        differingSectors == 0 && differingRest == nil && unreadable.isEmpty && gaveUpAt == nil
    }
}
