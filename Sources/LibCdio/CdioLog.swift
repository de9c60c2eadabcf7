internal import CLibCdio
import LinuxCalls
import Synchronization

/// libcdio's log, of which a process has one.
///
/// libcdio's own handler ends the process: `exit` at an error, `abort` at a failed assertion
/// (lib/driver/logging.c). And its guard against messages within messages is a plain global, which
/// aborts if two threads log at once; only messages below the level are dropped before that. So a
/// program with threads keeps the log silent.
public enum CdioLog {
    private struct State {
        var messages: [String] = []
        var exitCode: Int32?
    }

    private static let state = Mutex(State())
    private static let mostMessages = 20
    private static let install: Void = {
        _ = unsafe cdio_log_set_handler(take)
    }()

    /// Has libcdio say nothing, and never end the process by its own decision, unless its messages are
    /// gathered.
    public static func silence() {
        install
        guard state.withLock({ $0.exitCode == nil }) else { return }
        spindle_cdio_set_log_level(CDIO_LOG_ASSERT)
    }

    /// Gathers what libcdio says from warnings up, in a process that has one thread and does nothing
    /// else.
    ///
    /// libcdio's code relies on not going on after an error or a failed assertion. So the process ends
    /// at one.
    ///
    /// - Parameter code: The exit code of that end.
    public static func gather(leavingAtErrorsWith code: Int32) {
        state.withLock { $0.exitCode = code }
        install
        spindle_cdio_set_log_level(CDIO_LOG_WARN)
    }

    /// What libcdio has said since the last call, at most 20 messages.
    public static func drain() -> [String] {
        state.withLock { state in
            defer { state.messages = [] }
            return state.messages
        }
    }

    /// Takes a message; the corresponding C type is `cdio_log_handler_t`.
    private static let take: @convention(c) (cdio_log_level_t, UnsafePointer<CChar>?) -> Void = {
        level,
        message in
        let text = unsafe message.map { unsafe String(cString: $0) } ?? ""
        let code = state.withLock { state in
            if state.messages.count < mostMessages { state.messages.append(text) }
            return state.exitCode
        }
        if level.rawValue >= CDIO_LOG_ERROR.rawValue, let code { Processes.leave(code) }
    }
}
