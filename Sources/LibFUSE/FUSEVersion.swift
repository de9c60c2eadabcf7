internal import CLibFUSE

/// libfuse's version.
public enum FUSEVersion {
    /// The version of the library that is loaded, such as “3.14.0”.
    ///
    /// The corresponding C function is `fuse_pkgversion`.
    public static var loaded: String {
        guard let version = unsafe fuse_pkgversion() else { return "" }
        return unsafe String(cString: version)
    }
}
