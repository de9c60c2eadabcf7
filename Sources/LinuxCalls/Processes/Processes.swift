import Glibc
import SystemPackage

/// Facts about processes.
public enum Processes {
    /// This process's number.
    ///
    /// The corresponding C function is `getpid`.
    public static var ownNumber: Int { Int(getpid()) }

    /// A process's name as the system's tools show it, or a dash.
    public static func name(of process: Int) -> String {
        guard let file = try? File(FilePath("/proc/\(process)/comm"), .read) else { return "-" }
        var bytes = [UInt8](repeating: 0, count: 64)
        var span = bytes.mutableSpan
        guard let count = try? file.readOn(into: &span) else { return "-" }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        return text.split(separator: "\n").first.map(String.init) ?? "-"
    }
}
