internal import CLibCrypto

/// Decrypts whole blocks with one key.
///
/// The corresponding C type is `EVP_CIPHER_CTX` of OpenSSL's libcrypto.
@safe
public struct Decipher: ~Copyable {
    private let context: OpaquePointer

    /// The cipher.
    public let cipher: BlockCipher

    /// Takes a key.
    ///
    /// The corresponding C function is `EVP_DecryptInit_ex`.
    ///
    /// - Throws: ``CipherError`` where the key's length is none of the cipher's, or the system's
    ///   libcrypto does not offer the cipher.
    public init(_ cipher: BlockCipher, key: [UInt8]) throws(CipherError) {
        let type: OpaquePointer? =
            switch (cipher, key.count) {
            case (.aesECB, 16): unsafe EVP_aes_128_ecb()
            case (.aesECB, 24): unsafe EVP_aes_192_ecb()
            case (.aesECB, 32): unsafe EVP_aes_256_ecb()
            case (.aesCBC, 16): unsafe EVP_aes_128_cbc()
            case (.aesCBC, 24): unsafe EVP_aes_192_cbc()
            case (.aesCBC, 32): unsafe EVP_aes_256_cbc()
            case (.tripleDESCBC, 24): unsafe EVP_des_ede3_cbc()
            default: nil
            }
        guard let type = unsafe type, let context = unsafe EVP_CIPHER_CTX_new() else {
            throw CipherError(cipher)
        }
        guard unsafe EVP_DecryptInit_ex(context, type, nil, key, nil) == 1 else {
            unsafe EVP_CIPHER_CTX_free(context)
            throw CipherError(cipher)
        }
        unsafe self.context = context
        self.cipher = cipher
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(context)
    }

    /// Decrypts whole blocks in place; bytes behind the last whole block stay as they are.
    ///
    /// The corresponding C function is `EVP_DecryptUpdate`.
    ///
    /// - Parameters:
    ///   - bytes: The blocks.
    ///   - vector: What the first block hangs together with; as long as the cipher says.
    /// - Throws: ``CipherError`` where the vector has another length.
    public borrowing func decrypt(_ bytes: inout MutableSpan<UInt8>, vector: [UInt8] = [])
        throws(CipherError)
    {
        let whole = bytes.count / cipher.blockSize * cipher.blockSize
        guard whole > 0 else { return }
        guard vector.count == cipher.vectorSize, let count = CInt(exactly: whole),
            unsafe EVP_DecryptInit_ex(context, nil, nil, nil, vector) == 1,
            unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1
        else { throw CipherError(cipher) }
        let context = unsafe context
        let isDone = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
            var made: CInt = 0
            let result = unsafe EVP_DecryptUpdate(
                context,
                bytes.baseAddress,
                &made,
                bytes.baseAddress,
                count
            )
            return result == 1 && made == count
        }
        guard isDone else { throw CipherError(cipher) }
    }
}
