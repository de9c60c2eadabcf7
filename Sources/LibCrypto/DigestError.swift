/// The system's libcrypto does not offer an algorithm.
public struct DigestError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The algorithm.
    public let algorithm: DigestAlgorithm

    init(_ algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
    }

    /// One sentence.
    public var description: String {
        "This system's OpenSSL does not offer \(algorithm.displayName)."
    }
}
