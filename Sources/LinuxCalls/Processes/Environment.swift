import Glibc

/// The process's environment.
public enum Environment {
    /// The value of a variable, where it is set.
    ///
    /// The corresponding C function is `getenv`.
    public static func value(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// All variables, each as NAME=VALUE.
    public static var all: [String] {
        var entries: [String] = []
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            unsafe entries.append(String(cString: entry))
            unsafe next += 1
        }
        return entries
    }
}
