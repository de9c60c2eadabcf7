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

    /// What a program gets that is to know nothing of this process but where programs and libraries are, and
    /// that is to speak English: each as NAME=VALUE, as ``PathText``.
    public static var bare: [String] {
        let kept = ["PATH", "LD_LIBRARY_PATH"].compactMap { name in
            value(name).map { "\(name)=\($0)" }
        }
        return kept + ["LC_ALL=C"]
    }
}
