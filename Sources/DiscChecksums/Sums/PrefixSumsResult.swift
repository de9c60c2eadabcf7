public import LibCrypto

/// A known sum that was found.
public struct PrefixMatch: Hashable, Sendable {
    /// The sum.
    public var checksum: Checksum
    /// The bytes from the beginning that have it.
    public var byteCount: Int
}

/// The sums over the beginning of some data, and the known sums that were found among its
/// beginnings.
public struct PrefixSumsResult: Hashable, Sendable {
    /// The sums over the bytes that were asked for; none where the data end before them.
    public var sums: [DigestAlgorithm: Checksum] = [:]
    /// The known sums that were found.
    public var matches: [PrefixMatch] = []

    mutating func add(_ other: PrefixSumsResult) {
        sums.merge(other.sums) { $1 }
        matches += other.matches
    }
}
