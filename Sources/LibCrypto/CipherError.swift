/// The system's libcrypto can't do what was asked of a cipher.
public struct CipherError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The cipher; absent where a key was to be derived.
    public let cipher: BlockCipher?

    init(_ cipher: BlockCipher?) {
        self.cipher = cipher
    }

    /// One sentence.
    public var description: String {
        switch cipher {
        case .aesECB, .aesCBC: "This system's OpenSSL does not offer AES with such a key."
        case .tripleDESCBC: "This system's OpenSSL does not offer triple DES."
        case nil: "This system's OpenSSL does not derive keys from passwords in this way."
        }
    }
}
