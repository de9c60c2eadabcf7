internal import CLinux
import Glibc

/// What a process that reads the files of strangers may use: so much, and nothing else.
public struct ProcessLimits: Sendable, Hashable {
    /// Bytes of addresses.
    public var memory: Int
    /// Seconds of the processor's time.
    public var seconds: Int
    /// Open files.
    public var files: Int

    /// Creates limits.
    public init(memory: Int, seconds: Int, files: Int) {
        self.memory = memory
        self.seconds = seconds
        self.files = files
    }

    /// Puts this process under the limits for good: it writes no file and leaves no core, gains no
    /// privileges, and dies with its parent.
    ///
    /// The corresponding C functions are `setrlimit` and `prctl`.
    ///
    /// - Parameter parent: The number of the process that started this one. If that has ended already,
    ///   so does this one.
    /// - Throws: The system's error.
    public func apply(parent: Int) throws(SystemError) {
        guard spindle_die_with_parent() == 0, spindle_gain_no_privileges() == 0 else {
            throw SystemError("prctl")
        }
        // The parent may have ended before this process asked to be told.
        guard Int(getppid()) == parent else { _exit(1) }
        let limits: [(CInt, Int)] = [
            (spindle_limit_memory, memory), (spindle_limit_time, seconds),
            (spindle_limit_file, 0), (spindle_limit_core, 0), (spindle_limit_descriptors, files),
        ]
        for (resource, limit) in limits {
            guard spindle_limit(resource, UInt(max(0, limit))) == 0 else {
                throw SystemError("setrlimit")
            }
        }
    }
}
