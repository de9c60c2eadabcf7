internal import CLinux
import Glibc
public import SystemPackage

/// Facts about processes.
public enum Processes {
    /// This process's number.
    ///
    /// The corresponding C function is `getpid`.
    public static var ownNumber: Int { Int(getpid()) }

    /// Keeps the numbers of standard streams that this process was started without from going to files
    /// that it opens: reading and writing them goes on to fail.
    ///
    /// The corresponding C functions are `fcntl` and `open`.
    public static func holdStandardStreams() {
        for stream in CInt(0)...2 where fcntl(stream, F_GETFD) < 0 {
            _ = unsafe spindle_open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY, 0)
        }
    }

    /// Closes all descriptors but the standard streams, such as locks that a caller left open.
    ///
    /// To be called before anything is opened. The corresponding C function is `close_range`.
    public static func closeInheritedDescriptors() {
        _ = spindle_close_from(3)
    }

    /// Ends this process at once: nothing is flushed, and no destructor runs.
    ///
    /// The corresponding C function is `_exit`.
    public static func leave(_ code: Int32) -> Never {
        _exit(code)
    }

    /// This process's arguments as ``PathText``, the first of which is the program's name.
    ///
    /// In `CommandLine.arguments` Swift replaces what is not UTF-8, and what was a name then names something else.
    public static var ownArguments: [String] {
        (0..<Int(CommandLine.argc)).compactMap {
            guard let argument = unsafe CommandLine.unsafeArgv[$0] else { return nil }
            return unsafe PathText.text(ofCString: argument)
        }
    }

    /// The numbers of the processes that this one can see.
    public static var all: [Int] {
        ((try? FileSystem.names(in: "/proc")) ?? []).compactMap { Int($0) }.sorted()
    }

    /// The arguments that a process was started with, as ``PathText``; none where this user may not see them.
    public static func arguments(of process: Int) -> [String] {
        guard let file = try? File(FilePath("/proc/\(process)/cmdline"), .read) else { return [] }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        var span = bytes.mutableSpan
        guard let count = try? file.readOn(into: &span) else { return [] }
        return bytes.prefix(count).split(separator: 0, omittingEmptySubsequences: false)
            .map { PathText.text(of: Array($0)) }
    }

    /// The directory that a process is in, from which its relative paths count; `nil` where this user may
    /// not see it.
    public static func directory(of process: Int) -> FilePath? {
        FileSystem.linkTarget(FilePath("/proc/\(process)/cwd"))
    }

    /// A process's name as the system's tools show it, or a dash.
    public static func name(of process: Int) -> String {
        let name = SystemText.read(FilePath("/proc/\(process)/comm")) ?? ""
        return name.isEmpty ? "-" : name
    }
}
