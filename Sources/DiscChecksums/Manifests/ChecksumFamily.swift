import LibCrypto

/// Checksums that are told from one another by their number of digits; another family's have the same
/// numbers, and only the list's name tells which family is meant.
enum ChecksumFamily: Hashable, Sendable {
    /// MD5, SHA-1 and SHA-2, which lists have if their names say nothing else.
    case usual
    case sha3
    case blake2
    case crc
    /// Checksums that are not made here, by the name of their kind.
    case foreign(String)

    /// The words in the names of lists, with the family that they mean.
    static let words: [(word: String, family: ChecksumFamily)] = [
        ("sha3", .sha3), ("sha3-224", .sha3), ("sha3-256", .sha3), ("sha3-384", .sha3),
        ("sha3-512", .sha3), ("b2", .blake2), ("blake2", .blake2), ("blake2b", .blake2),
        ("b3", .foreign("BLAKE3")), ("blake3", .foreign("BLAKE3")), ("sm3", .foreign("SM3")),
        ("sfv", .crc), ("crc", .crc), ("crc32", .crc),
        ("blake2s", .foreign("BLAKE2s")), ("xxh", .foreign("xxHash")),
        ("xxh64", .foreign("xxHash")), ("xxh128", .foreign("xxHash")),
        ("tiger", .foreign("Tiger")), ("whirlpool", .foreign("Whirlpool")),
        ("ripemd160", .foreign("RIPEMD-160")),
    ]

    /// What a plain line with so many hexadecimal digits has: a checksum that is made here, or the name
    /// of a kind that is not; `nil` if no kind has so many.
    func kind(ofDigits count: Int) -> (algorithm: DigestAlgorithm?, name: String)? {
        switch self {
        case .foreign(let name): return (nil, name)
        case .crc: return count == 8 ? (.crc32, "") : nil
        case .blake2: return count == 128 ? (.blake2b, "") : (nil, "BLAKE2")
        case .usual, .sha3:
            let own: [DigestAlgorithm] =
                self == .usual
                ? [.md5, .sha1, .sha224, .sha256, .sha384, .sha512]
                : [.sha3With224Bits, .sha3With256Bits, .sha3With384Bits, .sha3With512Bits]
            return own.first { 2 * $0.length == count }.map { ($0, "") }
        }
    }
}
