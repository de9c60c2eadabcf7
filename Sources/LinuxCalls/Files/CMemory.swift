import Glibc

/// Memory that goes to and fro between this program and C libraries.
public enum CMemory {
    /// A block of zeros, which a C library will give back with `free`; nothing where there is no memory.
    ///
    /// The corresponding C function is `calloc`.
    public static func zeroed(count: Int) -> UnsafeMutableRawPointer? {
        unsafe calloc(1, count)
    }

    /// Gives a block back that a C library has taken with `malloc`.
    ///
    /// The corresponding C function is `free`.
    public static func release(_ block: UnsafeMutableRawPointer?) {
        unsafe free(block)
    }
}
