extension SystemError {
    /// The error that a C library has just left in `errno`, for the wrappers of such libraries.
    public static func last(_ call: String, path: String? = nil) -> SystemError {
        SystemError(call, path: path)
    }
}
