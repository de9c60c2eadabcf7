internal import CLibCrypto

/// OpenSSL's `libcrypto`.
public enum CryptoLibrary {
    /// The version of the library that is loaded, such as “3.0.17”.
    ///
    /// The corresponding C function is `OpenSSL_version`.
    public static var version: String {
        unsafe String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))
    }
}
