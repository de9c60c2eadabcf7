/// A sum over bytes that tells copies from one another.
public enum DigestAlgorithm: String, CaseIterable, Sendable, Codable {
    case md5, sha1, sha224, sha256, sha384, sha512
    case sha3With224Bits = "sha3-224"
    case sha3With256Bits = "sha3-256"
    case sha3With384Bits = "sha3-384"
    case sha3With512Bits = "sha3-512"
    /// BLAKE2b with 512 bits, which `b2sum` makes.
    case blake2b
    /// CRC-32 of zlib and of SFV lists: it finds accidents, and no changes that somebody made to hide.
    case crc32

    /// The length of its sum in bytes.
    public var length: Int {
        switch self {
        case .crc32: 4
        case .md5: 16
        case .sha1: 20
        case .sha224, .sha3With224Bits: 28
        case .sha256, .sha3With256Bits: 32
        case .sha384, .sha3With384Bits: 48
        case .sha512, .sha3With512Bits, .blake2b: 64
        }
    }

    /// The name that is used in print.
    public var displayName: String {
        switch self {
        case .md5: "MD5"
        case .sha1: "SHA-1"
        case .sha224: "SHA-224"
        case .sha256: "SHA-256"
        case .sha384: "SHA-384"
        case .sha512: "SHA-512"
        case .sha3With224Bits: "SHA3-224"
        case .sha3With256Bits: "SHA3-256"
        case .sha3With384Bits: "SHA3-384"
        case .sha3With512Bits: "SHA3-512"
        case .blake2b: "BLAKE2b"
        case .crc32: "CRC-32"
        }
    }
}
