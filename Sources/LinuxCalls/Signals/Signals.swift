internal import CLinux
import Glibc

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
        /// SIGPIPE: the reader of the output went away.
        case brokenPipe

        fileprivate var number: CInt {
            switch self {
            case .interrupt: SIGINT
            case .terminate: SIGTERM
            case .hangUp: SIGHUP
            case .stop: SIGTSTP
            case .brokenPipe: SIGPIPE
            }
        }
    }

    /// Lets signals pass without any effect.
    ///
    /// The corresponding C function is `signal` with `SIG_IGN`.
    public static func ignore(_ kinds: [Kind]) {
        for kind in kinds { signal(kind.number, SIG_IGN) }
    }

    /// Gives signals their ordinary effect again.
    ///
    /// The corresponding C function is `signal` with `SIG_DFL`.
    public static func restore(_ kinds: [Kind]) {
        for kind in kinds { signal(kind.number, SIG_DFL) }
    }

    /// Calls a function, on a thread of its own, each time one of some signals comes, instead of
    /// what they would do; to be called before other threads start.
    ///
    /// The corresponding C functions are `pthread_sigmask` and `sigwait`.
    public static func watch(_ kinds: [Kind], _ body: @escaping @Sendable (Kind) -> Void)
        throws(SystemError)
    {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for kind in kinds { unsafe sigaddset(&set, kind.number) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        let watched = set
        try Thread(name: "signals") {
            var set = watched
            while true {
                var number: CInt = 0
                guard unsafe sigwait(&set, &number) == 0 else { return }
                if let kind = Kind.allCases.first(where: { $0.number == number }) { body(kind) }
            }
        }.detach()
    }

    /// Whether this process was started with a signal ignored, as `nohup` does.
    public static func isIgnored(_ kind: Kind) -> Bool {
        var action = sigaction()
        unsafe sigaction(kind.number, nil, &action)
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
