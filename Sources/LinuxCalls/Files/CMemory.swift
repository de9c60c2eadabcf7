import Glibc

/// Memory that a C library gives or takes.
public enum CMemory {
    /// A block of zeros, which a C library will give back with `free`; `nil` if there is no memory.
    ///
    /// The corresponding C function is `calloc`.
    public static func zeroed(count: Int) -> UnsafeMutableRawPointer? {
        unsafe calloc(1, count)
    }

    /// Gives back a block that a C library made for its caller; `nil` is none.
    ///
    /// The corresponding C function is `free`.
    public static func free(_ block: UnsafeMutableRawPointer?) {
        unsafe Glibc.free(block)
    }

    /// The bytes of a C string up to its end, which stay the C library's.
    ///
    /// The corresponding C function is `strlen`.
    public static func bytes(of string: UnsafePointer<CChar>) -> UnsafeBufferPointer<UInt8> {
        let count = unsafe strlen(string)
        return unsafe UnsafeRawBufferPointer(start: string, count: count)
            .assumingMemoryBound(to: UInt8.self)
    }
}
