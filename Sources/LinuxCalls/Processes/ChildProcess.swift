internal import CLinux
import Glibc

/// A program that this process started.
public struct ChildProcess: Sendable {
    /// How a program ended.
    public enum Ending: Sendable, Equatable {
        /// With an exit code.
        case exited(Int32)
        /// By a signal.
        case signalled(Int32)

        /// The exit code that a shell would give it.
        public var exitCode: Int32 {
            switch self {
            case .exited(let code): code
            case .signalled(let number): 128 + number
            }
        }
    }

    /// Its process number.
    public let process: Int

    /// Starts a program, which takes this process's standard streams.
    ///
    /// The corresponding C function is `posix_spawnp`. Signals that this process ignores or catches
    /// by its own doing have their ordinary effect in the program.
    ///
    /// - Parameters:
    ///   - arguments: The program, looked for in `PATH` as a shell does, and its arguments.
    ///   - environment: Its environment, each entry as NAME=VALUE.
    ///   - restored: The signals that get their ordinary effect.
    /// - Throws: The system's error where there is no such program or it can't be started.
    public init(arguments: [String], environment: [String], restored: [Signals.Kind])
        throws(SystemError)
    {
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        unsafe sigemptyset(&defaults)
        for kind in restored { unsafe sigaddset(&defaults, kind.number) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
        // Threads of Swift's own, and of Thread, have signals blocked; a program must not inherit that.
        var blocked = sigset_t()
        unsafe sigemptyset(&blocked)
        unsafe posix_spawnattr_setsigmask(&attributes, &blocked)
        unsafe posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
        )
        var number: pid_t = 0
        let result = unsafe withCStrings(arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                guard let program = unsafe arguments[0] else { return EINVAL }
                return unsafe posix_spawnp(
                    &number,
                    program,
                    nil,
                    &attributes,
                    arguments,
                    environment
                )
            }
        }
        guard result == 0 else {
            throw SystemError(errno: result, call: "posix_spawnp", path: arguments.first)
        }
        process = Int(number)
    }

    /// Waits until the program has ended; to be called once.
    ///
    /// The corresponding C function is `waitpid`.
    public func wait() -> Ending {
        var status: CInt = 0
        _ = retryingInterrupts { unsafe waitpid(pid_t(process), &status, 0) }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    /// Hands a signal on to the program.
    ///
    /// The corresponding C function is `kill`.
    public func send(_ kind: Signals.Kind) {
        kill(pid_t(process), kind.number)
    }
}

/// Lends strings as a C array of C strings that ends with a null pointer.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe body(pointers)
}
