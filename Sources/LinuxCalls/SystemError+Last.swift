internal import Glibc

extension SystemError {
    /// Clears `errno`, so that ``last(_:path:)`` tells only what the calls after this one leave there.
    public static func forgetLast() { Glibc.errno = 0 }

    /// The error that a C library has just left in `errno`, for the wrappers of such libraries.
    ///
    /// - Returns: `nil` if nothing failed since ``forgetLast()``: the library has a reason of its own.
    public static func last(_ call: String, path: String? = nil) -> SystemError? {
        Glibc.errno == 0 ? nil : SystemError(call, path: path)
    }
}
