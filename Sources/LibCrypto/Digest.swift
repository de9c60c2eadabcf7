internal import CLibCrypto
internal import CLibZ

/// A sum in the making.
///
/// The corresponding C type is `EVP_MD_CTX` of OpenSSL's libcrypto; a CRC-32 is zlib's.
@safe
public struct Digest: ~Copyable {
    /// `nil` of a CRC-32.
    private let context: OpaquePointer?
    private var crc: UInt = 0

    /// The algorithm.
    public let algorithm: DigestAlgorithm

    /// Begins a sum.
    ///
    /// - Throws: ``DigestError`` where the system's libcrypto does not offer the algorithm, as one
    ///   in FIPS mode does not offer MD5.
    public init(_ algorithm: DigestAlgorithm) throws(DigestError) {
        let type =
            switch algorithm {
            case .md5: unsafe EVP_md5()
            case .sha1: unsafe EVP_sha1()
            case .sha224: unsafe EVP_sha224()
            case .sha256: unsafe EVP_sha256()
            case .sha384: unsafe EVP_sha384()
            case .sha512: unsafe EVP_sha512()
            case .sha3With224Bits: unsafe EVP_sha3_224()
            case .sha3With256Bits: unsafe EVP_sha3_256()
            case .sha3With384Bits: unsafe EVP_sha3_384()
            case .sha3With512Bits: unsafe EVP_sha3_512()
            case .blake2b: unsafe EVP_blake2b512()
            case .crc32: unsafe nil as OpaquePointer?
            }
        self.algorithm = algorithm
        guard algorithm != .crc32 else {
            unsafe context = nil
            return
        }
        guard let context = unsafe EVP_MD_CTX_new() else { throw DigestError(algorithm) }
        guard unsafe EVP_DigestInit_ex(context, type, nil) == 1 else {
            unsafe EVP_MD_CTX_free(context)
            throw DigestError(algorithm)
        }
        unsafe self.context = context
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    private var crcSum: Checksum {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: crc >> UInt(24 - 8 * $0)) }
        return Checksum(algorithm: .crc32, bytes: bytes)
    }

    /// Takes more bytes in.
    ///
    /// The corresponding C functions are `EVP_DigestUpdate` and `crc32_z`.
    public mutating func update(_ bytes: Span<UInt8>) {
        guard let context = unsafe context else {
            let sum = crc
            crc = unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe UInt(crc32_z(uLong(sum), bytes.baseAddress, bytes.count))
            }
            return
        }
        unsafe bytes.withUnsafeBytes { bytes in
            _ = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        }
    }

    /// The sum over what was taken in so far; more may follow.
    ///
    /// The corresponding C functions are `EVP_MD_CTX_copy_ex` and `EVP_DigestFinal_ex`.
    ///
    /// - Returns: `nil` if there is no memory.
    public borrowing func sumSoFar() -> Checksum? {
        guard let context = unsafe context else { return crcSum }
        guard let copy = unsafe EVP_MD_CTX_new() else { return nil }
        defer { unsafe EVP_MD_CTX_free(copy) }
        guard unsafe EVP_MD_CTX_copy_ex(copy, context) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: algorithm.length)
        guard unsafe EVP_DigestFinal_ex(copy, &bytes, nil) == 1 else { return nil }
        return Checksum(algorithm: algorithm, bytes: bytes)
    }

    /// Ends the sum.
    ///
    /// The corresponding C function is `EVP_DigestFinal_ex`.
    public consuming func finish() -> Checksum {
        guard let context = unsafe context else { return crcSum }
        var bytes = [UInt8](repeating: 0, count: algorithm.length)
        unsafe EVP_DigestFinal_ex(context, &bytes, nil)
        return Checksum(algorithm: algorithm, bytes: bytes)
    }
}
