internal import CLibCrypto

/// Sums over bytes that only who has the key can make.
public enum MessageCode {
    /// HMAC-SHA-1 (RFC 2104): 20 bytes.
    ///
    /// The corresponding C function is `HMAC`.
    ///
    /// - Returns: `nil` if the system's libcrypto does not do it.
    public static func hmacSHA1(_ bytes: [UInt8], key: [UInt8]) -> [UInt8]? {
        guard let keyLength = CInt(exactly: key.count) else { return nil }
        var code = [UInt8](repeating: 0, count: 20)
        let made = unsafe HMAC(EVP_sha1(), key, keyLength, bytes, bytes.count, &code, nil)
        return unsafe made == nil ? nil : code
    }
}
