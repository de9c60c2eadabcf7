/// A sum over bytes that tells copies from one another.
public enum DigestAlgorithm: String, CaseIterable, Sendable, Codable {
    case md5, sha1, sha256, sha512

    /// The length of its sum in bytes.
    public var length: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    /// The name that is used in print.
    public var displayName: String {
        switch self {
        case .md5: "MD5"
        case .sha1: "SHA-1"
        case .sha256: "SHA-256"
        case .sha512: "SHA-512"
        }
    }
}
