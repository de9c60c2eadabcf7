internal import CLibCrypto

/// A code over bytes that tells whether two readings gave the same ones, and is quicker to make than a checksum.
///
/// It is GMAC (NIST SP 800-38D) with AES-128 and a key that each process draws by lot. Two readings of
/// different bytes have equal codes with a probability below their length in blocks over 2^128, whatever
/// the bytes are. A code means nothing outside its process, so it is shown to nobody.
///
/// The corresponding C type is `EVP_CIPHER_CTX` of OpenSSL's libcrypto.
@safe
public struct ReadingCode: ~Copyable {
    /// A finished code: 16 bytes.
    public struct Value: Hashable, Sendable {
        fileprivate let bytes: [UInt8]
    }

    private static let keySize = 16
    private static let vectorSize = 12
    private static let size = 16
    private static let mostAtOnce = 1 << 30

    /// `nil` if libcrypto has no random numbers.
    private static let key: [UInt8]? = {
        var key = [UInt8](repeating: 0, count: keySize)
        return unsafe RAND_bytes(&key, CInt(keySize)) == 1 ? key : nil
    }()

    private let context: OpaquePointer
    private var isComplete = true

    /// Begins a code.
    ///
    /// - Throws: ``CipherError`` if the system's libcrypto does not offer it.
    public init() throws(CipherError) {
        guard let key = Self.key, let context = unsafe EVP_CIPHER_CTX_new() else {
            throw CipherError(.aesECB)
        }
        let vector = [UInt8](repeating: 0, count: Self.vectorSize)
        guard unsafe EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nil, key, vector) == 1 else {
            unsafe EVP_CIPHER_CTX_free(context)
            throw CipherError(.aesECB)
        }
        unsafe self.context = context
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// Takes more bytes in.
    ///
    /// The corresponding C function is `EVP_EncryptUpdate`, which is given them as data that is not
    /// encrypted.
    public mutating func update(_ bytes: Span<UInt8>) {
        var place = 0
        while place < bytes.count {
            let piece = bytes.extracting(place..<min(bytes.count, place + Self.mostAtOnce))
            let context = unsafe context
            let isTaken = unsafe piece.withUnsafeBufferPointer { piece in
                var count: CInt = 0
                return unsafe EVP_EncryptUpdate(
                    context,
                    nil,
                    &count,
                    piece.baseAddress,
                    CInt(piece.count)
                ) == 1
            }
            if !isTaken { isComplete = false }
            place += piece.count
        }
    }

    /// Ends the code.
    ///
    /// The corresponding C functions are `EVP_EncryptFinal_ex` and `EVP_CIPHER_CTX_ctrl`.
    ///
    /// - Returns: `nil` if libcrypto failed: the bytes are equal to no others then.
    public consuming func finish() -> Value? {
        var none: CInt = 0
        var bytes = [UInt8](repeating: 0, count: Self.size)
        var rest: UInt8 = 0
        guard isComplete, unsafe EVP_EncryptFinal_ex(context, &rest, &none) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(Self.size), &bytes)
                == 1
        else { return nil }
        return Value(bytes: bytes)
    }
}
