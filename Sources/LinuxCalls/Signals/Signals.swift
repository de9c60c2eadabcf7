internal import CLinux
import Glibc
import Synchronization

/// The process's signals.
public enum Signals {
    /// A signal that means something to a job.
    public enum Kind: Sendable, CaseIterable {
        /// SIGINT: Ctrl-C.
        case interrupt
        /// SIGTERM.
        case terminate
        /// SIGHUP: the terminal went away.
        case hangUp
        /// SIGTSTP: Ctrl-Z.
        case stop
        /// SIGQUIT.
        case quit
        /// SIGPIPE: the reader of the output went away.
        case brokenPipe
        /// SIGXFSZ: a file grew longer than the user's limit; without it the write fails.
        case fileTooLong

        var number: CInt {
            switch self {
            case .interrupt: SIGINT
            case .terminate: SIGTERM
            case .hangUp: SIGHUP
            case .stop: SIGTSTP
            case .quit: SIGQUIT
            case .brokenPipe: SIGPIPE
            case .fileTooLong: SIGXFSZ
            }
        }
    }

    /// Lets signals pass without any effect.
    ///
    /// The corresponding C function is `signal` with `SIG_IGN`.
    public static func ignore(_ kinds: [Kind]) {
        for kind in kinds { signal(kind.number, SIG_IGN) }
    }

    /// Gives signals the effect that they have on any process, unless this one was started with them
    /// ignored.
    ///
    /// The corresponding C function is `signal` with `SIG_DFL`.
    public static func useDefault(_ kinds: [Kind]) {
        for kind in kinds where !isIgnored(kind) { signal(kind.number, SIG_DFL) }
    }

    /// Calls a function each time one of some signals comes, instead of what they would do.
    ///
    /// The calls come on a thread of their own. Signals that this process was started with ignored
    /// stay ignored.
    ///
    /// The corresponding C function is `sigaction`, with a handler that writes to a pipe.
    public static func watch(_ kinds: [Kind], _ body: @escaping @Sendable (Kind) -> Void)
        throws(SystemError)
    {
        var ends: [CInt] = [-1, -1]
        guard unsafe spindle_pipe(&ends) == 0 else { throw SystemError("pipe2") }
        let reader = ends[0]
        signalPipe.store(ends[1], ordering: .releasing)
        for kind in kinds where !isIgnored(kind) { signal(kind.number, forwardSignal) }
        try Thread(name: "signals") {
            var number: UInt8 = 0
            while true {
                let count = retryingInterrupts { unsafe Glibc.read(reader, &number, 1) }
                guard count == 1 else { return }
                let came = CInt(number)
                if let kind = Kind.allCases.first(where: { $0.number == came }) { body(kind) }
            }
        }.detach()
    }

    /// Whether a signal has no effect, as `nohup` arranges it before a process starts.
    public static func isIgnored(_ kind: Kind) -> Bool {
        var action = sigaction()
        unsafe sigaction(kind.number, nil, &action)
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}

/// Where the handler tells of a signal.
private let signalPipe = Atomic<CInt>(-1)

/// The handler: does nothing but what is allowed in one (signal-safety(7)).
private func forwardSignal(_ number: CInt) {
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: number)
    unsafe write(signalPipe.load(ordering: .acquiring), &byte, 1)
    errno = saved
}
