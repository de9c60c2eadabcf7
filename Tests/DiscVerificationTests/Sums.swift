import LibCrypto

/// The sum over bytes.
func sum(_ bytes: [UInt8], _ algorithm: DigestAlgorithm = .sha256) throws -> Checksum {
    var digest = try Digest(algorithm)
    digest.update(bytes.span)
    return digest.finish()
}
