import Glibc

/// Memory that a C library will give back with `free`.
public enum CMemory {
    /// A block of zeros; nothing where there is no memory.
    ///
    /// The corresponding C function is `calloc`.
    public static func zeroed(count: Int) -> UnsafeMutableRawPointer? {
        unsafe calloc(1, count)
    }
}
