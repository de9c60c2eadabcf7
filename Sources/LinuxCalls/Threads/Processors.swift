import Glibc

/// The processors that this process may use.
public enum Processors {
    /// How many there are, at least 1.
    ///
    /// The corresponding C function is `sysconf` with `_SC_NPROCESSORS_ONLN`.
    public static var count: Int { max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))) }
}
