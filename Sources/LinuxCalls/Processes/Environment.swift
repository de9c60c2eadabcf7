import Glibc

/// The process's environment.
public enum Environment {
    /// The value of a variable as ``PathText``, where it is set.
    ///
    /// The corresponding C function is `getenv`.
    public static func value(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe PathText.text(ofCString: value)
    }

    /// All variables, each as NAME=VALUE, as ``PathText``.
    public static var all: [String] {
        var entries: [String] = []
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            unsafe entries.append(PathText.text(ofCString: entry))
            unsafe next += 1
        }
        return entries
    }
}
