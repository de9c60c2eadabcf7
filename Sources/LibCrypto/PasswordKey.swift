internal import CLibCrypto

/// Keys that are made of passwords.
public enum PasswordKey {
    /// PBKDF2 with HMAC-SHA-1 (RFC 8018).
    ///
    /// The corresponding C function is `PKCS5_PBKDF2_HMAC`.
    ///
    /// - Parameters:
    ///   - password: Its bytes.
    ///   - salt: What makes equal passwords differ.
    ///   - iterations: How often it is worked over; a million take some tenths of a second.
    ///   - count: The bytes of the key.
    /// - Returns: The key.
    /// - Throws: ``CipherError`` where the system's libcrypto does not do it.
    public static func pbkdf2(
        _ password: [UInt8],
        salt: [UInt8],
        iterations: Int,
        count: Int
    ) throws(CipherError) -> [UInt8] {
        guard let rounds = CInt(exactly: iterations), rounds > 0,
            let length = CInt(exactly: password.count),
            let saltLength = CInt(exactly: salt.count), let size = CInt(exactly: count), size > 0
        else { throw CipherError(nil) }
        var key = [UInt8](repeating: 0, count: count)
        let result = unsafe password.withUnsafeBytes { password in
            unsafe PKCS5_PBKDF2_HMAC(
                password.baseAddress?.assumingMemoryBound(to: CChar.self),
                length,
                salt,
                saltLength,
                rounds,
                EVP_sha1(),
                size,
                &key
            )
        }
        guard result == 1 else { throw CipherError(nil) }
        return key
    }
}
