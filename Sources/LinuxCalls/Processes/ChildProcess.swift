internal import CLinux
import Glibc
public import SystemPackage

/// A program that this process started.
///
/// Its arguments and its environment are strings as ``PathText`` has them, and reach it as bytes.
public struct ChildProcess: Sendable {
    /// How a program ended.
    public enum Ending: Sendable, Equatable {
        /// With an exit code.
        case exited(Int32)
        /// By a signal.
        case signalled(Int32)

        /// Takes apart what `waitpid` says.
        init(status: CInt) {
            let signal = status & 0x7F
            self = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
        }

        /// The exit code that a shell would give it.
        public var exitCode: Int32 {
            switch self {
            case .exited(let code): code
            case .signalled(let number): 128 + number
            }
        }
    }

    /// What a program gets in place of this process's directory, streams and process group.
    package struct Place: Sendable {
        let directory: FilePath?
        let output: File
        let errors: File

        /// Describes a place without input.
        ///
        /// - Parameters:
        ///   - directory: The directory that the program runs in, or `nil` for this process's.
        ///   - output: The file that its output goes to.
        ///   - errors: The file that its error output goes to.
        package init(directory: FilePath?, output: File, errors: File) {
            self.directory = directory
            self.output = output
            self.errors = errors
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
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        process = try unsafe Self.spawn(arguments, environment, restored, &actions, flags: 0)
    }

    /// Starts a program in a place of its own.
    ///
    /// The program leads a process group.
    package init(
        arguments: [String],
        environment: [String],
        restored: [Signals.Kind],
        place: Place
    ) throws(SystemError) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, place.output.descriptor, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, place.errors.descriptor, 2)
        if let directory = place.directory {
            unsafe directory.withPlatformString {
                _ = unsafe posix_spawn_file_actions_addchdir_np(&actions, $0)
            }
        }
        process = try unsafe Self.spawn(
            arguments,
            environment,
            restored,
            &actions,
            flags: POSIX_SPAWN_SETPGROUP
        )
        withExtendedLifetime(place) {}
    }

    /// Starts a program that talks to this process alone, through sockets.
    ///
    /// It has no standard streams and a process group of its own, so that a terminal's signals do not
    /// reach it. The numbers of its descriptors are added to its arguments.
    ///
    /// - Parameters:
    ///   - arguments: As above.
    ///   - environment: As above.
    ///   - sockets: What it is given.
    /// - Throws: As above.
    public init(arguments: [String], environment: [String], passing sockets: [StreamSocket])
        throws(SystemError)
    {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for stream in CInt(0)...2 {
            unsafe posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
        }
        // Above all of those that are passed, so that none is closed before it is copied.
        let first = (sockets.map(\.descriptor).max() ?? 2) + 1
        var numbers: [String] = []
        for (index, socket) in sockets.enumerated() {
            let number = first + CInt(index)
            unsafe posix_spawn_file_actions_adddup2(&actions, socket.descriptor, number)
            numbers.append(String(number))
        }
        process = try unsafe Self.spawn(
            arguments + numbers,
            environment,
            [],
            &actions,
            flags: POSIX_SPAWN_SETPGROUP
        )
        withExtendedLifetime(sockets) {}
    }

    /// Starts a program whose output this process reads.
    ///
    /// It leads a process group, so that a terminal's signals do not reach it.
    ///
    /// - Parameters:
    ///   - arguments: The program's path and its arguments.
    ///   - environment: Its environment, each entry as NAME=VALUE.
    ///   - directory: The directory that it runs in, or `nil` for this process's.
    ///   - input: The file that is its input, or `nil` for none.
    ///   - output: The socket that its output goes to.
    ///   - errors: The socket that its error output goes to, or `nil` for none.
    ///   - ownsSession: Whether it leads a session of its own, so that it outlives the terminal.
    /// - Throws: The system's error if it can't be started.
    public init(
        arguments: [String],
        environment: [String],
        directory: FilePath?,
        input: File?,
        output: StreamSocket,
        errors: StreamSocket? = nil,
        ownsSession: Bool = false
    ) throws(SystemError) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let input {
            unsafe posix_spawn_file_actions_adddup2(&actions, input.descriptor, 0)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, output.descriptor, 1)
        if let errors {
            unsafe posix_spawn_file_actions_adddup2(&actions, errors.descriptor, 2)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        if let directory {
            unsafe directory.withPlatformString {
                _ = unsafe posix_spawn_file_actions_addchdir_np(&actions, $0)
            }
        }
        process = try unsafe Self.spawn(
            arguments,
            environment,
            [.brokenPipe, .interrupt, .quit, .terminate],
            &actions,
            flags: ownsSession ? spindle_spawn_own_session : POSIX_SPAWN_SETPGROUP
        )
        withExtendedLifetime((input, output, errors)) {}
    }

    /// Starts a program that gets its input from this process and tells it something.
    ///
    /// It leads a process group, so that a terminal's signals do not reach it, and its error output goes
    /// nowhere.
    ///
    /// - Parameters:
    ///   - arguments: The program's path and its arguments.
    ///   - environment: Its environment, each entry as NAME=VALUE.
    ///   - input: The socket that its input comes from.
    ///   - output: The socket that its output goes to.
    /// - Throws: The system's error if it can't be started.
    public init(
        arguments: [String],
        environment: [String],
        input: StreamSocket,
        output: StreamSocket
    ) throws(SystemError) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input.descriptor, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output.descriptor, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        process = try unsafe Self.spawn(
            arguments,
            environment,
            [.brokenPipe, .interrupt, .quit, .terminate],
            &actions,
            flags: POSIX_SPAWN_SETPGROUP
        )
        withExtendedLifetime((input, output)) {}
    }

    private static func spawn(
        _ arguments: [String],
        _ environment: [String],
        _ restored: [Signals.Kind],
        _ actions: inout posix_spawn_file_actions_t,
        flags: CInt
    ) throws(SystemError) -> Int {
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
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(
            &attributes,
            Int16(flags | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
        )
        var number: pid_t = 0
        let result = unsafe withCStrings(arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                guard let program = unsafe arguments[0] else { return EINVAL }
                return unsafe posix_spawnp(
                    &number,
                    program,
                    &actions,
                    &attributes,
                    arguments,
                    environment
                )
            }
        }
        guard result == 0 else {
            throw SystemError(errno: result, call: "posix_spawnp", path: arguments.first)
        }
        return Int(number)
    }

    /// Waits until the program has ended; to be called once.
    ///
    /// The corresponding C function is `waitpid`.
    public func wait() -> Ending {
        var status: CInt = 0
        _ = retryingInterrupts { unsafe waitpid(pid_t(process), &status, 0) }
        return Ending(status: status)
    }

    /// Waits until the program has ended, though only for so long.
    ///
    /// The corresponding C function is `waitpid` with `WNOHANG`.
    ///
    /// - Parameter seconds: How long it waits.
    /// - Returns: `nil` if the program still runs.
    public func wait(seconds: Double) -> Ending? {
        let end = Clock.seconds + seconds
        var pause = 0.0005
        while true {
            var status: CInt = 0
            let ended = retryingInterrupts { unsafe waitpid(pid_t(process), &status, WNOHANG) }
            if ended != 0 { return Ending(status: status) }
            guard Clock.seconds < end else { return nil }
            Clock.sleep(seconds: pause)
            pause = min(pause * 1.5, 0.01)
        }
    }

    /// Waits until the program has ended, and kills its group if it does not in time; to be called once.
    ///
    /// - Parameter seconds: How long it may take, and how long it may take then.
    /// - Returns: `nil` if it runs even then, as one does that waits for a drive.
    public func end(within seconds: Double) -> Ending? {
        if let ending = wait(seconds: seconds) { return ending }
        killGroup()
        return wait(seconds: seconds)
    }

    /// Kills the program, which leads a process group, and all others of the group.
    ///
    /// The corresponding C function is `kill` with `SIGKILL`.
    public func killGroup() {
        kill(-pid_t(process), SIGKILL)
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
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { string in
        guard PathText.hasBytes(string) else { return unsafe strdup(string) }
        let bytes = PathText.bytes(of: string).map { CChar(bitPattern: $0) } + [0]
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe bytes.baseAddress.flatMap { unsafe strdup($0) }
        }
    }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe body(pointers)
}
