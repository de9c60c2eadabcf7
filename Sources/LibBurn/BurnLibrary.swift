internal import CLibBurn
internal import LinuxCalls
import Synchronization

/// libburn as a whole: it keeps state for the process, so one process works one drive.
enum BurnLibrary {
    private static let isInUse = Mutex(false)

    /// Starts libburn for the only drive that this process will have at a time.
    ///
    /// The corresponding C function is `burn_initialize`.
    static func claim() throws(BurnError) {
        let wasFree = isInUse.withLock { inUse in
            defer { inUse = true }
            return !inUse
        }
        guard wasFree else {
            throw BurnError(.unavailable, "This process already works a drive")
        }
        guard burn_initialize() == 1 else {
            isInUse.withLock { $0 = false }
            throw BurnError(.unavailable, "libburn can't be started")
        }
        var never = Array(Constants.never.utf8CString)
        var all = Array(Constants.all.utf8CString)
        var prefix: [CChar] = [0]
        unsafe burn_msgs_set_severities(&all, &never, &prefix)
        _ = drainMessages()
    }

    /// Ends libburn; no drive may be held.
    ///
    /// The corresponding C function is `burn_finish`.
    static func release() {
        burn_finish()
        isInUse.withLock { $0 = false }
    }

    /// Takes all messages out of libburn's queue, oldest first.
    ///
    /// The corresponding C function is `burn_msgs_obtain`.
    static func drainMessages() -> [BurnMessage] {
        var messages: [BurnMessage] = []
        var all = Array(Constants.all.utf8CString)
        // BURN_MSGS_MESSAGE_LEN and the length of a severity's name, as libburn.h demands.
        var text = [CChar](repeating: 0, count: 4096)
        var severity = [CChar](repeating: 0, count: 80)
        while true {
            var code: Int32 = 0
            var systemError: Int32 = 0
            let result = unsafe burn_msgs_obtain(&all, &code, &text, &systemError, &severity)
            guard result > 0 else { return messages }
            messages.append(
                BurnMessage(
                    severity: BurnMessage.Severity(name: string(severity)),
                    code: Int(code),
                    // Some texts have line feeds in them.
                    text: string(text).split(whereSeparator: \.isNewline)
                        .joined(separator: " ")
                )
            )
        }
    }

    /// The text in a C buffer.
    static func string(_ buffer: [CChar]) -> String {
        let end = buffer.firstIndex(of: 0) ?? buffer.endIndex
        return String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// libburn's version.
public enum BurnVersion {
    /// The version of the library that is loaded, such as “1.5.4”.
    ///
    /// The corresponding C function is `burn_version`.
    public static var loaded: String {
        var (major, minor, micro): (Int32, Int32, Int32) = (0, 0, 0)
        unsafe burn_version(&major, &minor, &micro)
        return "\(major).\(minor).\(micro)"
    }
}
